// A query rings in two panels at once, is taken in one and falls silent in the other, is read, answered, closed and found again. What
// somebody is about to do there stays as it is, whatever changes meanwhile.
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

  async 'a panel and the page of a query change around what is being used'(browser) {
    await used(browser)
  },
}

async function used(browser) {
  const server = await start('serve', { ONDUTY_OWNER_EMAIL: OWNER.email, ONDUTY_OWNER_PASSWORD: OWNER.password })
  const eye = new Eye()
  try {
    const { post, owner } = await programOf(server)
    const context = await browser.newContext({ locale: 'en-GB' })
    const [panel, page] = [eye.watch(await context.newPage()), eye.watch(await context.newPage())]
    await signIn(panel, server, OWNER.email, OWNER.password)
    await panel.goto(`${server.url}/profile/advanced`)
    await fill(panel, { classify_after: true })
    await send(panel, 'classify_after')
    await panel.goto(`${server.url}/categories/new`)
    await fill(panel, { name: 'Returns' })
    await send(panel, 'name')
    await panel.goto(`${server.url}/panel`)
    await go(panel, panel.locator('.od-switchboard button', { hasText: 'Online' }))
    const chat = (subject) => post('/queries', { ...CALL, channel: 'chat', subject })
    /** The panel once it shows these words. */
    const shows = (words) => panel.locator('#panel', { hasText: words }).waitFor({ timeout: 20_000 })

    // What comes is counted until somebody does anything here.
    const title = await panel.title()
    const first = await chat('A first one')
    await shows('A first one')
    assert.equal(await panel.title(), `(1) ${title}`)
    const second = await chat('A second one')
    await shows('A second one')
    assert.equal(await panel.title(), `(2) ${title}`)
    await panel.keyboard.press('Shift')
    assert.equal(await panel.title(), title)

    // A form that is being filled in stays, and it rings all the same.
    await post(`/queries/${first.id}/closure`, {})
    const row = panel.locator(`#classify-${first.id}`)
    await row.waitFor()
    assert.equal(await row.locator('select').inputValue(), '')
    await row.locator('[name=note]').fill('Half a w')
    await post('/queries', { ...CALL, subject: 'It rings', requester: { name: 'Maria', phone: '+34 600 123 456' } })
    await shows('It rings')
    assert.match(await panel.title(), /^\(1\)/)
    await panel.keyboard.type('ord')
    await panel.locator('#ringing [data-left]', { hasText: /rings for 1\d s more/ }).waitFor({ timeout: 20_000 })
    assert.equal(await row.locator('[name=note]').inputValue(), 'Half a word')
    await eye.look(panel, 'queries-panel-used')

    // The focus stays at its button, and goes to no other one with it.
    const close = panel.locator(`#mine-${second.id} form[action$="/closure"] button`)
    await close.focus()
    const third = await chat('A third one')
    await shows('A third one')
    assert.ok(await close.evaluate((button) => button === document.activeElement), 'the focus stays')
    await post(`/queries/${second.id}/closure`, {})
    await close.waitFor({ state: 'detached' })
    const focused = await panel.evaluate(() => [document.activeElement.nodeName, document.activeElement.closest('#panel') !== null])
    assert.ok(focused[1] && focused[0] !== 'BUTTON', `the focus is at ${focused}`)

    // The page of a query: a refusal stays, with what was typed; so does what is open and filled in.
    await page.goto(`${server.url}/queries/${third.id}`)
    const transfer = page.locator('#transfer')
    await transfer.locator('[name=note]').fill('For the morning')
    await go(page, transfer.locator('button'))
    const refused = page.locator('.od-errors')
    await refused.waitFor()
    await page.waitForTimeout(1_000)
    assert.equal(await refused.count(), 1, 'the stream has begun')
    await chat('Somebody else’s')
    await post(`/queries/${third.id}/activity`, { by: 'requester' })
    await page.waitForTimeout(1_500)
    assert.equal(await refused.count(), 1, 'the query itself has changed')
    assert.equal(await transfer.locator('[name=note]').inputValue(), 'For the morning')
    await eye.look(page, 'queries-refused')

    await page.goto(`${server.url}/queries/${third.id}`)
    const look = page.locator('details.od-look').first()
    await look.locator('summary').press('Enter')
    await transfer.locator('[name=department]').selectOption('customer-care')
    await page.locator('h1').click()
    await post(`/queries/${third.id}/transfer`, { operator_id: owner.id })
    await page.locator('.od-timeline li', { hasText: 'Transferred' }).waitFor({ timeout: 20_000 })
    assert.ok(await look.evaluate((details) => details.open), 'what is open stays open')
    assert.equal(await transfer.locator('[name=department]').inputValue(), 'customer-care')

    // No word that somebody typed makes a page wider.
    const long = 'W'.repeat(180)
    const wide = await post('/queries', { ...CALL, channel: 'chat', subject: long, body: long, requester: { name: long.slice(0, 100), email: `${'m'.repeat(60)}@${'w'.repeat(60)}.example` } })
    await post(`/queries/${wide.id}/transfer`, { operator_id: owner.id, note: long })
    await shows(long)
    await panel.close()
    for (const [path, name] of [['/panel', 'panel'], ['/queries', 'list'], [`/queries/${wide.id}`, 'life']]) {
      await page.goto(`${server.url}${path}`)
      await eye.look(page, `queries-${name}-wide`)
    }
    await page.goto(`${server.url}/profile`)
    await fill(page, { locale: 'fr' })
    await send(page, 'locale')
    for (const [path, name] of [['/panel', 'panel'], [`/queries/${third.id}`, 'life']]) {
      await page.goto(`${server.url}${path}`)
      await eye.look(page, `queries-${name}-used-fr`)
    }
    await context.close()
  } finally {
    await server.stop()
  }
  assert.deepEqual(eye.faults, [])
}

async function ring(browser, javaScriptEnabled) {
  const server = await start('serve', { ONDUTY_OWNER_EMAIL: OWNER.email, ONDUTY_OWNER_PASSWORD: OWNER.password })
  const eye = new Eye()
  const look = async (page, name) => { if (javaScriptEnabled) await eye.look(page, `queries-${name}`) }
  try {
    const { post } = await programOf(server)
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
  return { owner, post: (path, body) => call('POST', path, body) }
}
