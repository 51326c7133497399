/** The icon by the clock: says that alerts are being received, opens the window, ends the app. */
import { app, Menu, nativeImage, Tray } from 'electron'
import type { AlertCounts } from '../../../contract/alerts.ts'

export interface TrayIcon {
  show(counts: AlertCounts): void
  remove(): void
}

export function placeTray(icon: string, open: () => void): TrayIcon {
  const tray = new Tray(nativeImage.createFromPath(icon))
  tray.setToolTip('Watchfloor')
  tray.setContextMenu(
    Menu.buildFromTemplate([
      { label: 'Open Watchfloor', click: open },
      { type: 'separator' },
      { label: 'Quit (stops receiving alerts)', click: () => app.quit() },
    ]),
  )
  tray.on('click', open)
  return {
    show({ unacknowledgedActive, unacknowledgedCleared }) {
      const count = unacknowledgedActive + unacknowledgedCleared
      if (!tray.isDestroyed())
        tray.setToolTip(count === 0 ? 'Watchfloor' : `Watchfloor: ${count} unacknowledged`)
    },
    remove: () => tray.destroy(),
  }
}

/** Only what the system needs for copying, full screen and quitting; no reload, no developer tools in an installed app. */
export function placeMenu(): void {
  Menu.setApplicationMenu(
    Menu.buildFromTemplate([
      { role: process.platform === 'darwin' ? 'appMenu' : 'fileMenu' },
      { role: 'editMenu' },
      {
        label: 'View',
        submenu: [
          { role: 'resetZoom' },
          { role: 'zoomIn' },
          { role: 'zoomOut' },
          { role: 'togglefullscreen' },
          ...(app.isPackaged ? [] : [{ role: 'toggleDevTools' as const }]),
        ],
      },
      { role: 'windowMenu' },
    ]),
  )
}
