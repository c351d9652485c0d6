// The first day: an empty machine, an owner, somebody invited, their first sign-in.
import assert from 'node:assert/strict'
import { Eye } from '../look.mjs'
import { fill, go, png, send, signIn, signOut } from '../people.mjs'
import { start } from '../server.mjs'

const OWNER = { name: 'Olga Owner', email: 'olga@example.org', password: 'plain lamp under seven boats' }
const GUEST = { name: 'Ana Agent', email: 'ana@example.org', password: 'quiet river beside old stones' }

export const walks = {
  async 'the first day, with scripts'(browser) {
    await firstDay(browser, true)
  },

  async 'the first day, without scripts'(browser) {
    await firstDay(browser, false)
  },

  async 'signing in with the keyboard alone'(browser) {
    const server = await start('serve', { ONDUTY_OWNER_EMAIL: OWNER.email, ONDUTY_OWNER_PASSWORD: OWNER.password })
    const context = await browser.newContext({ locale: 'en-GB' })
    const page = await context.newPage()
    await page.goto(`${server.url}/login`)
    const focused = () => page.evaluate(() => {
      const { name, type, tagName, className } = document.activeElement
      const style = getComputedStyle(document.activeElement)
      return { name, type, tagName, className, isVisible: style.outlineStyle !== 'none' || style.boxShadow !== 'none' }
    })
    const reach = async (wanted, most = 40) => {
      for (let steps = 0; steps < most; steps += 1) {
        const at = await focused()
        if (wanted(at)) {
          assert.ok(at.isVisible, `the focus is seen on ${JSON.stringify(at)}`)
          return
        }
        await page.keyboard.press('Tab')
      }
      assert.fail('the keyboard does not reach it')
    }
    await reach((at) => at.name === 'email')
    await page.keyboard.type(OWNER.email)
    await reach((at) => at.name === 'password')
    await page.keyboard.type(OWNER.password)
    await Promise.all([page.waitForEvent('domcontentloaded'), page.keyboard.press('Enter')])
    assert.notEqual(new URL(page.url()).pathname, '/login')
    await page.keyboard.press('Tab')
    assert.ok((await focused()).className.includes('od-skip'), 'the first stop skips the navigation')
    await Promise.all([page.waitForFunction(() => document.activeElement.id === 'main'), page.keyboard.press('Enter')])
    await context.close()
    await server.stop()
  },
}

async function firstDay(browser, javaScriptEnabled) {
  const server = await start()
  const eye = new Eye()
  const mark = javaScriptEnabled ? 'day' : 'plain'
  const look = async (page, name) => {
    // Without scripts there is nothing to measure with; the pages are the same ones.
    if (javaScriptEnabled) await eye.look(page, `${mark}-${name}`)
  }
  const opened = async () => {
    const context = await browser.newContext({ locale: 'en-GB', javaScriptEnabled })
    return { context, page: eye.watch(await context.newPage()) }
  }
  try {
    const owner = await opened()
    const page = owner.page
    await page.goto(server.setUp)
    await fill(page, { name: OWNER.name, email: OWNER.email, password: OWNER.password, password_confirmation: 'something else entirely' })
    await send(page, 'password')
    assert.ok(await page.locator('.od-errors li').count() > 0, 'two different passwords are refused')
    assert.equal(await page.locator('main [name=name]').inputValue(), OWNER.name, 'what was typed is kept')
    await look(page, 'set-up-refused')
    await fill(page, { password: OWNER.password, password_confirmation: OWNER.password })
    await send(page, 'password')
    await signIn(page, server, OWNER.email, OWNER.password)
    assert.equal(await page.locator('nav.od-side a').count() > 5, true, 'an owner has all of the navigation')

    await page.goto(`${server.url}/operators`)
    await go(page, page.locator('main .od-head-actions .btn-primary'))
    assert.equal(new URL(page.url()).pathname, '/operators/new')
    await look(page, 'new-operator')
    await fill(page, { name: GUEST.name, email: GUEST.email, role: 'agent' })
    await send(page, 'email')
    await page.locator('.od-flash').waitFor()
    await look(page, 'invited')
    await page.goto(`${server.url}/operators?q=ana`)
    assert.match(await page.locator('table').innerText(), /Ana Agent/)
    await look(page, 'operators')

    const link = await invitation(page, server)
    const guest = await opened()
    await guest.page.goto(link)
    await look(guest.page, 'invitation')
    await fill(guest.page, { password: GUEST.password, password_confirmation: GUEST.password })
    await send(guest.page, 'password')
    await signIn(guest.page, server, GUEST.email, GUEST.password)

    await guest.page.goto(`${server.url}/profile`)
    await fill(guest.page, { photo: { name: 'me.png', mimeType: 'image/png', buffer: png(400) } })
    await send(guest.page, 'photo')
    await guest.page.locator('header .od-avatar img[src^="/photos/"]').first().waitFor({ state: 'attached' })
    await look(guest.page, 'profile')
    await fill(guest.page, { locale: 'fr' })
    await send(guest.page, 'locale')
    assert.equal(await guest.page.locator('html').getAttribute('lang'), 'fr')
    await look(guest.page, 'profile-fr')

    const refused = await guest.page.goto(`${server.url}/roles`)
    assert.equal(refused.status(), 403)
    await look(guest.page, 'refused')
    await guest.page.goto(`${server.url}/profile`)
    await signOut(guest.page)
    await guest.page.goto(`${server.url}/profile`)
    assert.equal(new URL(guest.page.url()).pathname, '/login', 'signed out')
    await guest.context.close()
    await owner.context.close()
  } finally {
    const { code } = await server.stop()
    assert.equal(code, 0, 'it stops in order')
  }
  assert.deepEqual(eye.faults, [])
}

/** The link in the mail, read in the Mail page as a person would. */
async function invitation(page, server) {
  for (let tries = 0; tries < 40; tries += 1) {
    await page.goto(`${server.url}/mail`)
    const row = page.locator('main a[href^="/mail/"]').first()
    if (await row.count() > 0) {
      await go(page, row)
      const found = (await page.content()).match(/http:\/\/[^\s"'<]+\/invitation\/[\w-]+/)
      if (found) return found[0]
    }
    await page.waitForTimeout(250)
  }
  return assert.fail('no invitation in the Mail page')
}
