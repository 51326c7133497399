/** The desktop shell as built, against the stand-in for Electron: its life, its one pipe, what it serves, what it refuses. */
import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { describe, expect, onTestFinished, test } from 'vitest'
import { ensureBuilt, play } from './play.ts'

ensureBuilt()
const out = fileURLToPath(new URL('../../out/', import.meta.url))

interface End {
  readonly code: number
}

function newFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'watchfloor-electron-'))
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }))
  return folder
}

function precedes(calls: readonly string[], first: string, second: string): boolean {
  const [a, b] = [first, second].map((word) => calls.findIndex((call) => call.startsWith(word)))
  return a !== undefined && b !== undefined && a >= 0 && a < b
}

/** reliability: every key is stated, so that a change of Electron's defaults changes nothing. */
const goldenPreferences = {
  partition: 'persist:ui',
  sandbox: true,
  contextIsolation: true,
  nodeIntegration: false,
  nodeIntegrationInWorker: false,
  nodeIntegrationInSubFrames: false,
  webSecurity: true,
  allowRunningInsecureContent: false,
  experimentalFeatures: false,
  webviewTag: false,
  plugins: false,
  navigateOnDragDrop: false,
  safeDialogs: true,
  spellcheck: false,
  backgroundThrottling: false,
  autoplayPolicy: 'no-user-gesture-required',
  devTools: true,
}

describe('life', () => {
  test('starts in the only order Electron accepts, shows its window when ready, answers over the real preload, ends', async () => {
    const dataDir = newFolder()
    const run = await play<{
      calls: string[]
      ready: { url: string; hub: string }
      preload: string
      preferences: object
      shownBeforeReady: boolean
      isVisible: boolean
      userData: string
      url: string
      channels: string[]
      required: string[]
      posted: object
      site: { shell: string; role: string; user: string }
      schemes: string[]
      menu: boolean
      tray: number
      end: End
    }>('start', { dataDir })
    for (const call of ['enableSandbox', 'registerScheme', 'requestSingleInstanceLock', 'crashReporter'])
      expect(precedes(run.calls, call, 'ready'), `${call} before ready`).toBe(true)
    expect(precedes(run.calls, 'ready', 'BrowserWindow')).toBe(true)
    expect(run.calls).toContain('crashReporter uploadToServer=false')
    expect(run.calls).toContain(
      'registerScheme [{"scheme":"app","privileges":{"standard":true,"secure":true,"supportFetchAPI":true,"codeCache":true}}]',
    )
    expect(run.preferences).toEqual(goldenPreferences)
    expect(run.preload).toBe(join(out, 'preload/index.cjs'))
    expect(run).toMatchObject({
      shownBeforeReady: false,
      isVisible: true,
      userData: join(dataDir, 'window'),
      url: 'app://control/',
      channels: ['watchfloor:port'],
      required: ['electron'],
      posted: { message: 'watchfloor:port', origin: 'app://control', ports: 1 },
      site: { shell: 'electron', role: 'admin' },
      schemes: ['app'],
      menu: true,
      tray: 1,
      end: { code: 0 },
    })
    expect(run.site.user).not.toBe('')
    expect(run.ready.hub).toMatch(/^wss?:\/\/127\.0\.0\.1:\d+/)
    expect(statSync(dataDir).mode & 0o077).toBe(0)
  })

  test('a second instance leaves at once, without a window', async () => {
    const run = await play<{ code: number; windows: number; calls: string[] }>('refused', {
      env: { STAND_IN_LOCK: 'taken' },
    })
    expect(run).toMatchObject({ code: 0, windows: 0 })
    expect(run.calls).not.toContain('BrowserWindow')
  })

  test('the first instance comes forward, also from hidden and minimised; closing its window keeps the app', async () => {
    expect(await play('second-instance')).toMatchObject({
      hidden: { isVisible: false, isDestroyed: false, exitCode: null },
      is: { visible: true, minimized: false, focused: true },
      end: { code: 0 },
    })
  })

  test.each([
    '--inspect=9229',
    '--remote-debugging-port=1',
    '--no-sandbox',
    '--disable-web-security',
    '--js-flags=--jitless',
  ])('an installed app refuses %s', async (flag) => {
    const run = await play<{ code: number; windows: number }>('refused', {
      args: [flag],
      env: { STAND_IN_PACKAGED: '1' },
    })
    expect(run).toMatchObject({ code: 2, windows: 0 })
  })

  test('a bad option is named and ends the start', async () => {
    expect(await play('refused', { args: ['--hub-port', 'many'] })).toMatchObject({ code: 2, windows: 0 })
  })

  test('a bug in main ends with 70, a signal with 0', async () => {
    expect(await play('bug')).toEqual({ code: 70 })
    expect(await play('signal')).toEqual({ code: 0 })
  })

  test('the window comes back where it was, but never where no display is', async () => {
    const dataDir = newFolder()
    const file = join(dataDir, 'window.json')
    const first = await play<{ opened: object }>('window-state', { dataDir })
    expect(first.opened).toEqual({ width: 1440, height: 900, maximized: false })
    expect(JSON.parse(readFileSync(file, 'utf8'))).toMatchObject({
      x: 100,
      y: 50,
      width: 1000,
      maximized: true,
    })
    const second = await play<{ opened: object }>('window-state', { dataDir })
    expect(second.opened).toEqual({ x: 100, y: 50, width: 1000, height: 700, maximized: true })
    const place = { y: 50, width: 1000, height: 700, maximized: false, fullScreen: false }
    for (const state of [JSON.stringify({ ...place, x: 5000 }), '{"x":', '[]', '{"width":1e9}']) {
      writeFileSync(file, state)
      const next = await play<{ opened: { x?: number } }>('window-state', { dataDir })
      expect(next.opened.x, state).toBeUndefined()
    }
  })
})

describe('the pipe', () => {
  test('every document gets a port of its own; a changed fragment keeps it', async () => {
    expect(await play('reload')).toMatchObject({
      documents: 2,
      portsOfFirst: 2,
      portsOfSecond: 2,
      shell: 'electron',
      end: { code: 0 },
    })
  })

  test('a pipe that breaks is replaced', async () => {
    expect(await play('broken-pipe')).toMatchObject({ shell: 'electron', end: { code: 0 } })
  })

  test('the preload passes exactly one port, to our own top page', async () => {
    expect(await play('preload')).toEqual({
      ours: 1,
      'other origin': 0,
      'other host': 0,
      framed: 0,
      'no port': 0,
      'two ports': 0,
      'other channel': 0,
    })
  })

  test('the preload stays a few lines that ask for nothing but ipcRenderer', () => {
    const source = readFileSync(join(out, 'preload/index.cjs'), 'utf8')
    expect(source.split('\n').length).toBeLessThan(20)
    expect(source).not.toMatch(/contextBridge|invoke|sendSync|\.send\(/)
  })
})

describe('a page that dies', () => {
  test('is back within a second; after the third time in five minutes a page without scripts takes its place', async () => {
    const run = await play<{
      loaded: string[]
      waitsMs: number[]
      safe: string
      safeStatus: number
      asked: number
      portsOfSafePage: number[]
      end: End
    }>('crash')
    expect(run.loaded).toEqual(['app://control/', 'app://control/', 'app://control/safe', 'app://control/'])
    expect(run.waitsMs.length).toBeGreaterThanOrEqual(4)
    expect(Math.max(...run.waitsMs)).toBeLessThanOrEqual(1_000)
    expect(run).toMatchObject({ safeStatus: 200, asked: 1, portsOfSafePage: [0], end: { code: 0 } })
    expect(run.safe).not.toMatch(/<script|<style|style=|\son\w+=/i)
  })
})

describe('notifications', () => {
  test('a new alert is told once; a click brings the window forward at that alert, in the same document', async () => {
    const run = await play<{ options: object; url: string; toolTip: string }>('notify')
    expect(run.options).toMatchObject({ silent: true })
    expect(run.url).toMatch(/^app:\/\/control\/#alert=.+/)
    expect(run.toolTip).toBe('Watchfloor: 1 unacknowledged')
    expect(run).toMatchObject({ isVisible: true, isFocused: true, sameDocument: true, end: { code: 0 } })
  })
})

describe('what must stay secret', () => {
  interface Kept {
    readonly calls: string[]
    readonly secret: string
    readonly encrypted: number
    readonly encryptedAgain: number
    readonly end: End
  }
  const canary = 'canary-Q7-password'

  async function keep(keyring: string): Promise<{ run: Kept; file: string }> {
    const dataDir = newFolder()
    const env = { STAND_IN_KEYRING: keyring, SCENARIO_CANARY: canary }
    const run = await play<Kept>('secret', { dataDir, env })
    return { run, file: readFileSync(join(dataDir, 'secrets.json'), 'utf8') }
  }

  test('is encrypted by the system where it can, asked only when ready, and again when the system wants it', async () => {
    const { run, file } = await keep('gnome_libsecret')
    expect(precedes(run.calls, 'ready', 'isAsyncEncryptionAvailable')).toBe(true)
    expect(run).toMatchObject({ secret: 'os', encryptedAgain: 1, end: { code: 0 } })
    expect(run.encrypted).toBeGreaterThan(0)
    expect(file).toContain('"backend": "gnome_libsecret"')
    expect(file).not.toContain(canary)
  })

  test.each(['basic_text', 'none'])('with %s lies in the file, and the row says so', async (keyring) => {
    const { run, file } = await keep(keyring)
    expect(run).toMatchObject({ secret: 'file', encrypted: 0, encryptedAgain: 0, end: { code: 0 } })
    expect(file).toContain(canary)
  })
})
