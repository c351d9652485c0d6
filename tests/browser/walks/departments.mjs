// A department is created, three people are put in it, calls are switched off for one, priorities are set, and the matrix is clicked.
import assert from 'node:assert/strict'
import { Eye } from '../look.mjs'
import { fill, go, send, signIn } from '../people.mjs'
import { start } from '../server.mjs'

const OWNER = { email: 'olga@example.org', password: 'plain lamp under seven boats' }
const PEOPLE = ['Ana Silva', 'Ben Ode', 'Chloé Maximilienne-Wilhelmine de Lichtenstein']

export const walks = {
  async 'a department and who works in it, with scripts'(browser) {
    await department(browser, true)
  },

  async 'a department and who works in it, without scripts'(browser) {
    await department(browser, false)
  },
}

async function department(browser, javaScriptEnabled) {
  const server = await start('serve', { ONDUTY_OWNER_EMAIL: OWNER.email, ONDUTY_OWNER_PASSWORD: OWNER.password })
  const eye = new Eye()
  const look = async (page, name) => { if (javaScriptEnabled) await eye.look(page, `departments-${name}`) }
  try {
    const context = await browser.newContext({ locale: 'en-GB', javaScriptEnabled })
    const page = eye.watch(await context.newPage())
    await signIn(page, server, OWNER.email, OWNER.password)
    for (const name of PEOPLE) {
      await page.goto(`${server.url}/operators/new`)
      await fill(page, { name, email: `${name.slice(0, 3).toLowerCase()}@example.org` })
      await send(page, 'name')
    }

    await page.goto(`${server.url}/departments`)
    await look(page, 'empty')
    await go(page, page.locator('main .od-empty .btn-primary'))
    await look(page, 'new')
    await fill(page, { name: 'Customer care', description: 'Everything that has no better place.' })
    await send(page, 'name')
    assert.match(new URL(page.url()).pathname, /^\/departments\/\d+\/members$/, 'the next thing is who works in it')
    await look(page, 'nobody')
    for (const name of PEOPLE) await page.locator(`input[name=operators][aria-label="${name}"]`).check({ force: true })
    await go(page, page.locator('#operators form[method=post] .btn-primary'))
    assert.equal(await page.locator('tbody tr').count(), 3)

    await page.locator('input[aria-label="Ben Ode may work Calls"]').setChecked(false, { force: true })
    await send(page, 'channels')
    assert.equal(await page.locator('input[value$=".call.allowed"]:checked').count(), 2)
    assert.equal(await page.locator('input[value$=".call.active"]:checked').count(), 2, 'what is not worked is not taken')
    await look(page, 'members')

    await go(page, page.locator('.od-tabs a[href$="/priority"]'))
    await page.locator('input[aria-label="Priority of Ben Ode"]').fill('5')
    await go(page, page.locator('main .od-save .btn-primary'))
    assert.match(await page.locator('tbody tr').first().innerText(), /Ben Ode/)
    await look(page, 'priority')

    await go(page, page.locator('.od-tabs a').first())
    await fill(page, { phone: '+34 910 555 100', 'offer_seconds.call': '9999' })
    await send(page, 'phone')
    assert.equal(await page.locator('[id="offer_seconds.call"]').inputValue(), '9999', 'what was typed is kept')
    await look(page, 'refused')
    await fill(page, { 'offer_seconds.call': '30', 'name_texts.es': 'Atención al cliente' })
    await send(page, 'phone')
    await page.locator('.od-flash').waitFor()
    await look(page, 'details')

    await page.goto(`${server.url}/departments/matrix`)
    const lamp = page.locator('button[aria-label="Calls of Ben Ode in Customer care"]')
    assert.equal(await lamp.getAttribute('aria-pressed'), 'false')
    await lamp.focus()
    if (javaScriptEnabled) {
      await lamp.press('Enter')
      await page.locator('button[aria-label="Calls of Ben Ode in Customer care"][aria-pressed=true]').waitFor()
      assert.equal(await page.evaluate(() => document.activeElement?.getAttribute('aria-label')), 'Calls of Ben Ode in Customer care', 'the focus stays')
    } else {
      await go(page, lamp)
      assert.equal(await lamp.getAttribute('aria-pressed'), 'true')
    }
    await look(page, 'matrix')

    await page.goto(`${server.url}/operators?department=customer-care`)
    assert.equal(await page.locator('tbody tr').count(), 3)
    await go(page, page.locator('tbody .od-row-link').first())
    await go(page, page.locator('.od-tabs a[href$="/departments"]'))
    assert.match(await page.locator('main').innerText(), /\+34 910 555 100/, 'the line of the department may be shown')
    await look(page, 'operator')
    await go(page, page.locator('.od-tabs a[href$="/signatures"]'))
    await fill(page, { signature: 'Ana Silva\nCustomer care', signature_html: '<b>Ana</b><script>1</script>' })
    await send(page, 'signature')
    assert.equal(await page.locator('[name=signature_html]').inputValue(), '<b>Ana</b>')
    await look(page, 'signatures')

    await page.goto(`${server.url}/departments`)
    await look(page, 'list')
    await go(page, page.locator('tbody .od-cell-act a'))
    await go(page, page.locator('.od-danger-zone a'))
    await look(page, 'deletion')
    await go(page, page.locator('main .btn-danger'))
    assert.equal(new URL(page.url()).pathname, '/departments')
    await context.close()
  } finally {
    await server.stop()
  }
  assert.deepEqual(eye.faults, [])
}
