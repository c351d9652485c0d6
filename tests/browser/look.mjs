// What every page is looked at for: accessibility, width, silence of the console; in both themes, on a desk and on a phone.
import { readFileSync, mkdirSync } from 'node:fs'
import { createRequire } from 'node:module'
import { join } from 'node:path'

const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8')

/** Width and height of a desk and of a phone. */
export const SIZES = [['desk', 1280, 900], ['phone', 390, 844]]
const THEMES = ['light', 'dark']
const shots = process.env.ONDUTY_SHOTS

/** Waits until a change of size or theme has been drawn and every transition it caused is over. */
async function settled(page) {
  await page.evaluate(async () => {
    const frame = () => new Promise((drawn) => requestAnimationFrame(drawn))
    await frame()
    await frame()
    await Promise.allSettled(document.getAnimations().map((animation) => animation.finished))
  })
}

/** Collects what a page complains of; `pages` is how many were looked at. */
export class Eye {
  faults = []
  pages = 0

  /** Watches a page's console and its requests from now on. */
  watch(page) {
    page.on('console', (message) => {
      // Answers of 400 and above are counted below, where their address is known.
      if (message.type() === 'error' && !message.text().startsWith('Failed to load resource')) this.#fault(page, `console: ${message.text()}`)
    })
    page.on('pageerror', (error) => this.#fault(page, `script: ${error.message}`))
    page.on('response', (response) => {
      const isPage = response.request().isNavigationRequest()
      if (response.status() >= 500 || (response.status() >= 400 && !isPage)) this.#fault(page, `${response.status()} for ${response.url()}`)
    })
    page.on('requestfailed', (request) => {
      const why = request.failure()?.errorText
      if (why !== 'net::ERR_ABORTED') this.#fault(page, `${why} for ${request.url()}`)
    })
    return page
  }

  /** Looks at the page as it stands, in both sizes and themes. */
  async look(page, name) {
    this.pages += 1
    for (const [size, width, height] of SIZES) {
      await page.setViewportSize({ width, height })
      for (const theme of THEMES) {
        await page.emulateMedia({ colorScheme: theme, reducedMotion: 'reduce' })
        await settled(page)
        await this.#one(page, `${name}-${size}-${theme}`, width)
      }
    }
    await page.emulateMedia({ colorScheme: 'light', reducedMotion: 'reduce' })
    await page.setViewportSize({ width: SIZES[0][1], height: SIZES[0][2] })
  }

  async #one(page, name, width) {
    const wide = await page.evaluate(() => document.documentElement.scrollWidth)
    if (wide > width) {
      const widest = await page.evaluate((width) => [...document.querySelectorAll('body *')].filter((element) => element.checkVisibility() && element.getBoundingClientRect().right > width + 1)
        .slice(0, 3).map((element) => element.outerHTML.slice(0, 120)), width)
      this.#fault(page, `${name}: ${wide} wide: ${widest.join(' | ')}`)
    }
    const cut = await page.evaluate(() => [...document.querySelectorAll('.od-list > .od-table')].filter((table) => table.checkVisibility() && getComputedStyle(table.parentElement).overflowX === 'visible'
      && table.offsetWidth > table.parentElement.clientWidth + 1)
      .map((table) => `${table.offsetWidth} in ${table.parentElement.clientWidth}`))
    if (cut.length > 0) this.#fault(page, `${name}: a table is wider than its card: ${cut.join(' | ')}`)
    await page.evaluate(axe)
    let violations = await this.#violations(page)
    if (violations.length > 0) {
      // On a busy machine a page may still be drawing itself in the other theme: what it complains of then must last.
      await page.waitForTimeout(700)
      await settled(page)
      violations = await this.#violations(page)
    }
    for (const { id, help, nodes } of violations) {
      this.#fault(page, `${name}: ${id}: ${help}: ${nodes.slice(0, 3).map((node) => `${node.html.slice(0, 160)} (${node.any[0]?.message ?? ''})`).join(' | ')}`)
    }
    if (shots) {
      mkdirSync(shots, { recursive: true })
      await page.screenshot({ path: join(shots, `${name}.png`), fullPage: true })
    }
  }

  async #violations(page) {
    const { violations } = await page.evaluate(() => globalThis.axe.run(document, {
      runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'],
    }))
    return violations
  }

  #fault(page, text) {
    const line = `${page.url().replace(/^http:\/\/[^/]+/, '')}: ${text}`
    if (!this.faults.includes(line)) this.faults.push(line)
  }
}
