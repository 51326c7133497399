/** The last seconds of one open stream, thinned out, so that a sighting told seconds later still finds the picture it was made on. Pure. */
import type { PictureSize } from './box.ts'

export interface KeptFrame extends PictureSize {
  readonly bytes: Buffer
  /** Our clock, epoch ms. */
  readonly receivedAt: number
}

export const ringLimits = { everyMs: 250, keptMs: 8000, frameBytes: 512 * 1024, allBytes: 6 * 1024 * 1024 }
/** A frame further from the sighting shows something else. */
const nearMs = 2000

export class FrameRing {
  #frames: KeptFrame[] = []
  #bytes = 0
  #newest: KeptFrame | null = null

  push(frame: KeptFrame): void {
    this.#newest = frame
    const last = this.#frames.at(-1)
    if (frame.bytes.length > ringLimits.frameBytes) return
    if (last !== undefined) {
      const sinceMs = frame.receivedAt - last.receivedAt
      if (sinceMs >= 0 && sinceMs < ringLimits.everyMs) return
      // The clock was set back: what is kept can no longer be compared.
      if (sinceMs < 0) this.clear()
    }
    this.#newest = frame
    this.#frames.push(frame)
    this.#bytes += frame.bytes.length
    while (this.#isOver(frame.receivedAt)) this.#bytes -= this.#frames.shift()?.bytes.length ?? 0
  }

  #isOver(now: number): boolean {
    const first = this.#frames[0]
    if (first === undefined || this.#frames.length === 1) return false
    return now - first.receivedAt > ringLimits.keptMs || this.#bytes > ringLimits.allBytes
  }

  get newest(): KeptFrame | null {
    return this.#newest
  }

  /** The frame nearest to an instant of our clock, or null when none is near. */
  nearest(at: number): KeptFrame | null {
    let best: KeptFrame | null = null
    let bestMs = nearMs
    for (const frame of this.#frames) {
      const awayMs = Math.abs(frame.receivedAt - at)
      if (awayMs > bestMs) continue
      best = frame
      bestMs = awayMs
    }
    return best
  }

  clear(): void {
    this.#frames = []
    this.#bytes = 0
    this.#newest = null
  }
}
