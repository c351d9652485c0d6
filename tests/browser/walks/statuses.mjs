// A status is made with its colour, worn in the panel and from the top of the page, limited by the settings and deleted.
import assert from 'node:assert/strict'
import { Eye } from '../look.mjs'
import { fill, go, send, signIn } from '../people.mjs'
import { start } from '../server.mjs'

const OWNER = { email: 'olga@example.org', password: 'plain lamp under seven boats' }

export const walks = {
  async 'a status from its colour to its end, with scripts'(browser) {
    await statusAndPanel(browser, true)
  },

  async 'a status from its colour to its end, without scripts'(browser) {
    await statusAndPanel(browser, false)
  },
}

async function statusAndPanel(browser, javaScriptEnabled) {
  const server = await start('serve', { ONDUTY_OWNER_EMAIL: OWNER.email, ONDUTY_OWNER_PASSWORD: OWNER.password })
  const eye = new Eye()
  const look = async (page, name) => { if (javaScriptEnabled) await eye.look(page, `statuses-${name}`) }
  try {
    const context = await browser.newContext({ locale: 'en-GB', javaScriptEnabled })
    const page = eye.watch(await context.newPage())
    await signIn(page, server, OWNER.email, OWNER.password)
    await page.goto(`${server.url}/settings-page/statuses`)
    assert.equal(new URL(page.url()).pathname, '/statuses')
    await look(page, 'list')
    await go(page, page.locator('main .btn-primary'))
    await page.locator('[name=name]').fill('Lunch')
    await page.locator('[name=color]').fill('#ffe066')
    if (javaScriptEnabled) await page.locator('#badge .od-paint-dark', { hasText: 'Lunch' }).waitFor()
    await page.locator('input[type=checkbox][name=can_receive]').check()
    await page.locator('input[type=checkbox][name=count_after_close]').check()
    await send(page, 'name')
    assert.ok(await page.locator('.od-errors li').count() >= 1, 'both flags at once are refused')
    await look(page, 'refused')
    await page.locator('input[type=checkbox][name=can_receive]').uncheck()
    await fill(page, { max_minutes: '45' })
    await send(page, 'name')
    assert.match(await page.locator('table').innerText(), /Lunch/)

    await page.goto(`${server.url}/panel`)
    await look(page, 'panel')
    await go(page, page.locator('.od-switchboard button', { hasText: 'Lunch' }))
    assert.match(await page.locator('.od-head .od-paint').innerText(), /Lunch/)
    await look(page, 'panel-lunch')
    if (javaScriptEnabled) await anotherTab(context, page, server)
    await page.goto(`${server.url}/roles`)
    await page.locator('.od-top summary.od-status').click()
    await go(page, page.locator('.od-top .od-pop button', { hasText: 'Busy' }))
    assert.equal(new URL(page.url()).pathname, '/roles', 'one stays where one was')
    assert.match(await page.locator('.od-top summary.od-status').innerText(), /Busy/)
    await page.locator('.od-top summary.od-status').click()
    await go(page, page.locator('.od-top .od-pop button', { hasText: 'Lunch' }))

    await page.goto(`${server.url}/statuses`)
    await go(page, page.locator('tr', { hasText: 'Lunch' }).locator('.od-cell-act a'))
    await look(page, 'edit')
    await go(page, page.locator('.od-danger-zone a'))
    await look(page, 'deletion')
    await go(page, page.locator('main .btn-danger'))
    assert.ok(await page.locator('.od-errors li').count() >= 1, 'who wears it needs another one')
    await page.locator('[name=replacement_id]').selectOption({ label: 'Online' })
    await go(page, page.locator('main .btn-danger'))
    assert.equal(new URL(page.url()).pathname, '/statuses')
    assert.match(await page.locator('.od-top summary.od-status').innerText(), /Online/)
    await page.goto(`${server.url}/statuses/1/deletion`)
    assert.match(await page.locator('main .od-note a').first().getAttribute('href'), /^\/settings/)
    await look(page, 'guarded')
    if (javaScriptEnabled) {
      await page.goto(`${server.url}/profile`)
      await fill(page, { locale: 'fr' })
      await send(page, 'locale')
      await page.goto(`${server.url}/statuses/new`)
      await look(page, 'new-fr')
      await page.goto(`${server.url}/panel`)
      await look(page, 'panel-fr')
    }
    await context.close()
  } finally {
    await server.stop()
  }
  assert.deepEqual(eye.faults, [])
}

/** An open panel says that it is there, and shows at once what another tab has changed. */
async function anotherTab(context, page, server) {
  const heard = page.waitForResponse((answer) => answer.url().endsWith('/panel/presence'))
  await page.goto(`${server.url}/panel`)
  assert.equal((await heard).status(), 200, 'a heartbeat is taken')
  const other = await context.newPage()
  await other.goto(`${server.url}/panel`)
  for (const name of ['Busy', 'Lunch']) {
    await go(other, other.locator('.od-switchboard button', { hasText: name }))
    await page.locator('.od-head .od-paint', { hasText: name }).waitFor()
    await page.locator('#my-status summary', { hasText: name }).waitFor()
  }
  await other.close()
}
