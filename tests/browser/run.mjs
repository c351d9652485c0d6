// Runs every walk in a real Chromium and tells the result in cargo's words.
//
//     node tests/browser/run.mjs [walk ...]        ONDUTY_SHOTS=folder keeps a picture of every page
import { chromium } from 'playwright-core'
import { readdirSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'
import { build } from './server.mjs'

const folder = join(dirname(fileURLToPath(import.meta.url)), 'walks')
const wanted = process.argv.slice(2)
const executablePath = process.env.CHROMIUM || '/usr/bin/chromium'
const args = [
  '--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking',
  '--disable-component-update', '--disable-sync',
]

build()
let [passed, failed] = [0, 0]
const started = Date.now()
const waiting = []
for (const file of readdirSync(folder).filter((file) => file.endsWith('.mjs')).sort()) {
  const { walks } = await import(pathToFileURL(join(folder, file)))
  for (const [name, walk] of Object.entries(walks)) {
    if (wanted.length === 0 || wanted.some((part) => name.includes(part) || file.startsWith(part))) waiting.push([name, walk])
  }
}

/** Takes walks until none is left. Two go side by side, each in a browser and with a server of its own. */
async function walker() {
  const browser = await chromium.launch({ executablePath, args })
  for (let next = waiting.shift(); next; next = waiting.shift()) {
    const [name, walk] = next
    const began = Date.now()
    try {
      await walk(browser)
      passed += 1
      console.log(`walk ${name} ... ok (${((Date.now() - began) / 1000).toFixed(1)} s)`)
    } catch (error) {
      failed += 1
      console.log(`walk ${name} ... FAILED\n${error.stack}\n`)
    }
  }
  await browser.close()
}

await Promise.all([walker(), walker()])
console.log(`\ntest result: ${failed ? 'FAILED' : 'ok'}. ${passed} passed; ${failed} failed; finished in ${((Date.now() - started) / 1000).toFixed(1)}s`)
process.exit(failed ? 1 : 0)
