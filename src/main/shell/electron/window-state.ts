/** Where the window was, kept beside the database, and used again only where a display still shows it. */
import { readFileSync, renameSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { BrowserWindow, Rectangle } from 'electron'
import { z } from 'zod'

const side = z.number().int().min(-100_000).max(100_000)
const WindowState = z.strictObject({
  x: side.optional(),
  y: side.optional(),
  width: z.number().int().min(640).max(20_000),
  height: z.number().int().min(400).max(20_000),
  maximized: z.boolean(),
  fullScreen: z.boolean(),
})
export type WindowState = z.output<typeof WindowState>

const usual: WindowState = { width: 1440, height: 900, maximized: false, fullScreen: false }
/** So much of the title bar must be on a display for a person to be able to take hold of it. */
const gripPx = { width: 120, height: 40 }

export function loadWindowState(dataDir: string, workAreas: readonly Rectangle[]): WindowState {
  let state: WindowState
  try {
    state = WindowState.parse(JSON.parse(readFileSync(join(dataDir, 'window.json'), 'utf8')))
  } catch {
    return usual // first start, or a damaged file: neither is worth a word
  }
  const { x, y } = state
  if (x !== undefined && y !== undefined && workAreas.some((area) => shows(area, x, y, state.width)))
    return state
  const { width, height, maximized, fullScreen } = state
  return { width, height, maximized, fullScreen }
}

function shows(area: Rectangle, x: number, y: number, width: number): boolean {
  const across = Math.min(x + width, area.x + area.width) - Math.max(x, area.x)
  return across >= gripPx.width && y >= area.y - 1 && y + gripPx.height <= area.y + area.height
}

/** Saves half a second after the last change, and at once when the window is hidden or closed. */
export function keepWindowState(window: BrowserWindow, dataDir: string): void {
  let timer: NodeJS.Timeout | undefined
  const save = () => {
    clearTimeout(timer)
    if (window.isDestroyed()) return
    const state: WindowState = {
      ...window.getNormalBounds(),
      maximized: window.isMaximized(),
      fullScreen: window.isFullScreen(),
    }
    const file = join(dataDir, 'window.json')
    try {
      writeFileSync(`${file}.new`, JSON.stringify(state))
      renameSync(`${file}.new`, file)
    } catch {
      // A full disk must not take the window down with it.
    }
  }
  const soon = () => {
    clearTimeout(timer)
    timer = setTimeout(save, 500)
  }
  window.on('resize', soon)
  window.on('move', soon)
  window.on('hide', save)
  window.on('close', save)
}
