/** The stand-in's window, web contents and message ports: a load really asks the protocol handler and really runs the preload. */
import { EventEmitter } from 'node:events'
import { type MessagePort, MessageChannel as NodeChannel } from 'node:worker_threads'
import type Electron from 'electron'
import { Page } from './electron-page.ts'
import type { FakeSession } from './electron-session.ts'

/** One end in main; its other end is a real Node port, which stands for the page's. */
export class FakePort
  extends EventEmitter
  implements Pick<Electron.MessagePortMain, 'postMessage' | 'start' | 'close'>
{
  readonly node: MessagePort
  constructor(node: MessagePort) {
    super()
    this.node = node
    node.on('close', () => this.emit('close'))
  }
  postMessage(message: unknown, transfer?: Electron.MessagePortMain[]): void {
    // Through MessagePortMain a message with a transfer list never arrives.
    if (transfer === undefined || transfer.length === 0) this.node.postMessage(message)
  }
  start(): void {
    this.node.on('message', (data: unknown) => this.emit('message', { data, ports: [] }))
    this.node.start()
  }
  close(): void {
    this.node.close()
  }
}

export class MessageChannelMain {
  readonly port1: FakePort
  readonly port2: FakePort
  constructor() {
    const { port1, port2 } = new NodeChannel()
    this.port1 = new FakePort(port1)
    this.port2 = new FakePort(port2)
  }
}

type WindowOpen = Parameters<Electron.WebContents['setWindowOpenHandler']>[0]

class FakeContents
  extends EventEmitter
  implements Pick<Electron.WebContents, 'getURL' | 'setWindowOpenHandler' | 'forcefullyCrashRenderer'>
{
  readonly session: FakeSession
  readonly documents: Page[] = []
  windowOpen: WindowOpen | undefined
  readonly #preload: string
  #url = ''

  constructor(session: FakeSession, preload: string) {
    super()
    this.session = session
    this.#preload = preload
  }

  get page(): Page {
    const page = this.documents.at(-1)
    if (page === undefined) throw new Error('nothing is loaded')
    return page
  }

  getURL(): string {
    return this.#url
  }
  setWindowOpenHandler(handler: WindowOpen): void {
    this.windowOpen = handler
  }
  postMessage(channel: string, message: unknown, ports: readonly FakePort[] = []): void {
    this.page.deliver(
      channel,
      message,
      ports.map((port) => port.node),
    )
  }
  forcefullyCrashRenderer(): void {
    this.emit('render-process-gone', {}, { reason: 'killed', exitCode: 9 })
  }

  async load(url: string): Promise<void> {
    const before = this.#url.split('#')[0]
    this.#url = url
    if (before === url.split('#')[0] && url.includes('#')) {
      this.emit('did-navigate-in-page', {}, url)
      this.emit('did-finish-load')
      return
    }
    const response = await this.session.fetch(url.split('#')[0] ?? url)
    if (response.status !== 200) throw new Error(`${url}: ${response.status}`)
    this.emit('did-navigate', {}, url)
    this.documents.push(new Page(this.#preload, url))
    this.emit('did-finish-load')
  }
}

export class FakeWindow
  extends EventEmitter
  implements
    Pick<
      Electron.BrowserWindow,
      | 'loadURL'
      | 'show'
      | 'hide'
      | 'focus'
      | 'restore'
      | 'maximize'
      | 'setFullScreen'
      | 'close'
      | 'isDestroyed'
      | 'isMinimized'
      | 'isMaximized'
      | 'isFullScreen'
      | 'isVisible'
      | 'isFocused'
      | 'getNormalBounds'
    >
{
  static readonly all = new Set<FakeWindow>()
  readonly options: Electron.BrowserWindowConstructorOptions
  readonly webContents: FakeContents
  bounds: Electron.Rectangle
  readonly is = {
    destroyed: false,
    minimized: false,
    maximized: false,
    fullScreen: false,
    visible: false,
    focused: false,
  }

  constructor(options: Electron.BrowserWindowConstructorOptions, session: FakeSession) {
    super()
    this.options = options
    const { x = 240, y = 70, width = 800, height = 600 } = options
    this.bounds = { x, y, width, height }
    this.webContents = new FakeContents(session, options.webPreferences?.preload ?? '')
    FakeWindow.all.add(this)
  }

  async loadURL(url: string): Promise<void> {
    await this.webContents.load(url)
    this.emit('ready-to-show')
    this.emit('stand-in-loaded', url)
  }
  show(): void {
    this.is.visible = true
    this.is.minimized = false
  }
  hide(): void {
    this.is.visible = false
    this.is.focused = false
    this.emit('hide')
  }
  focus(): void {
    this.is.focused = true
    this.emit('focus')
  }
  restore(): void {
    this.is.minimized = false
  }
  maximize(): void {
    this.is.maximized = true
  }
  setFullScreen(flag: boolean): void {
    this.is.fullScreen = flag
  }
  close(): void {
    let isPrevented = false
    this.emit('close', { preventDefault: () => (isPrevented = true) })
    if (isPrevented || this.is.destroyed) return
    this.is.destroyed = true
    FakeWindow.all.delete(this)
    this.emit('closed')
  }
  isDestroyed(): boolean {
    return this.is.destroyed
  }
  isMinimized(): boolean {
    return this.is.minimized
  }
  isMaximized(): boolean {
    return this.is.maximized
  }
  isFullScreen(): boolean {
    return this.is.fullScreen
  }
  isVisible(): boolean {
    return this.is.visible
  }
  isFocused(): boolean {
    return this.is.focused
  }
  getNormalBounds(): Electron.Rectangle {
    return this.bounds
  }
}
