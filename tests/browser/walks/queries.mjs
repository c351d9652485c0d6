// A query rings in two panels at once, is taken in one and falls silent in the other, is read, answered, closed and found again.
import assert from 'node:assert/strict'
import { Eye } from '../look.mjs'
import { fill, go, send, signIn } from '../people.mjs'
import { command, start } from '../server.mjs'

const OWNER = { email: 'olga@example.org', password: 'plain lamp under seven boats' }
const CALL = { channel: 'call', department: 'customer-care', subject: 'The zip is broken', requester: { name: 'Kim', email: 'kim@customer.example' }, body: 'After a week.\nCan it be mended?' }

export const walks = {
  async 'a query from the ring to its end, with scripts'(browser) {
    await ring(browser, true)
  },

  async 'a query from the ring to its end, without scripts'(browser) {
    await ring(browser, false)
  },
}

async function ring(browser, javaScriptEnabled) {
  const server = await start('serve', { ONDUTY_OWNER_EMAIL: OWNER.email, ONDUTY_OWNER_PASSWORD: OWNER.password })
  const eye = new Eye()
  const look = async (page, name) => { if (javaScriptEnabled) await eye.look(page, `queries-${name}`) }
  try {
    const post = await programOf(server)
    const panels = []
    for (const _ of [1, 2]) {
      const context = await browser.newContext({ locale: 'en-GB', javaScriptEnabled })
      const page = eye.watch(await context.newPage())
      await signIn(page, server, OWNER.email, OWNER.password)
      await page.goto(`${server.url}/panel`)
      panels.push(page)
    }
    const [one, other] = panels
    await go(one, one.locator('.od-switchboard button', { hasText: 'Online' }))
    await look(one, 'panel-quiet')
    const query = await post('/queries', CALL)
    assert.equal(query.state, 'offered')
    for (const page of panels) {
      if (!javaScriptEnabled) await page.reload()
      await page.locator('.od-ringing', { hasText: CALL.subject }).waitFor({ timeout: 20_000 })
    }
    if (javaScriptEnabled) assert.match(await one.title(), /^\(1\)/, 'the title counts what rings')
    await look(one, 'panel-rings')
    await go(one, one.locator('.od-ringing .btn-primary'))
    assert.equal(await one.locator('.od-ringing').count(), 0)
    if (javaScriptEnabled) await other.locator('.od-ringing').waitFor({ state: 'detached', timeout: 20_000 })
    else await go(other, other.locator('.od-ringing .btn-primary'))
    await look(one, 'panel-has-one')
    await go(one, one.locator('a', { hasText: CALL.subject }))
    assert.match(await one.locator('.od-prose').innerText(), /Can it be mended/)
    assert.ok(await one.locator('.od-timeline li').count() >= 3, 'its life is told')
    await one.locator('.od-look summary').first().press('Enter')
    await look(one, 'life')
    await go(one, one.locator('form[action$="/activity"] button'))
    await go(one, one.locator('form[action$="/closure"] button'))
    assert.match(await one.locator('.od-head .od-badge').innerText(), /Closed/)
    await one.goto(`${server.url}/queries`)
    await look(one, 'list')
    await one.locator('#q').fill('kim@customer.example')
    await Promise.all([one.waitForURL(/q=kim/), one.locator('#q').press('Enter')])
    assert.equal(await one.locator('tbody tr').count(), 1)
    await one.goto(`${server.url}/profile/sounds`)
    await look(one, 'sounds')
    await fill(one, { offered: 'none' })
    await send(one, 'offered')
    assert.equal(await one.locator('[name=offered]').inputValue(), 'none')
    if (javaScriptEnabled) {
      await one.goto(`${server.url}/profile`)
      await fill(one, { locale: 'fr' })
      await send(one, 'locale')
      await one.goto(`${server.url}/queries/${query.id}`)
      await look(one, 'life-fr')
    }
  } finally {
    await server.stop()
  }
  assert.deepEqual(eye.faults, [])
}

/** A program with a key, which has made a department of the owner. */
async function programOf(server) {
  const scopes = ['departments:write', 'operators:write', 'queries:write'].flatMap((scope) => ['--scope', scope])
  const key = command(server, 'token', 'create', '--name', 'Switchboard', ...scopes)
  const call = async (method, path, body) => {
    const answer = await fetch(`${server.url}/api/v1${path}`, {
      method,
      headers: { authorization: `Bearer ${key}`, 'content-type': 'application/json' },
      body: body && JSON.stringify(body),
    })
    assert.ok(answer.ok, `${method} ${path}: ${answer.status}`)
    return answer.json()
  }
  await call('POST', '/departments', { name: 'Customer care' })
  const { items: [owner] } = await call('GET', '/operators')
  await call('PUT', `/departments/customer-care/members/${owner.id}`, {})
  return (path, body) => call('POST', path, body)
}
