/**
 * `npm start`, `npm run demo`, `npm run headless`: builds what is stale, then opens the control center in Electron's window,
 * or in the Node shell with a browser window, or without any window. It owns every process it starts.
 */
import './runtime.mjs'
import { spawnSync } from 'node:child_process'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { pathToFileURL } from 'node:url'
import { isFresh } from './build.mjs'
import { findBrowser, hasDisplay } from './find-browser.mjs'
import { findElectron } from './find-electron.mjs'
import { Processes, projectRoot as root } from './processes.mjs'

const [mode = 'start', ...given] = process.argv.slice(2)
const headlessFile = join(root, 'out/main/headless.js')
const isRoot = process.getuid?.() === 0

// `npm start | head` closes our output; that is no reason to end the control center.
for (const stream of [process.stdout, process.stderr]) {
  stream.on('error', (error) => {
    if (error.code !== 'EPIPE') throw error
  })
}

function say(text) {
  console.log(text)
}

function flagIn(args, name) {
  const at = args.findIndex((arg) => arg === `--${name}` || arg.startsWith(`--${name}=`))
  if (at < 0) return undefined
  return args[at].includes('=') ? args[at].slice(args[at].indexOf('=') + 1) : args[at + 1]
}

/** Standard output stays clean: in `headless` its only line is the ready line. */
function buildIfStale() {
  if (isFresh()) return
  const built = spawnSync(process.execPath, [join(root, 'scripts/build.mjs')], {
    cwd: root,
    stdio: ['ignore', 2, 2],
  })
  if (built.status !== 0) {
    console.error('The build failed; the lines above say where.')
    process.exit(built.status ?? 1)
  }
}

/** In this very process: a signal, a kill -9 or an exit code means the app itself. */
async function headless(args) {
  process.argv = [process.argv[0], headlessFile, ...args]
  await import(pathToFileURL(headlessFile).href)
}

/** Calls back with the object of the one `ready {…}` line; every other line is passed on. */
function onReady(child, ready) {
  if (child.stdout === null) return
  let done = false
  createInterface({ input: child.stdout }).on('line', (line) => {
    if (done || !line.startsWith('ready {')) return say(line)
    done = true
    ready(JSON.parse(line.slice('ready '.length)))
  })
}

function openBrowser(processes, url, dataDir) {
  const browser = hasDisplay() ? findBrowser() : null
  if (browser === null) {
    const why = hasDisplay() ? 'no Chromium, Chrome or Edge was found' : 'there is no display'
    say(`Open this address in a browser (${why}):\n  ${url}`)
    return
  }
  const args = [
    `--app=${url}`,
    `--user-data-dir=${join(dataDir, 'browser')}`,
    '--no-first-run',
    '--no-default-browser-check',
    '--autoplay-policy=no-user-gesture-required',
  ]
  if (isRoot) {
    args.push('--no-sandbox')
    say('Running as root: the browser window has no sandbox. Prefer an ordinary user.')
  }
  say(`Opening ${browser}; the same page is at\n  ${url}`)
  const child = processes.program('The browser window', browser, args, { stdio: 'ignore' })
  child.on('exit', () => {
    if (!processes.ending) say('Watchfloor keeps receiving. Ctrl+C ends it.')
  })
}

async function windowed(args) {
  const processes = new Processes(say)
  const electron = hasDisplay() ? await findElectron(root, say) : null
  if (processes.ending) return
  const finish = (code) => processes.end('SIGTERM', code ?? 1)

  if (electron !== null) {
    const more = isRoot ? ['--no-sandbox'] : []
    if (isRoot) say('Running as root: Electron’s window has no sandbox. Prefer an ordinary user.')
    const child = processes.program('Watchfloor', electron, [root, ...more, ...args], { cwd: root })
    child.on('error', () => finish(1))
    child.on('exit', finish)
    onReady(child, () => {})
    return
  }

  const child = processes.script('Watchfloor', headlessFile, args, { cwd: root })
  child.on('error', () => finish(1))
  child.on('exit', finish)
  onReady(child, ({ url, dataDir }) => {
    const folder = dataDir ?? flagIn(args, 'data-dir') ?? process.env.WATCHFLOOR_DATA_DIR
    openBrowser(processes, url, folder || join(root, '.watchfloor'))
  })
}

/** A folder of its own, so that no simulated alert gets among real ones. */
function withDemo(args) {
  const folder = flagIn(args, 'data-dir') === undefined ? ['--data-dir', join(root, '.watchfloor/demo')] : []
  return ['--demo', 'true', ...folder, ...args]
}

const asksHelp = given.includes('--help') || given.includes('-h')
if (!['start', 'demo', 'headless'].includes(mode)) {
  console.error(`launch: there is no mode ${mode}; there are start, demo and headless`)
  process.exit(2)
}
buildIfStale()
if (asksHelp || mode === 'headless') await headless(given)
else await windowed(mode === 'demo' ? withDemo(given) : given)
