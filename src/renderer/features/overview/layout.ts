/** Where the panes stand: each person's own arrangement, kept by this screen, else one that suits any size. */
import type { DockviewApi } from 'dockview-react'
import { type PaneId, paneIds } from './panes.tsx'

const nameOf = (user: string) => `watchfloor.layout.${user}`

export function restoreLayout(api: DockviewApi, user: string): void {
  try {
    const kept = localStorage.getItem(nameOf(user))
    if (kept !== null) {
      api.fromJSON(JSON.parse(kept))
      // A layout of another version may lack a pane: better the usual one than one without.
      if (paneIds.every((id) => api.getPanel(id) !== undefined)) return
    }
  } catch {
    // Damaged or of another version: the usual one.
  }
  api.clear()
  layOut(api)
}

export function keepLayout(api: DockviewApi, user: string): void {
  if (api.panels.length < paneIds.length) return
  try {
    localStorage.setItem(nameOf(user), JSON.stringify(api.toJSON()))
  } catch {
    // A full localStorage costs only the memory of the layout.
  }
}

export function forgetLayout(user: string): void {
  localStorage.removeItem(nameOf(user))
}

function layOut(api: DockviewApi): void {
  const add = (id: PaneId, position?: { referencePanel: PaneId; direction: 'below' | 'right' | 'within' }) =>
    api.addPanel({ id, component: id, title: id, ...(position ? { position } : {}) })
  add('incident')
  add('devices', { referencePanel: 'incident', direction: 'below' })
  add('statistics', { referencePanel: 'devices', direction: 'right' })
  add('cameras', { referencePanel: 'devices', direction: 'within' })
  add('vehicles', { referencePanel: 'devices', direction: 'within' })
  add('activity', { referencePanel: 'statistics', direction: 'within' })
  add('orders', { referencePanel: 'statistics', direction: 'within' })
  add('health', { referencePanel: 'statistics', direction: 'within' })
  api.getPanel('statistics')?.api.setActive()
  api.getPanel('devices')?.api.setActive()
  api.getPanel('incident')?.api.setActive()
  const { width, height } = api
  if (height > 0) api.getPanel('incident')?.group.api.setSize({ height: Math.round(height * 0.54) })
  if (width > 0) api.getPanel('statistics')?.group.api.setSize({ width: Math.round(width * 0.44) })
}
