/** A page that dies comes back within a second; one that keeps dying is replaced by a safe page. A bug in main ends the app. */
import { app, type BrowserWindow, crashReporter, dialog } from 'electron'
import type { Log } from '../../log.ts'
import { leave } from '../leave.ts'
import { pageUrl } from './origin.ts'
import { safePath } from './safe-page.ts'

const reloadAfterMs = 250
const manyCrashes = 3
const withinMs = 5 * 60_000

/** Dumps stay on this machine. */
export function keepCrashDumps(): void {
  crashReporter.start({ uploadToServer: false })
}

export function recoverPage(window: BrowserWindow, log: () => Log, now: () => number = Date.now): void {
  let crashes: number[] = []
  const { webContents } = window
  webContents.on('render-process-gone', (_, { reason, exitCode }) => {
    if (reason === 'clean-exit' || window.isDestroyed()) return
    crashes = [...crashes.filter((at) => now() - at < withinMs), now()]
    const isSafe = crashes.length >= manyCrashes
    log().error('page-gone', { reason, exitCode, crashes: crashes.length })
    setTimeout(() => {
      if (!window.isDestroyed()) void window.loadURL(isSafe ? new URL(safePath, pageUrl).href : pageUrl)
    }, reloadAfterMs)
    // From the safe page a person may try again; that gets the full number of chances.
    if (isSafe) crashes = []
  })

  let asking = false
  window.on('unresponsive', () => {
    log().warn('page-unresponsive')
    if (!asking) void ask()
  })
  async function ask(): Promise<void> {
    asking = true
    const { response } = await dialog.showMessageBox(window, {
      type: 'warning',
      message: 'The screen does not answer.',
      detail: 'Alerts are still being received and kept.',
      buttons: ['Wait', 'Reload the screen'],
      defaultId: 1,
      cancelId: 0,
    })
    asking = false
    if (response === 1 && !window.isDestroyed()) webContents.forcefullyCrashRenderer()
  }
}

/** Better to stop than to go on in a state nobody thought of: the next start reads everything from the disk. */
export function endOnBug(log: () => Log, closeStore: () => Promise<void>): void {
  const end = (event: string) => (error: unknown) => {
    log().error(event, { error: error instanceof Error ? error : new Error(String(error)) })
    void leave(log(), closeStore, () => app.exit(70))
  }
  process.on('uncaughtException', end('uncaught-exception'))
  process.on('unhandledRejection', end('unhandled-rejection'))
  app.on('child-process-gone', (_, { type, reason, exitCode, name }) => {
    if (reason !== 'clean-exit') log().warn('helper-gone', { helper: type, reason, exitCode, name })
  })
}
