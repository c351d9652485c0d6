// What people do on pages: fields by the names that the contract gives them, buttons by their place.
import * as zlib from 'node:zlib'

/** Types into fields, chooses options and files of the main part by their names. */
export async function fill(page, fields) {
  for (const [name, value] of Object.entries(fields)) {
    const field = page.locator(`main [name="${name}"]:not([type=hidden])`).first()
    const kind = await field.evaluate((element) => (element.tagName === 'SELECT' ? 'select' : element.type))
    if (kind === 'select') await field.selectOption(value)
    else if (kind === 'file') await field.setInputFiles(value)
    else if (kind === 'checkbox') await field.setChecked(value, { force: true })
    else if (kind === 'radio') await page.locator(`main [name="${name}"][value="${value}"]`).check({ force: true })
    else await field.fill(value)
  }
}

/** Presses the main button of the form that holds the field. */
export async function send(page, field) {
  await go(page, page.locator(`main form:has([name="${field}"]) button.btn-primary`).last())
}

/** Presses a button or follows a link that leads to another page. A key is enough, and works where scripts are off. */
export async function go(page, locator) {
  await locator.first().waitFor()
  await Promise.all([page.waitForEvent('domcontentloaded'), locator.first().press('Enter')])
}

/** Signs in at /login. */
export async function signIn(page, server, email, password) {
  await page.goto(`${server.url}/login`)
  await fill(page, { email, password })
  await send(page, 'password')
}

/** Signs out by the menu behind the picture. */
export async function signOut(page) {
  await page.locator('header summary.od-avatar-button').press('Enter')
  await go(page, page.locator('form[action="/logout"] button'))
}

/** A picture of so many pixels a side, one colour running into another. */
export function png(side) {
  const rows = Array.from({ length: side }, (_, y) => {
    const row = [0]
    for (let x = 0; x < side; x += 1) row.push((x * 255 / side) | 0, (y * 255 / side) | 0, 160)
    return row
  })
  const header = Buffer.alloc(13)
  header.writeUInt32BE(side, 0)
  header.writeUInt32BE(side, 4)
  header.set([8, 2, 0, 0, 0], 8)
  const parts = [['IHDR', header], ['IDAT', zlib.deflateSync(Buffer.from(rows.flat()))], ['IEND', Buffer.alloc(0)]]
  return Buffer.concat([Buffer.from([137, 80, 78, 71, 13, 10, 26, 10]), ...parts.map(([kind, data]) => chunk(kind, data))])
}

function chunk(kind, data) {
  const named = Buffer.concat([Buffer.from(kind, 'latin1'), data])
  const [length, sum] = [Buffer.alloc(4), Buffer.alloc(4)]
  length.writeUInt32BE(data.length)
  sum.writeUInt32BE(crc32(named))
  return Buffer.concat([length, named, sum])
}

/** Node 18 has no crc32 of its own. */
function crc32(bytes) {
  if (zlib.crc32) return zlib.crc32(bytes)
  let sum = ~0
  for (const byte of bytes) {
    sum ^= byte
    for (let bit = 0; bit < 8; bit += 1) sum = (sum >>> 1) ^ (sum & 1 ? 0xedb88320 : 0)
  }
  return ~sum >>> 0
}
