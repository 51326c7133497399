/** The life of the desktop app: one instance, a sandbox before anything, a window over the running app, a bounded end. */
import { mkdirSync } from 'node:fs'
import { userInfo } from 'node:os'
import { join, resolve } from 'node:path'
import { app, type BrowserWindow, dialog, session } from 'electron'
import { destination } from 'pino'
import { Fault } from '../../../contract/fault.ts'
import { type App, type Host, startApp } from '../../app.ts'
import { type Config, readConfig, resolveSettings } from '../../config.ts'
import { type Log, silentLog } from '../../log.ts'
import { lockDataDir, usualDataDir } from '../data-dir.ts'
import { demoLog } from '../demo-ready.ts'
import { hubAddress } from '../hub-address.ts'
import { leave } from '../leave.ts'
import { faceModelFolder, loadManifest } from '../manifest.ts'
import { endOnBug, keepCrashDumps, recoverPage } from './crash.ts'
import { demoStarter } from './demo.ts'
import { installGuards } from './guards.ts'
import { notifyOfAlerts } from './notify.ts'
import { ownOptions } from './options.ts'
import { pageUrl } from './origin.ts'
import { handOverPorts } from './ports.ts'
import { systemProtection } from './protect.ts'
import { registerScheme, servePage } from './protocol.ts'
import { refusedSwitch } from './switches.ts'
import { placeMenu, placeTray } from './tray.ts'
import { serveWallWindows } from './wall-windows.ts'
import { bringForward, openWindow, partition } from './window.ts'

const closeTimeoutMs = 2_000
const badUseExit = 2

let log: Log = silentLog
let closeStore: () => Promise<void> = async () => {}
let window: BrowserWindow | null = null
let ending = false

/** Everything up to `whenReady` must happen in this first turn: afterwards Electron no longer accepts it. */
export function startElectron(): void {
  app.enableSandbox()
  registerScheme()
  keepCrashDumps()
  installGuards(() => log, preload)
  endOnBug(
    () => log,
    () => closeStore(),
  )

  const refused = app.isPackaged ? refusedSwitch(process.argv) : undefined
  if (refused !== undefined) {
    refuse(`Watchfloor does not start with ${refused.split('=')[0]}.`)
    return
  }
  let config: Config
  try {
    config = readConfig(ownOptions(process.argv), process.env)
  } catch (error) {
    refuse(wordsOf(error))
    return
  }
  const dataDir = resolve(resolveSettings(config, {}).dataDir || usualDataDir(process.env))
  process.umask(0o077)
  mkdirSync(dataDir, { recursive: true, mode: 0o700 })
  // Chromium's own files lie below ours, so the single-instance lock is per data folder: demo and site run side by side.
  app.setPath('userData', join(dataDir, 'window'))
  if (!app.requestSingleInstanceLock()) {
    app.exit(0)
    return
  }
  app.on('second-instance', () => window !== null && bringForward(window))
  app.on('activate', () => window !== null && bringForward(window))
  app.on('window-all-closed', () => {}) // receiving goes on without a window
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => app.quit())
  for (const stream of [process.stdout, process.stderr]) stream.on('error', () => {}) // a closed pipe is not our end

  app
    .whenReady()
    .then(() => run(config, dataDir))
    .catch((error: unknown) => refuse(wordsOf(error)))
}

async function run(config: Config, dataDir: string): Promise<void> {
  const root = app.getAppPath()
  const unlock = lockDataDir(dataDir)
  const ui = session.fromPartition(partition)
  const manifest = loadManifest(join(root, 'out/renderer'))
  let exports: App['exports'] | null = null
  servePage(ui, manifest, () => exports)
  placeMenu()
  const opened = openOn(root, dataDir)
  window = opened
  recoverPage(opened, () => log)

  const startDemo = demoStarter(
    join(root, 'out/main/demo-site.js'),
    demoLog(resolveSettings(config, {}).demo),
  )
  const logSink = destination({
    dest: join(dataDir, 'watchfloor.log'),
    append: true,
    mkdir: true,
    sync: false,
  })
  logSink.on('error', () => {}) // a full disk must not end the app because of its log
  const host: Host = {
    dataDir,
    version: app.getVersion(),
    shell: 'electron',
    logSink,
    ...(startDemo === undefined ? {} : { startDemo }),
  }
  // The window is already loading its page meanwhile; it gets its port when both are there.
  const started = systemProtection().then((protect) =>
    startApp(config, protect === undefined ? host : { ...host, protect }),
  )
  const serving = started.then(({ serve }) => serve)
  handOverPorts(opened, serving, userName())
  serveWallWindows(opened, serving, userName())
  endTogether(started, unlock)
  const running = await started
  exports = running.exports
  manifest.addModels(faceModelFolder(running.settings().faceModels, root))
  log = running.log
  closeStore = () => running.store.close()
  attach(running, opened, root)
  process.stdout.write(
    `ready ${JSON.stringify({ url: pageUrl, hub: await hubAddress(running), health: null, token: null })}\n`,
  )
}

function preload(): string {
  return join(app.getAppPath(), 'out/preload/index.cjs')
}

function openOn(root: string, dataDir: string): BrowserWindow {
  return openWindow({
    dataDir,
    preload: preload(),
    icon: join(root, 'resources/icon.png'),
    ending: () => ending,
  })
}

/** What shows the running app outside its page: the tray icon and the desktop's notifications. */
function attach(running: App, opened: BrowserWindow, root: string): void {
  const open = () => bringForward(opened)
  const tray = placeTray(join(root, 'resources/tray.png'), open)
  const counts = running.live.counts.subscribe(() => {
    const all = running.live.counts.get('all')
    if (all !== undefined) tray.show(all)
  })
  const stopNotifying = notifyOfAlerts(running.store, {
    isWatched: () => opened.isVisible() && opened.isFocused(),
    openAlert: (id) => {
      open()
      // Only the fragment changes, so the page is not loaded again: it hears `hashchange`.
      void opened.loadURL(`${pageUrl}#alert=${encodeURIComponent(id)}`)
    },
  })
  app.once('will-quit', () => {
    counts()
    stopNotifying()
    tray.remove()
  })
}

/** The app gets two seconds to put everything on the disk; the store survives being cut off after that. */
function endTogether(started: Promise<App>, unlock: () => void): void {
  let closed = false
  let closing: Promise<void> | null = null
  app.on('before-quit', (event) => {
    ending = true
    if (closed) return
    event.preventDefault()
    if (closing !== null) return
    closing = Promise.race([
      started.then((running) => running.close()),
      new Promise((resolve) => setTimeout(resolve, closeTimeoutMs)),
    ])
      .catch((error: unknown) => log.error('close-failed', { error: new Error(wordsOf(error)) }))
      .then(() => {
        closed = true
        return leave(log, closeStore, () => {
          unlock()
          app.quit()
        })
      })
  })
}

function refuse(words: string): void {
  console.error(words)
  ending = true
  if (app.isReady()) dialog.showErrorBox('Watchfloor cannot start', words)
  void leave(log, closeStore, () => app.exit(badUseExit))
}

function wordsOf(error: unknown): string {
  if (error instanceof Fault) return `${error.message}\n${error.tip}`
  return error instanceof Error ? error.message : String(error)
}

function userName(): string {
  try {
    return userInfo().username
  } catch {
    return 'admin' // an account without a name in the system's list, as in some containers
  }
}
