// The demonstration organisation: every page that can be reached is looked at.
import assert from 'node:assert/strict'
import { Eye } from '../look.mjs'
import { fill, send, signIn } from '../people.mjs'
import { start } from '../server.mjs'

/** Addresses that differ in nothing but an id, a token or what they ask for are one page. */
const shape = (url) => url.pathname.replace(/\/\d+(?=\/|$)/g, '/{id}').replace(/[0-9a-f]{8}-[0-9a-f-]{27,}|[\w-]{43}/g, '{id}') + (url.search ? '?' : '')

export const walks = {
  async 'every page of the demonstration'(browser) {
    const server = await start('demo')
    const eye = new Eye()
    try {
      const { email, password } = account(server.lines)
      const context = await browser.newContext({ locale: 'en-GB' })
      const page = eye.watch(await context.newPage())
      await signIn(page, server, email, password)
      assert.notEqual(new URL(page.url()).pathname, '/login', `${email} can sign in`)
      // Whoever this is may have chosen a theme; here the browser decides, so that both are seen.
      await page.goto(`${server.url}/profile/advanced`)
      await fill(page, { theme: 'system' })
      await send(page, 'theme')
      assert.equal(await page.locator('html').getAttribute('data-theme'), 'system')
      await page.goto(`${server.url}/`)
      const seen = new Set()
      const waiting = [page.url()]
      while (waiting.length > 0) {
        const url = new URL(waiting.shift())
        const kind = shape(url)
        if (seen.has(kind)) continue
        seen.add(kind)
        const answer = await page.goto(url.href)
        if (!answer.headers()['content-type']?.startsWith('text/html')) continue
        assert.equal(answer.status(), 200, url.href)
        await eye.look(page, `demo${kind.replace(/[^a-z0-9]+/gi, '-')}`)
        const links = await page.locator('a[href]').evaluateAll((all) => all.filter((link) => !link.hasAttribute('download')).map((link) => link.href))
        for (const link of links.map((link) => new URL(link))) {
          link.hash = ''
          // What has an ending is a file to keep, no page.
          if (link.origin === url.origin && !seen.has(shape(link)) && !/\.\w+$/.test(link.pathname)) waiting.push(link.href)
        }
      }
      console.log(`${eye.pages} pages: ${[...seen].sort().join(' ')}`)
      await context.close()
    } finally {
      await server.stop()
    }
    assert.deepEqual(eye.faults, [])
  },
}

/** The first account that the program names, with its password. */
function account(lines) {
  const text = lines.join('\n')
  const email = text.match(/[\w.+-]+@[\w.-]+\w/)?.[0]
  const password = text.match(/password[^:\n]*:\s*(.+)/i)?.[1]?.trim()
  assert.ok(email && password, `it says who can sign in:\n${text}`)
  return { email, password }
}
