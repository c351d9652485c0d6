// A holiday calendar is looked at, imported, switched off by the day and imported again; without scripts too.
import assert from 'node:assert/strict'
import { Eye } from '../look.mjs'
import { fill, go, send, signIn } from '../people.mjs'
import { start } from '../server.mjs'

const OWNER = { email: 'olga@example.org', password: 'plain lamp under seven boats' }

/** Feasts of next year, one every month. */
function calendar(months) {
  const year = new Date().getFullYear() + 1
  const event = (month) => ['BEGIN:VEVENT', `UID:feast-${month}@example.org`, `DTSTART;VALUE=DATE:${year}${String(month).padStart(2, '0')}06`,
    `SUMMARY:Feast of the month number ${month} with a rather long`, '  name', 'END:VEVENT']
  const lines = ['BEGIN:VCALENDAR', 'VERSION:2.0', 'X-WR-CALNAME:Feasts', ...months.flatMap(event), 'END:VCALENDAR', '']
  return { name: 'feasts.ics', mimeType: 'text/calendar', buffer: Buffer.from(lines.join('\r\n')) }
}

export const walks = {
  async 'a holiday calendar, with scripts'(browser) {
    await holidays(browser, true)
  },

  async 'a holiday calendar, without scripts'(browser) {
    await holidays(browser, false)
  },
}

async function holidays(browser, javaScriptEnabled) {
  const server = await start('serve', { ONDUTY_OWNER_EMAIL: OWNER.email, ONDUTY_OWNER_PASSWORD: OWNER.password })
  const eye = new Eye()
  const look = async (page, name) => { if (javaScriptEnabled) await eye.look(page, `calendars-${name}`) }
  try {
    const context = await browser.newContext({ locale: 'fr-FR', javaScriptEnabled })
    const page = eye.watch(await context.newPage())
    await signIn(page, server, OWNER.email, OWNER.password)
    await page.goto(`${server.url}/schedules/holidays`)
    await go(page, page.locator('#calendars a.btn'))
    await fill(page, { file: { name: 'list.csv', mimeType: 'text/csv', buffer: Buffer.from('a,b\n') } })
    await send(page, 'file')
    assert.match(await page.locator('.od-errors').textContent(), /BEGIN:VCALENDAR/)
    await look(page, 'refused')
    await fill(page, { file: calendar([1, 2, 3, 4, 5, 6, 7, 8, 9]) })
    await send(page, 'file')
    assert.equal(await page.locator('main tbody tr').count(), 9)
    await look(page, 'preview')
    await go(page, page.locator('form:has([name=confirmed]) .btn-primary'))
    assert.equal(await page.locator('main h1').textContent(), 'Feasts')
    await page.locator('main [name=enabled]').nth(1).setChecked(false, { force: true })
    await send(page, 'enabled')
    await look(page, 'calendar')
    await go(page, page.locator('.od-head-actions a'))
    await fill(page, { file: calendar([2, 3, 4, 5, 6, 7, 8, 9, 10]) })
    await page.locator('main form:has([name=file]) button').last().press('Enter')
    await page.locator('form:has([name=confirmed])').waitFor()
    assert.equal(await page.locator('main tbody s').count(), 1, 'January goes')
    await look(page, 'again')
    await go(page, page.locator('form:has([name=confirmed]) .btn-primary'))
    assert.equal(await page.locator('main [name=enabled]:not(:checked)').count(), 1, 'February stays off')
    await page.goto(`${server.url}/schedules/holidays`)
    await look(page, 'listed')
    await go(page, page.locator('#calendars .od-row-link'))
    await go(page, page.locator('.od-danger-zone a'))
    await look(page, 'deletion')
    await go(page, page.locator('main .btn-danger'))
    assert.equal(await page.locator('#calendars .od-row-link').count(), 0)
    await context.close()
  } finally {
    await server.stop()
  }
  assert.deepEqual(eye.faults, [])
}
