/** The one window: what its page is allowed, where it stands, when it shows. */
import { app, BrowserWindow, screen, type WebPreferences } from 'electron'
import { pageUrl } from './origin.ts'
import { keepWindowState, loadWindowState } from './window-state.ts'

export const partition = 'persist:ui'

/** Every key is stated, also where it is Electron's default: a default may change, a golden test would not notice. */
export function webPreferences(preload: string, isPackaged: boolean) {
  return {
    preload,
    partition,
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
    // An alert must sound although nobody clicked on the page yet.
    autoplayPolicy: 'no-user-gesture-required',
    devTools: !isPackaged,
  } as const satisfies WebPreferences
}

export interface WindowParts {
  readonly dataDir: string
  readonly preload: string
  readonly icon: string
  /** Closing the window hides it until this says that the app is ending. */
  ending(): boolean
}

export function openWindow(parts: WindowParts): BrowserWindow {
  const areas = screen.getAllDisplays().map((display) => display.workArea)
  const { x, y, width, height, maximized, fullScreen } = loadWindowState(parts.dataDir, areas)
  const window = new BrowserWindow({
    ...(x === undefined || y === undefined ? {} : { x, y }),
    width,
    height,
    minWidth: 640,
    minHeight: 400,
    show: false,
    title: 'Watchfloor',
    icon: parts.icon,
    backgroundColor: '#101418',
    autoHideMenuBar: true,
    webPreferences: webPreferences(parts.preload, app.isPackaged),
  })
  keepWindowState(window, parts.dataDir)
  window.once('ready-to-show', () => {
    if (maximized) window.maximize()
    if (fullScreen) window.setFullScreen(true)
    window.show()
  })
  window.on('close', (event) => {
    if (parts.ending()) return
    event.preventDefault()
    window.hide()
  })
  void window.loadURL(pageUrl)
  return window
}

export function bringForward(window: BrowserWindow): void {
  if (window.isDestroyed()) return
  if (window.isMinimized()) window.restore()
  window.show()
  window.focus()
}
