/**
 * Electron's main-process module, as far as our bundle uses it, for machines without Electron's binary. Every class is held to
 * Electron's own declarations; what Electron refuses (a scheme registered too late) is refused here too.
 */
import { EventEmitter } from 'node:events'
import type Electron from 'electron'
import { FakeSession, sessions } from './electron-session.ts'
import { calls, note } from './electron-trace.ts'
import { FakeWindow } from './electron-window.ts'

const env = process.env

class FakeApp
  extends EventEmitter
  implements
    Pick<
      Electron.App,
      | 'enableSandbox'
      | 'exit'
      | 'quit'
      | 'whenReady'
      | 'isReady'
      | 'isPackaged'
      | 'setPath'
      | 'requestSingleInstanceLock'
      | 'getAppPath'
      | 'getVersion'
    >
{
  readonly isPackaged = env.STAND_IN_PACKAGED === '1'
  readonly paths: Record<string, string> = {}
  /** The code the app ended with; null while it runs. */
  exitCode: number | null = null
  #isReady = false
  readonly #ready: Promise<void>

  constructor() {
    super()
    // Electron waits for the entry module to be evaluated; a few turns of the loop stand for that.
    this.#ready = new Promise((resolve) => setTimeout(resolve, 50)).then(() => {
      this.#isReady = true
      note('ready')
      sessions.default ??= this.newSession('')
      this.emit('ready')
    })
  }

  newSession(partition: string): FakeSession {
    const session = new FakeSession(partition)
    this.emit('session-created', session)
    return session
  }

  enableSandbox(): void {
    if (this.#isReady) throw new Error('app.enableSandbox() can only be called before app is ready')
    note('enableSandbox')
  }
  isReady(): boolean {
    return this.#isReady
  }
  whenReady(): Promise<void> {
    return this.#ready
  }
  getAppPath(): string {
    return process.cwd()
  }
  getVersion(): string {
    return '0.0.0-stand-in'
  }
  setPath(name: string, path: string): void {
    this.paths[name] = path
  }
  requestSingleInstanceLock(): boolean {
    note('requestSingleInstanceLock')
    return env.STAND_IN_LOCK !== 'taken'
  }
  exit(code = 0): void {
    if (this.exitCode !== null) return
    this.exitCode = code
    note(`exit ${code}`)
    this.emit('stand-in-exit', code)
  }
  quit(): void {
    if (this.exitCode !== null) return
    note('quit')
    let isPrevented = false
    this.emit('before-quit', { preventDefault: () => (isPrevented = true) })
    if (isPrevented) return
    for (const window of FakeWindow.all) window.close()
    this.emit('will-quit', { preventDefault() {} })
    this.exit(0)
  }
}

export const app = new FakeApp()

export const protocol = {
  registerSchemesAsPrivileged(schemes: Electron.CustomScheme[]): void {
    if (app.isReady())
      throw new Error('protocol.registerSchemesAsPrivileged should be called before app is ready')
    note(`registerScheme ${JSON.stringify(schemes)}`)
  },
} satisfies Pick<Electron.Protocol, 'registerSchemesAsPrivileged'>

export const session = {
  fromPartition(partition: string): FakeSession {
    const known = sessions.named.get(partition) ?? app.newSession(partition)
    sessions.named.set(partition, known)
    return known
  },
}

export class BrowserWindow extends FakeWindow {
  constructor(options: Electron.BrowserWindowConstructorOptions) {
    if (!app.isReady()) throw new Error('Cannot create BrowserWindow before app is ready')
    note('BrowserWindow')
    super(options, session.fromPartition(options.webPreferences?.partition ?? ''))
    app.emit('web-contents-created', {}, this.webContents)
  }
}

export { MessageChannelMain } from './electron-window.ts'

export const screen = {
  getAllDisplays: () => [{ workArea: { x: 0, y: 0, width: 1920, height: 1040 } }],
}

export const Menu = {
  applicationMenu: null as object | null,
  buildFromTemplate: (template: readonly Electron.MenuItemConstructorOptions[]) => ({ template }),
  setApplicationMenu(menu: object | null): void {
    Menu.applicationMenu = menu
  },
}

export const nativeImage = { createFromPath: (path: string) => ({ path }) }

export class Tray
  extends EventEmitter
  implements Pick<Electron.Tray, 'setToolTip' | 'destroy' | 'isDestroyed'>
{
  static readonly all: Tray[] = []
  toolTip = ''
  menu: { readonly template: readonly Electron.MenuItemConstructorOptions[] } | null = null
  #isDestroyed = false
  constructor(_image: object) {
    super()
    Tray.all.push(this)
  }
  setToolTip(text: string): void {
    this.toolTip = text
  }
  setContextMenu(menu: { readonly template: readonly Electron.MenuItemConstructorOptions[] }): void {
    this.menu = menu
  }
  isDestroyed(): boolean {
    return this.#isDestroyed
  }
  destroy(): void {
    this.#isDestroyed = true
  }
}

export class Notification extends EventEmitter implements Pick<Electron.Notification, 'show' | 'close'> {
  static readonly shown = new EventEmitter()
  static isSupported(): boolean {
    return true
  }
  readonly options: Electron.NotificationConstructorOptions
  constructor(options: Electron.NotificationConstructorOptions) {
    super()
    this.options = options
  }
  show(): void {
    Notification.shown.emit('show', this)
  }
  close(): void {
    this.emit('close', {})
  }
}

export const dialog = {
  asked: [] as Electron.MessageBoxOptions[],
  errors: [] as string[],
  response: 0,
  async showMessageBox(
    _window: object,
    options: Electron.MessageBoxOptions,
  ): Promise<Electron.MessageBoxReturnValue> {
    dialog.asked.push(options)
    return { response: dialog.response, checkboxChecked: false }
  },
  showErrorBox(title: string, content: string): void {
    dialog.errors.push(`${title}: ${content}`)
  },
}

export const crashReporter = {
  start(options: Electron.CrashReporterStartOptions): void {
    note(`crashReporter uploadToServer=${options.uploadToServer}`)
  },
} satisfies Pick<Electron.CrashReporter, 'start'>

export const utilityProcess = {
  fork(): never {
    throw new Error('the stand-in has no utility processes')
  },
}

/** Turns the bytes over, which keeps a search for the text from finding it; nobody is protected by this. */
function turned(bytes: Buffer): Buffer {
  return Buffer.from(bytes.map((byte) => byte ^ 0xff))
}

export const safeStorage = {
  /** Set by a scenario: the system then asks once for its text to be encrypted again. */
  shouldReEncrypt: false as boolean,
  encrypted: 0,
  async isAsyncEncryptionAvailable(): Promise<boolean> {
    note('isAsyncEncryptionAvailable')
    return app.isReady() && env.STAND_IN_KEYRING !== 'none'
  },
  getSelectedStorageBackend(): ReturnType<Electron.SafeStorage['getSelectedStorageBackend']> {
    if (!app.isReady()) return 'unknown'
    return env.STAND_IN_KEYRING === 'basic_text' ? 'basic_text' : 'gnome_libsecret'
  },
  async encryptStringAsync(text: string): Promise<Buffer> {
    safeStorage.encrypted += 1
    return turned(Buffer.from(text))
  },
  async decryptStringAsync(encrypted: Buffer): Promise<Electron.DecryptStringAsyncReturnValue> {
    const { shouldReEncrypt } = safeStorage
    safeStorage.shouldReEncrypt = false
    return { result: turned(encrypted).toString(), shouldReEncrypt }
  },
} satisfies Pick<
  Electron.SafeStorage,
  'isAsyncEncryptionAvailable' | 'getSelectedStorageBackend' | 'encryptStringAsync' | 'decryptStringAsync'
> & { shouldReEncrypt: boolean; encrypted: number }

export { calls }
