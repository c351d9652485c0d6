// Many at once: three are ticked and get a priority, a file is looked at and imported, the list goes out as a file again.
import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { Eye } from '../look.mjs'
import { fill, go, send, signIn } from '../people.mjs'
import { start } from '../server.mjs'

const OWNER = { email: 'olga@example.org', password: 'plain lamp under seven boats' }
const HEAD = 'name;email;alias;role;languages;phone;priority\n'
const file = (name, text) => ({ name, mimeType: 'text/csv', buffer: Buffer.from(text) })
const people = (count) => HEAD + Array.from({ length: count }, (_, n) =>
  `Person Number ${n};person${n}@example.org;;agent;en,fr;+33 1 99 00 12 ${n % 10}${n % 10};${1 + n % 9}\n`).join('')

export const walks = {
  async 'many operators at once, in English'(browser) {
    await many(browser, 'en', true)
  },

  async 'many operators at once, in French'(browser) {
    await many(browser, 'fr', true)
  },

  async 'many operators at once, without scripts'(browser) {
    await many(browser, 'en', false)
  },
}

async function many(browser, locale, javaScriptEnabled) {
  const server = await start('serve', { ONDUTY_OWNER_EMAIL: OWNER.email, ONDUTY_OWNER_PASSWORD: OWNER.password })
  const eye = new Eye()
  const look = (page, name) => (javaScriptEnabled ? eye.look(page, `bulk-${locale}-${name}`) : null)
  try {
    const context = await browser.newContext({ locale, javaScriptEnabled, acceptDownloads: true })
    const page = eye.watch(await context.newPage())
    await signIn(page, server, OWNER.email, OWNER.password)

    await page.goto(`${server.url}/operators`)
    await go(page, page.locator('main .od-head-actions a[href="/operators/import"]'))
    await look(page, 'file')
    await fill(page, { file: file('wrong.csv', 'name,salary\nAna,1\n') })
    await send(page, 'file')
    assert.equal(await page.locator('.od-errors li').count(), 1, 'a file without addresses is refused')
    await look(page, 'file-refused')
    await fill(page, { file: file('people.csv', HEAD + 'Ana;ana@example.org;;agent;;;\nBo;bo@;;agent;;;0\nAna;ANA@example.org;;owner;xx;1;\n') })
    await send(page, 'file')
    assert.equal(await page.locator('main form .btn-primary').count(), 0, 'nothing is imported where a row is wrong')
    assert.match(await page.locator('table').innerText(), /bo@/)
    await look(page, 'rows-refused')

    await page.goto(`${server.url}/operators/import`)
    await fill(page, { file: file('people.csv', people(60)) })
    await send(page, 'file')
    await look(page, 'rows')
    await go(page, page.locator('main form .btn-primary'))
    await page.locator('.od-note.od-success').waitFor()
    await look(page, 'imported')

    await page.goto(`${server.url}/operators?q=number`)
    const boxes = page.locator('main [name=operator]')
    for (const n of [0, 2, 3]) await boxes.nth(n).press('Space')
    const bar = page.locator('[data-bulk-bar]')
    if (javaScriptEnabled) {
      assert.match(await bar.innerText(), /^3 /, 'the bar tells how many')
      await look(page, 'chosen')
    }
    await go(page, bar.locator('[value=priority]'))
    await look(page, 'priority')
    await fill(page, { priority: '9999' })
    await send(page, 'priority')
    assert.equal(await page.locator('.od-errors li').count(), 1)
    await fill(page, { priority: '7' })
    await send(page, 'priority')
    await page.locator('.od-note').waitFor()
    assert.equal(await page.locator('tbody tr').count(), 3)
    await look(page, 'priority-done')

    await page.goto(`${server.url}/operators`)
    if (javaScriptEnabled) await page.locator('[data-select-all]').press('Space')
    await page.locator('[name=all]').press('Space')
    if (javaScriptEnabled) assert.match(await bar.innerText(), /^61 /, 'everybody on all pages')
    await go(page, bar.locator('[value=suspend]'))
    assert.match(await page.locator('h1').innerText(), /60/, 'all but oneself')
    await look(page, 'suspend')
    await go(page, page.locator('main form .btn-danger'))
    await page.locator('.od-note').waitFor()
    await look(page, 'suspended')

    await page.goto(`${server.url}/operators?q=number&state=suspended`)
    const [download] = await Promise.all([page.waitForEvent('download'), page.locator('a[href^="/operators/export.csv"]').press('Enter')])
    const text = readFileSync(await download.path(), 'utf8')
    assert.equal(text.trim().split('\r\n').length, 61, 'the filtered list, and its head')
    await page.goto(`${server.url}/operators/import`)
    await fill(page, { file: file('again.csv', text) })
    await send(page, 'file')
    assert.equal(await page.locator('main form .btn-primary').count(), 0, 'what was exported changes nothing')
    await look(page, 'needless')
    await context.close()
  } finally {
    await server.stop()
  }
  assert.deepEqual(eye.faults, [])
}
