// An absence is typed while its meaning is told beside it, saved, seen in the month, ended early and deleted.
import assert from 'node:assert/strict'
import { Eye } from '../look.mjs'
import { fill, go, send, signIn } from '../people.mjs'
import { start } from '../server.mjs'

const OWNER = { email: 'olga@example.org', password: 'plain lamp under seven boats' }

export const walks = {
  async 'an absence, with scripts'(browser) {
    await absence(browser, true)
  },

  async 'an absence, without scripts'(browser) {
    await absence(browser, false)
  },
}

/** The day so many days from now, as a browser writes it. */
function day(days) {
  return new Date(Date.now() + days * 86_400_000).toISOString().slice(0, 10)
}

async function absence(browser, javaScriptEnabled) {
  const server = await start('serve', { ONDUTY_OWNER_EMAIL: OWNER.email, ONDUTY_OWNER_PASSWORD: OWNER.password })
  const eye = new Eye()
  const look = async (page, name) => { if (javaScriptEnabled) await eye.look(page, `absences-${name}`) }
  try {
    const context = await browser.newContext({ locale: 'en-GB', javaScriptEnabled })
    const page = eye.watch(await context.newPage())
    await signIn(page, server, OWNER.email, OWNER.password)
    await page.goto(`${server.url}/absences`)
    await look(page, 'nobody')
    await page.goto(`${server.url}/profile/absences`)
    await look(page, 'none')
    await go(page, page.locator('main .od-empty .btn-primary'))
    await look(page, 'new')
    assert.equal(await page.locator('[name=starts_at]').isVisible(), false, 'only the chosen pair shows')
    await fill(page, { starts_on: day(-1), ends_on: day(3), kind: 'sick' })
    if (javaScriptEnabled) {
      await page.locator('#look .od-facts').waitFor()
      await page.locator('details.od-field summary').press('Enter')
      await fill(page, { 'texts.en.subject': 'Out until {$firstDayBack}', 'texts.en.body': 'Write to {$department}.' })
      await page.locator('#look .od-letter', { hasText: 'Out until' }).waitFor()
      assert.doesNotMatch(await page.locator('#look').textContent(), /\{\$/, 'variables have values')
    } else {
      await go(page, page.locator('button[formaction="/absences/preview"]'))
      assert.match(await page.locator('#look').textContent(), /first day within the hours/)
    }
    await look(page, 'typed')
    await fill(page, { ends_on: day(-5) })
    await send(page, 'ends_on')
    assert.match(await page.locator('.od-errors').textContent(), /before the first/)
    await look(page, 'refused')
    await fill(page, { ends_on: day(3) })
    await send(page, 'ends_on')
    assert.equal(new URL(page.url()).pathname, '/profile/absences')
    assert.match(await page.locator('tbody').textContent(), /away now/)
    await look(page, 'list')

    await page.goto(`${server.url}/absences`)
    assert.ok(await page.locator('.od-bar').count() >= 1)
    await look(page, 'month')
    await go(page, page.locator('a[rel=next]'))
    assert.match(page.url(), /month=\d{4}-\d\d/)

    await page.goto(`${server.url}/profile/absences`)
    await go(page, page.locator('form[action$="/end"] button'))
    assert.equal(await page.locator('form[action$="/end"]').count(), 0)
    await go(page, page.locator('tbody .od-row-link'))
    await look(page, 'part')
    assert.equal(await page.locator('[name=starts_at]').isVisible(), true)
    await go(page, page.locator('.od-danger-zone a'))
    await look(page, 'deletion')
    await go(page, page.locator('main .btn-danger'))
    assert.equal(await page.locator('main .od-empty').count(), 1)
    await page.goto(`${server.url}/profile/absences/texts`)
    await fill(page, { 'texts.en.subject': 'Away', 'texts.en.body': '{$operator} is back on {$firstDayBack}.' })
    if (javaScriptEnabled) await page.locator('#look .od-letter', { hasText: 'is back on' }).waitFor()
    else await go(page, page.locator('button[formaction$="/texts/preview"]'))
    assert.match(await page.locator('#look .od-letter').first().textContent(), /is back on [^{]/)
    await look(page, 'texts')
    await context.close()
  } finally {
    await server.stop()
  }
  assert.deepEqual(eye.faults, [])
}
