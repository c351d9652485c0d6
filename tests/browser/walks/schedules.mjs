// A night shift is typed, copied and saved; an operator gets it; the week is drawn meanwhile.
import assert from 'node:assert/strict'
import { Eye } from '../look.mjs'
import { fill, go, send, signIn } from '../people.mjs'
import { start } from '../server.mjs'

const OWNER = { email: 'olga@example.org', password: 'plain lamp under seven boats' }

export const walks = {
  async 'a week of hours, with scripts'(browser) {
    await week(browser, true)
  },

  async 'a week of hours, without scripts'(browser) {
    await week(browser, false)
  },
}

async function week(browser, javaScriptEnabled) {
  const server = await start('serve', { ONDUTY_OWNER_EMAIL: OWNER.email, ONDUTY_OWNER_PASSWORD: OWNER.password })
  const eye = new Eye()
  const look = async (page, name) => { if (javaScriptEnabled) await eye.look(page, `schedules-${name}`) }
  try {
    const context = await browser.newContext({ locale: 'en-GB', javaScriptEnabled })
    const page = eye.watch(await context.newPage())
    await signIn(page, server, OWNER.email, OWNER.password)
    await page.goto(`${server.url}/schedules`)
    await look(page, 'empty')
    await go(page, page.locator('main .od-empty .btn-primary'))
    const monday = (part) => page.locator(`[name="weekly.mon.${part}"]`).first()
    await fill(page, { name: 'Night shift', time_zone: 'Europe/Madrid' })
    await monday('from').fill('22:00')
    await monday('to').fill('6:00')
    if (javaScriptEnabled) {
      await page.locator('#week .od-week-spill').waitFor()
      assert.equal(await page.locator('#week dd span').first().textContent(), '22:00-06:00', 'drawn while it is typed')
    }
    await page.locator('[aria-labelledby=day-mon] summary').click()
    await go(page, page.locator('button[value="weekly:mon:copy"]'))
    assert.equal(await page.locator('#week .od-week-spill').count(), 7, 'every night reaches into the next day')
    await fill(page, { 'exceptions.name': 'Christmas', 'exceptions.from': '2026-12-24', 'exceptions.to': '2026-12-20' })
    await send(page, 'name')
    assert.match(await page.locator('.od-errors').textContent(), /before the first/)
    await look(page, 'refused')
    await fill(page, { 'exceptions.to': '2026-12-26' })
    // Enter in a field saves; it presses none of the small buttons.
    await Promise.all([page.waitForEvent('domcontentloaded'), page.locator('main [name=name]').press('Enter')])
    await page.locator('.od-flash').waitFor()
    assert.match(new URL(page.url()).pathname, /^\/schedules\/\d+$/)
    assert.equal(await page.locator('[name="weekly.sun.to"]').first().inputValue(), '06:00')
    await look(page, 'schedule')

    await page.goto(`${server.url}/profile/hours`)
    await look(page, 'own')
    await fill(page, { schedule_id: 'Night shift' })
    await send(page, 'schedule_id')
    assert.match(await page.locator('.od-outlook').textContent(), /hours until .*Europe\/Madrid/)
    await look(page, 'chosen')

    await page.goto(`${server.url}/profile/notifications`)
    await fill(page, { shift_starts: 'Always' })
    await send(page, 'shift_starts')
    assert.equal(await page.locator('[name=shift_starts]').inputValue(), 'always')
    await look(page, 'notifications')

    await page.goto(`${server.url}/schedules/holidays`)
    await fill(page, { 'exceptions.name': 'New Year', 'exceptions.from': '2027-01-01' })
    await send(page, 'exceptions.name')
    await look(page, 'holidays')

    await page.goto(`${server.url}/schedules`)
    await look(page, 'list')
    await go(page, page.locator('tbody .od-row-link'))
    await go(page, page.locator('.od-danger-zone a'))
    await look(page, 'deletion')
    await fill(page, { replacement_id: 'none' })
    await go(page, page.locator('main .btn-danger'))
    assert.equal(new URL(page.url()).pathname, '/schedules')
    await page.goto(`${server.url}/profile/hours`)
    assert.match(await page.locator('.od-outlook').textContent(), /always within hours/)
    await context.close()
  } finally {
    await server.stop()
  }
  assert.deepEqual(eye.faults, [])
}
