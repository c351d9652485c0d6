// A site is added, its rules are put in order, and the language of a visitor is tried.
import assert from 'node:assert/strict'
import { Eye } from '../look.mjs'
import { fill, go, send, signIn } from '../people.mjs'
import { start } from '../server.mjs'

const OWNER = { email: 'olga@example.org', password: 'plain lamp under seven boats' }

export const walks = {
  async 'a site and the language of its visitors, with scripts'(browser) {
    await siteAndLanguage(browser, true)
  },

  async 'a site and the language of its visitors, without scripts'(browser) {
    await siteAndLanguage(browser, false)
  },
}

async function siteAndLanguage(browser, javaScriptEnabled) {
  const server = await start('serve', { ONDUTY_OWNER_EMAIL: OWNER.email, ONDUTY_OWNER_PASSWORD: OWNER.password })
  const eye = new Eye()
  const look = async (page, name) => { if (javaScriptEnabled) await eye.look(page, `sites-${name}`) }
  try {
    const context = await browser.newContext({ locale: 'en-GB', javaScriptEnabled })
    const page = eye.watch(await context.newPage())
    await signIn(page, server, OWNER.email, OWNER.password)
    await page.goto(`${server.url}/sites`)
    await look(page, 'empty')
    await go(page, page.locator('main .od-empty .btn-primary'))
    await look(page, 'new')
    await fill(page, { name: 'Online shop', hosts: 'https://shop.example.com', 'url_rules.value': '/es' })
    await send(page, 'name')
    assert.ok(await page.locator('.od-errors li').count() >= 2, 'what is wrong stands above')
    assert.equal(await page.locator('[id="url_rules[0].value"]').inputValue(), '/es', 'what was typed is kept')
    await look(page, 'refused')

    await fill(page, { hosts: 'shop.example.com\n*.shop.example.com', 'url_rules.language': 'es' })
    await go(page, page.locator('button[value="url_rules:add"]'))
    await page.locator('[id="url_rules[1].value"]').fill('/fr')
    await page.locator('[id="url_rules[1].language"]').selectOption('fr')
    await go(page, page.locator('button[value="language_order:1:up"]'))
    await fill(page, { 'countries.country': 'Mexico', 'countries.language': 'es', fixed: 'fr' })
    // Enter in a field saves; it presses none of the small buttons.
    await Promise.all([page.waitForEvent('domcontentloaded'), page.locator('main [name=name]').press('Enter')])
    await page.locator('.od-flash').waitFor()
    assert.match(new URL(page.url()).pathname, /^\/sites\/\d+$/)
    assert.equal(await page.locator('input[type=checkbox][name=language_order]').first().getAttribute('value'), 'browser')
    assert.equal(await page.locator('[id="countries[0].country"]').inputValue(), 'MX')

    await page.locator('#test-header').fill('de')
    await page.locator('#test-url').fill('https://shop.example.com/es/shoes')
    if (javaScriptEnabled) await page.locator('#found .od-found-language').waitFor()
    await go(page, page.locator('#test form button'))
    assert.match(new URL(page.url()).search, /url=/, 'the answer has an address of its own')
    assert.match(await page.locator('#found .od-found-language').innerText(), /Spanish/)
    assert.match(await page.locator('#found').innerText(), /begins with \/es/)
    await look(page, 'tested')
    await page.locator('#test-url').fill('https://elsewhere.example/')
    await go(page, page.locator('#test form button'))
    assert.match(await page.locator('#found').innerText(), /belongs to no site/)
    await look(page, 'elsewhere')

    await page.goto(`${server.url}/sites`)
    assert.match(await page.locator('table').innerText(), /shop\.example\.com/)
    await look(page, 'list')
    await go(page, page.locator('table .od-cell-act a'))
    await go(page, page.locator('.od-danger-zone a'))
    await look(page, 'deletion')
    await go(page, page.locator('main .btn-danger'))
    assert.equal(new URL(page.url()).pathname, '/sites')
    if (javaScriptEnabled) {
      await page.goto(`${server.url}/profile`)
      await fill(page, { locale: 'fr' })
      await send(page, 'locale')
      await page.goto(`${server.url}/sites/new`)
      await look(page, 'new-fr')
    }
    await context.close()
  } finally {
    await server.stop()
  }
  assert.deepEqual(eye.faults, [])
}
