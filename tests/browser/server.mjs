// The real program on an empty data folder and a free port.
import { spawn, execFileSync } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'

export const root = resolve(dirname(fileURLToPath(import.meta.url)), '../..')

/** The program to walk through: ONDUTY_BINARY, else the one that cargo builds for the tests. */
function binary() {
  if (process.env.ONDUTY_BINARY) return process.env.ONDUTY_BINARY
  const target = process.env.CARGO_TARGET_DIR ?? join(root, 'target')
  return join(resolve(root, target), 'debug', 'onduty')
}

/** Builds the program where it is not up to date. The tests build it too, so after them this is no more than a look. */
export function build() {
  if (!process.env.ONDUTY_BINARY) execFileSync('cargo', ['test', '--locked', '--no-run', '--quiet', '--test', 'it'], { cwd: root, stdio: 'inherit' })
}

/** Runs a command of the program beside a server, on the same data; returns what it printed. */
export function command(server, ...args) {
  const env = Object.fromEntries(Object.entries(process.env).filter(([name]) => !name.startsWith('ONDUTY_')))
  return execFileSync(binary(), args, { cwd: root, env: { ...env, ONDUTY_DATA_DIR: server.folder }, encoding: 'utf8' }).trim()
}

/** Starts it and waits until it listens. `lines` is what it printed, `setUp` the link of an empty database. */
export async function start(command = 'serve', settings = {}) {
  const folder = mkdtempSync(join(tmpdir(), 'onduty-walk-'))
  const env = Object.fromEntries(Object.entries(process.env).filter(([name]) => !name.startsWith('ONDUTY_')))
  const child = spawn(binary(), [command], {
    cwd: root,
    env: { ...env, ONDUTY_LISTEN: '127.0.0.1:0', ONDUTY_DATA_DIR: folder, ...settings },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  const lines = []
  const ended = new Promise((done) => child.on('exit', (code, signal) => done({ code, signal })))
  const url = await new Promise((found, fail) => {
    let rest = ''
    const read = (chunk) => {
      const parts = (rest + chunk).split('\n')
      rest = parts.pop()
      for (const line of parts) {
        lines.push(line)
        const listening = line.match(/^Listening on (\S+)/)
        if (listening) found(listening[1])
      }
    }
    child.stdout.setEncoding('utf8').on('data', read)
    child.stderr.setEncoding('utf8').on('data', (chunk) => lines.push(...chunk.trim().split('\n')))
    ended.then(({ code }) => fail(new Error(`it ended with ${code}:\n${lines.join('\n')}`)))
    setTimeout(() => fail(new Error(`it does not listen:\n${lines.join('\n')}`)), 60_000).unref()
  })
  const setUp = lines.find((line) => line.startsWith('Set up: '))?.slice('Set up: '.length)
  const stop = async () => {
    child.kill('SIGTERM')
    const late = setTimeout(() => child.kill('SIGKILL'), 35_000)
    const { code, signal } = await ended
    clearTimeout(late)
    rmSync(folder, { recursive: true, force: true })
    return { code, signal }
  }
  return { url, setUp, lines, folder, stop }
}
