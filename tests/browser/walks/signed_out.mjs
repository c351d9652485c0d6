// What somebody sees who is not signed in.
import assert from 'node:assert/strict'
import { Eye } from '../look.mjs'
import { start } from '../server.mjs'

export const walks = {
  async 'every page before signing in is usable by everybody'(browser) {
    const server = await start()
    const context = await browser.newContext({ locale: 'en-GB' })
    const eye = new Eye()
    const page = eye.watch(await context.newPage())
    for (const [name, path] of [['set-up', server.setUp], ['login', '/login'], ['forgot', '/password/forgot'], ['lost', '/nowhere'], ['no-invitation', '/invitation/unknown']]) {
      await page.goto(new URL(path, server.url).href)
      await eye.look(page, name)
    }
    await context.close()
    const { code } = await server.stop()
    assert.equal(code, 0, 'it stops in order')
    assert.deepEqual(eye.faults, [])
  },
}
