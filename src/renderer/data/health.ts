/** The app's pulse: its health row each second, our clock against its clock, and the dead-man's verdict. */
import { useSyncExternalStore } from 'react'
import type { Health } from '../../contract/site.ts'
import { Cell, useCell } from './cell.ts'
import { useNow } from './now.ts'
import { usePipe } from './pipe-status.ts'
import { type Sources, useTable } from './sources.ts'

/** A pulse comes each second; after three are missed the screen says so. */
export const pulseBudgetMs = 3000

interface Pulse {
  /** The last row's own time, to tell a fresh pulse from the same row sent again. */
  readonly at: number
  /** On this page's own clock. */
  readonly heardAt: number
}

const pulse = new Cell<Pulse | null>(null)

/** Measures every pulse. Called once, at start. */
export function watchHealth(sources: Sources, onOffset: (offsetMs: number) => void): void {
  const store = sources.tables.health
  store.subscribe(() => {
    const health = store.row('health')
    if (health === undefined || health.at === pulse.get()?.at) return
    pulse.set({ at: health.at, heardAt: Date.now() })
    onOffset(health.at - Date.now())
  })
}

export function useHealth(): Health | undefined {
  return useTable('health')?.[0]
}

/** How long the core has not answered although the pipe stands; 0 while all is well. */
export function useStoppedForMs(): number {
  const pipe = usePipe()
  const last = useCell(pulse)
  useNow()
  if (pipe.is !== 'ready') return 0
  const silentMs = Date.now() - Math.max(last?.heardAt ?? 0, pipe.since)
  return silentMs > pulseBudgetMs ? silentMs : 0
}

/** True while every value on the screen may be old: the pipe is gone or the core does not answer. */
export function useIsCutOff(): boolean {
  const pipe = usePipe()
  const stoppedMs = useStoppedForMs()
  return pipe.is !== 'ready' || stoppedMs > 0
}

/** When the app was last heard, on this page's clock; null before the first time. */
export function useLastPulseAt(): number | null {
  const last = useSyncExternalStore(pulse.subscribe, pulse.get)
  return last?.heardAt ?? null
}
