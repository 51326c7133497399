/** What a person, a page or a fault does to the desktop shell; each scenario reports what came of it. */
import { once } from 'node:events'
import { MessageChannel, type MessagePort } from 'node:worker_threads'
import { type Link, LinkId, type LinkProfile } from '../../src/contract/links.ts'
import { portWire } from '../../src/rpc/port-wire.ts'
import { Camera } from '../fakes/camera.ts'
import {
  app,
  BrowserWindow,
  calls,
  dialog,
  Menu,
  Notification,
  safeStorage,
  Tray,
} from '../fakes/electron.ts'
import { Page } from '../fakes/electron-page.ts'
import { type FakeSession, sessions } from '../fakes/electron-session.ts'
import { bundle, clientOver, ended, pagePort, preload, prevented, quit, start } from './drive.ts'

/** The first is what our page opens; the others must not become windows. */
const wallAddresses = [
  'app://control/?wall=group:place:Gate',
  'app://control/',
  'app://control/?wall=',
  'app://control/?wall=all&token=x',
  'app://control/?wall=all#token=x',
  'app://control/other?wall=all',
  `app://control/?wall=${'x'.repeat(300)}`,
  'https://evil.example/?wall=all',
  'app://control.evil.example/?wall=all',
]

export const scenarios: Readonly<Record<string, () => Promise<unknown>>> = {
  async start() {
    const { window, ready, session: ui } = await start()
    const page = window.webContents.page
    const posted = await page.firstPosted()
    const client = await clientOver(await pagePort(page))
    const site = await client.call('site', {})
    client.close()
    const { preload: file, ...preferences } = window.options.webPreferences ?? {}
    return {
      calls: [...calls],
      ready,
      preload: file,
      preferences,
      shownBeforeReady: window.options.show,
      isVisible: window.isVisible(),
      userData: app.paths.userData,
      url: page.url,
      channels: page.channels(),
      required: page.required,
      posted: { message: posted.message, origin: posted.origin, ports: posted.ports.length },
      site,
      schemes: [...ui.served.keys()],
      menu: Menu.applicationMenu !== null,
      tray: Tray.all.length,
      end: await quit(),
    }
  },

  async reload() {
    const { window } = await start()
    const first = window.webContents.page
    const old = await pagePort(first)
    const oldGone = new Promise<void>((resolve) => portWire(old).onClose(() => resolve()))
    await window.loadURL('app://control/')
    await oldGone
    const second = window.webContents.page
    const site = await (await clientOver(await pagePort(second))).call('site', {})
    await window.loadURL('app://control/#alert=a1')
    return {
      documents: window.webContents.documents.length,
      portsOfFirst: first.posted.length,
      portsOfSecond: second.posted.length,
      shell: site.shell,
      end: await quit(),
    }
  },

  async 'broken-pipe'() {
    const { window } = await start()
    const page = window.webContents.page
    const port = await pagePort(page)
    const wire = portWire(port)
    await wire.send('{"is":"nonsense"}')
    // The first two are the page's and its worker's.
    const second = await page.postedAt(2)
    const [again] = second.ports
    if (again === undefined) throw new Error('no second port')
    const site = await (await clientOver(again)).call('site', {})
    return { shell: site.shell, end: await quit() }
  },

  async preload() {
    const results: Record<string, number> = {}
    const { port1, port2 } = new MessageChannel()
    const deliver = (name: string, page: Page, channel: string, ports: readonly MessagePort[]) => {
      page.deliver(channel, null, ports)
      results[name] = page.posted.length
    }
    const file = preload.pathname
    deliver('ours', new Page(file, 'app://control/'), 'watchfloor:port', [port1])
    deliver('other origin', new Page(file, 'https://control/'), 'watchfloor:port', [port1])
    deliver('other host', new Page(file, 'app://other/'), 'watchfloor:port', [port1])
    deliver('framed', new Page(file, 'app://control/', true), 'watchfloor:port', [port1])
    deliver('no port', new Page(file, 'app://control/'), 'watchfloor:port', [])
    deliver('two ports', new Page(file, 'app://control/'), 'watchfloor:port', [port1, port2])
    deliver('other channel', new Page(file, 'app://control/'), 'other', [port1])
    return results
  },

  async protocol() {
    const { session: ui } = await start()
    const asked = JSON.parse(process.env.SCENARIO_URLS ?? '[]') as { url: string; method: string }[]
    const answers = []
    for (const { url, method } of asked) {
      const answer = await ui.fetch(url, method)
      const body = new Uint8Array(await answer.arrayBuffer())
      answers.push({
        url,
        method,
        status: answer.status,
        headers: Object.fromEntries(answer.headers),
        sizeBytes: body.length,
      })
    }
    return { answers, end: await quit() }
  },

  async guards() {
    const { window, session: ui } = await start()
    const { webContents } = window
    const addresses = JSON.parse(process.env.SCENARIO_URLS ?? '[]') as string[]
    const perSession = (each: FakeSession) => {
      const asks = (permission: string, requestingUrl: string, isMainFrame = true, more: object = {}) => {
        const details = { requestingUrl, isMainFrame, ...more }
        let isGranted: boolean | null = null
        each.permissionRequest?.(webContents, permission, (is) => (isGranted = is), details)
        return [isGranted, each.permissionCheck?.(webContents, permission, requestingUrl, details)]
      }
      return {
        refused: [
          'media',
          'geolocation',
          'notifications',
          'clipboard-read',
          'serial',
          'openExternal',
          'unknown',
        ].map((permission) => asks(permission, 'app://control/')),
        copying: asks('clipboard-sanitized-write', 'app://control/'),
        copyingElsewhere: [
          ...asks('clipboard-sanitized-write', 'https://evil.example/'),
          ...asks('clipboard-sanitized-write', 'app://control/', false),
        ],
        looking: asks('media', 'app://control/', true, { mediaTypes: ['video'], mediaType: 'video' }),
        lookingElsewhere: [
          ...asks('media', 'https://evil.example/', true, { mediaTypes: ['video'], mediaType: 'video' }),
          ...asks('media', 'app://control/', false, { mediaTypes: ['video'], mediaType: 'video' }),
          ...asks('media', 'app://control/', true, { mediaTypes: ['video', 'audio'], mediaType: 'audio' }),
        ],
        device: each.devicePermission?.({ deviceType: 'serial', origin: 'app://control' }),
        spelling: each.isSpellChecked,
        loads: Object.fromEntries(addresses.map((url) => [url, each.beforeRequest?.(url)])),
      }
    }
    const navigations = Object.fromEntries(
      addresses.map((url) => [
        url,
        ['will-navigate', 'will-frame-navigate', 'will-redirect'].map((name) =>
          prevented(webContents, name, { url, isMainFrame: true }),
        ),
      ]),
    )
    const download = (url: string, name: string) => {
      let options: object | null = null
      const item = {
        getURL: () => url,
        getFilename: () => name,
        setSaveDialogOptions: (given: object) => {
          options = given
        },
      }
      return { prevented: prevented(ui, 'will-download', {}, item), options }
    }
    let trusted: boolean | null = null
    const certificate = prevented(
      app,
      'certificate-error',
      {},
      webContents,
      'https://x',
      'bad',
      {},
      (isTrusted: boolean) => {
        trusted = isTrusted
      },
    )
    const open = (url: string) =>
      webContents.windowOpen?.({
        url,
        frameName: '',
        features: 'nodeIntegration=yes,preload=/tmp/x',
        disposition: 'new-window',
        referrer: { url: '', policy: 'default' },
      })
    return {
      open: open('https://evil.example'),
      walls: Object.fromEntries(wallAddresses.map((url) => [url, open(url)])),
      navigations,
      inFrame: prevented(webContents, 'will-frame-navigate', { url: 'app://control/', isMainFrame: false }),
      webview: prevented(webContents, 'will-attach-webview', {}),
      bluetooth: prevented(webContents, 'select-bluetooth-device', {}, [], () => {}),
      serial: prevented(ui, 'select-serial-port', {}, [], webContents, () => {}),
      hid: prevented(ui, 'select-hid-device', {}, {}, () => {}),
      usb: prevented(ui, 'select-usb-device', {}, {}, () => {}),
      certificate,
      trusted,
      ui: perSession(ui),
      usual: sessions.default === null ? null : perSession(sessions.default),
      downloads: {
        export: download('blob:app://control/1b4e28ba-2fa1-11d2', 'alerts.csv'),
        path: download('blob:app://control/1b4e28ba-2fa1-11d2', '../../alerts.csv'),
        program: download('blob:app://control/1b4e28ba-2fa1-11d2', 'alerts.exe'),
        web: download('https://evil.example/alerts.csv', 'alerts.csv'),
        otherBlob: download('blob:https://evil.example/1', 'alerts.csv'),
        page: download('app://control/', 'index.json'),
        film: download('app://control/exports/2q3vX', 'Gate.mp4'),
        noFilm: download('app://control/exports/2q3vX', 'Gate.exe'),
        otherFilm: download('https://evil.example/exports/2q3vX', 'Gate.mp4'),
      },
      end: await quit(),
    }
  },

  async crash() {
    const { window } = await start()
    const loaded: string[] = []
    // How long it means to wait (its pipe waits, too); how long that takes is the machine's.
    const waitsMs: number[] = []
    for (let count = 0; count < 4; count++) {
      const again = once(window, 'stand-in-loaded')
      const { setTimeout } = globalThis
      globalThis.setTimeout = ((run: () => void, waitMs = 0) => {
        waitsMs.push(waitMs)
        return setTimeout(run, waitMs)
      }) as typeof setTimeout
      window.webContents.emit('render-process-gone', {}, { reason: 'crashed', exitCode: 11 })
      globalThis.setTimeout = setTimeout
      loaded.push(String((await again)[0]))
    }
    const safe = await window.webContents.session.fetch('app://control/safe')
    dialog.response = 1
    const again = once(window, 'stand-in-loaded')
    window.emit('unresponsive')
    await again
    window.webContents.emit('render-process-gone', {}, { reason: 'clean-exit', exitCode: 0 })
    return {
      loaded,
      waitsMs,
      safe: await safe.text(),
      safeStatus: safe.status,
      asked: dialog.asked.length,
      portsOfSafePage: window.webContents.documents
        .filter(({ url }) => url.endsWith('/safe'))
        .map((page) => page.posted.length),
      end: await quit(),
    }
  },

  async 'second-instance'() {
    const { window } = await start()
    window.close()
    const hidden = {
      isVisible: window.isVisible(),
      isDestroyed: window.isDestroyed(),
      exitCode: app.exitCode,
    }
    window.is.minimized = true
    app.emit('second-instance', {}, [], '')
    return { hidden, is: { ...window.is }, end: await quit() }
  },

  async refused() {
    await import(bundle)
    return { code: await ended(), calls: [...calls], windows: BrowserWindow.all.size }
  },

  async 'window-state'() {
    const { window } = await start()
    const { x, y, width, height } = window.options
    const opened = { x, y, width, height, maximized: window.isMaximized() }
    window.bounds = { x: 100, y: 50, width: 1000, height: 700 }
    window.is.maximized = true
    window.emit('move')
    return { opened, end: await quit() }
  },

  async notify() {
    const { window, ready } = await start()
    const shown = once(Notification.shown, 'show')
    const page = window.webContents.page
    const camera = new Camera({ deviceId: 'camera-1', deviceName: 'Gate camera' })
    await camera.connect(ready.hub)
    await camera.alertReceived()
    const [notification] = (await shown) as [Notification]
    const { length } = window.webContents.documents
    window.hide()
    notification.emit('click', {})
    const url = window.webContents.getURL()
    const toolTip = Tray.all[0]?.toolTip
    await camera.close()
    return {
      options: notification.options,
      url,
      isVisible: window.isVisible(),
      isFocused: window.isFocused(),
      sameDocument: window.webContents.documents.length === length && window.webContents.page === page,
      toolTip,
      end: await quit(),
    }
  },

  async secret() {
    const { window } = await start()
    const client = await clientOver(await pagePort(window.webContents.page))
    const id = LinkId.parse('front')
    const profile: LinkProfile = {
      id,
      driver: 'openeye-client',
      name: 'Front',
      enabled: true,
      url: 'http://127.0.0.1:9',
      ladder: 'lan',
      pollMs: 60_000,
      zone: 'utc',
      recognitionZone: 'local',
      keepStreams: false,
    }
    await client.call('links.save', { profile })
    const password = process.env.SCENARIO_CANARY ?? ''
    await client.call('links.credentials', { id, credentials: { is: 'password', user: 'linh', password } })
    const { encrypted } = safeStorage
    safeStorage.shouldReEncrypt = true
    await client.call('links.test', { profile }) // reads what is kept
    const row = await new Promise<Link>((resolve) => {
      client.table('links', (rows) => {
        const found = rows.get(id)
        if (found !== undefined) resolve(found)
      })
    })
    client.close()
    return {
      calls: [...calls],
      secret: row.secret,
      encrypted,
      encryptedAgain: safeStorage.encrypted - encrypted,
      end: await quit(),
    }
  },

  async bug() {
    await start()
    setImmediate(() => {
      throw new Error('planted')
    })
    return { code: await ended() }
  },

  async signal() {
    await start()
    process.kill(process.pid, 'SIGTERM')
    return { code: await ended() }
  },
}
