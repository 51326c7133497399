/** The newest whole revolution of each LiDAR. A viewer that is not ready misses revolutions, and is told how many: nothing queues. */
import type { ScanHeader } from '../../contract/lidar.ts'
import type { LinkId } from '../../contract/links.ts'
import type { ScanArrived } from '../fact.ts'

type Scan = Omit<ScanArrived, 'type'>

interface Viewer {
  waiting: Scan | null
  missed: number
  readonly wake: () => void
}

export class Scans {
  readonly #viewers = new Map<LinkId, Set<Viewer>>()
  readonly #listeners = new Set<(scan: Scan) => void>()

  push(scan: Scan): void {
    for (const viewer of this.#viewers.get(scan.link) ?? []) {
      if (viewer.waiting !== null) viewer.missed++
      viewer.waiting = scan
      viewer.wake()
    }
    for (const listener of this.#listeners) listener(scan)
  }

  /** Every revolution of every LiDAR, as it comes. */
  subscribe(listener: (scan: Scan) => void): () => void {
    this.#listeners.add(listener)
    return () => this.#listeners.delete(listener)
  }

  open(link: LinkId, wake: () => void) {
    const viewer: Viewer = { waiting: null, missed: 0, wake }
    const viewers = this.#viewers.get(link) ?? new Set<Viewer>()
    this.#viewers.set(link, viewers.add(viewer))
    return {
      take(): { readonly header: ScanHeader; readonly bytes: Uint8Array } | null {
        const scan = viewer.waiting
        if (scan === null) return null
        const header = { ...scan.header, missed: viewer.missed }
        viewer.waiting = null
        viewer.missed = 0
        return { header, bytes: scan.bytes }
      },
      close: () => {
        viewers.delete(viewer)
        if (viewers.size === 0) this.#viewers.delete(link)
      },
    }
  }
}
