// A visitor writes by the public page of a site in their own language; a supervisor finds the ledger of automatic replies.
import assert from 'node:assert/strict'
import { Eye } from '../look.mjs'
import { fill, go, send, signIn } from '../people.mjs'
import { start } from '../server.mjs'

const OWNER = { email: 'olga@example.org', password: 'plain lamp under seven boats' }

export const walks = {
  async 'a message by the contact page, with scripts'(browser) {
    await message(browser, true)
  },

  async 'a message by the contact page, without scripts'(browser) {
    await message(browser, false)
  },
}

async function message(browser, javaScriptEnabled) {
  const server = await start('serve', { ONDUTY_OWNER_EMAIL: OWNER.email, ONDUTY_OWNER_PASSWORD: OWNER.password })
  const eye = new Eye()
  const look = async (page, name) => { if (javaScriptEnabled) await eye.look(page, `contact-${name}`) }
  try {
    const context = await browser.newContext({ locale: 'en-GB', javaScriptEnabled })
    const page = eye.watch(await context.newPage())
    await signIn(page, server, OWNER.email, OWNER.password)
    for (const name of ['Help with orders', 'Sales']) {
      await page.goto(`${server.url}/departments/new`)
      await fill(page, { name })
      await send(page, 'name')
    }
    await page.goto(`${server.url}/sites/new`)
    await fill(page, { name: 'Shop', 'message_texts.fr': 'Nous répondons demain.' })
    for (const box of await page.locator('main input[type=checkbox][name=departments]').all()) await box.press(' ')
    await send(page, 'name')
    assert.match(new URL(page.url()).pathname, /^\/sites\/\d+$/)
    await look(page, 'site')
    await page.goto(`${server.url}/auto-replies`)
    await look(page, 'no-replies')

    for (const [locale, name] of [['es-MX', 'es'], ['fr-FR', 'fr']]) {
      const visit = await browser.newContext({ locale, javaScriptEnabled })
      const visitor = eye.watch(await visit.newPage())
      await visitor.goto(`${server.url}/contact/shop`)
      assert.equal(await visitor.locator('html').getAttribute('lang'), name)
      await look(visitor, `page-${name}`)
      await fill(visitor, { department: 'sales', name: 'José', email: 'no address', body: '¿Dónde está?' })
      await visitor.locator('main [name=email]').evaluate((field) => { field.type = 'text' })
      await visitor.locator('main form').evaluate((form) => { form.noValidate = true })
      await send(visitor, 'body')
      assert.ok(await visitor.locator('.od-errors li').count() >= 2, 'what is wrong stands above')
      assert.equal(await visitor.locator('main [name=body]').inputValue(), '¿Dónde está?')
      assert.equal(await visitor.locator('main [name=department]').inputValue(), 'sales')
      await look(visitor, `refused-${name}`)
      await fill(visitor, { email: 'jose@example.org', subject: 'Mi pedido' })
      await send(visitor, 'body')
      assert.equal(new URL(visitor.url()).pathname, '/contact/shop/received')
      assert.match(await visitor.locator('#reference').innerText(), /^Q-\d+$/)
      await look(visitor, `received-${name}`)
      assert.deepEqual(await visit.cookies(), [], 'no session begins here')
      await go(visitor, visitor.locator('main a.btn'))
      assert.equal(new URL(visitor.url()).pathname, '/contact/shop')
      await visit.close()
    }
    await context.close()
  } finally {
    await server.stop()
  }
  assert.deepEqual(eye.faults, [])
}
