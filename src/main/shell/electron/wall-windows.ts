/** Windows that show one wall, for a second screen: opened by our own page only, with the main window's limits, each with a pipe of its own. */
import { app, type BrowserWindow, type BrowserWindowConstructorOptions } from 'electron'
import type { App } from '../../app.ts'
import { isOurs, parseUrl } from './origin.ts'
import { handOverPorts } from './ports.ts'
import { webPreferences } from './window.ts'

const longestWall = 200

/** The page itself with nothing but the name of a wall. */
export function isWallAddress(text: string): boolean {
  const url = parseUrl(text)
  if (url === null || !isOurs(text) || url.pathname !== '/' || url.hash !== '') return false
  const params = [...url.searchParams]
  const [name, wall = ''] = params[0] ?? []
  return params.length === 1 && name === 'wall' && wall !== '' && wall.length <= longestWall
}

export function wallWindowOptions(preload: string): BrowserWindowConstructorOptions {
  return {
    width: 1280,
    height: 800,
    minWidth: 480,
    minHeight: 320,
    title: 'Watchfloor',
    backgroundColor: '#101418',
    autoHideMenuBar: true,
    // The page cannot ask for anything else: what it gives as features of the window is not looked at.
    webPreferences: webPreferences(preload, app.isPackaged),
  }
}

/** Gives every wall window its pipe, and closes them with the app: the main window only hides. */
export function serveWallWindows(main: BrowserWindow, serving: Promise<App['serve']>, user: string): void {
  main.webContents.on('did-create-window', (window) => {
    handOverPorts(window, serving, user)
    app.once('before-quit', () => {
      if (!window.isDestroyed()) window.destroy()
    })
  })
}
