// The start page keeps itself fresh: what one browser switches, another shows without a reload.
import assert from 'node:assert/strict'
import { Eye } from '../look.mjs'
import { fill, go, send, signIn } from '../people.mjs'
import { start } from '../server.mjs'

const OWNER = { email: 'olga@example.org', password: 'plain lamp under seven boats' }

export const walks = {
  async 'on duty now'(browser) {
    const server = await start('serve', { ONDUTY_OWNER_EMAIL: OWNER.email, ONDUTY_OWNER_PASSWORD: OWNER.password })
    const eye = new Eye()
    try {
      const context = await browser.newContext({ locale: 'en-GB' })
      const page = eye.watch(await context.newPage())
      await signIn(page, server, OWNER.email, OWNER.password)
      await page.goto(`${server.url}/`)
      assert.match(await page.locator('main .od-empty h3').textContent(), /No department/)
      await eye.look(page, 'now-empty')
      await go(page, page.locator('main .od-empty a'))
      await fill(page, { name: 'Customer care' })
      await send(page, 'name')
      await page.goto(`${server.url}/`)
      await page.locator('.od-duty .od-badge.od-danger').first().waitFor()
      await eye.look(page, 'now-nobody')

      const other = await browser.newContext({ locale: 'en-GB' })
      const panel = eye.watch(await other.newPage())
      await signIn(panel, server, OWNER.email, OWNER.password)
      await panel.goto(`${server.url}/panel`)
      const link = page.locator('#now a').first()
      await link.focus()
      const focused = await link.getAttribute('id')
      await go(panel, panel.locator('.od-switchboard button', { hasText: 'On break' }))
      await page.locator('#now h3', { hasText: 'On break' }).waitFor({ timeout: 20_000 })
      assert.equal(await page.evaluate(() => document.activeElement.id), focused, 'the focus stays where it was')
      await eye.look(page, 'now-on-break')
      await context.close()
      await other.close()
    } finally {
      await server.stop()
    }
    assert.deepEqual(eye.faults, [])
  },
}
