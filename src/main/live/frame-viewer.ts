/**
 * What waits for one viewer of a camera. Of JPEGs the newest only. Of video every unit in order, up to a second or 2 MiB: a viewer
 * that falls behind that far loses what waits and goes on at the next key frame, as no unit can be decoded without those before it.
 */
import type { FrameSlot } from '../link.ts'
import type { Taken, VideoGroup } from './video-group.ts'

/** Longer than this nothing waits: a picture a second old is no live one. */
export const longestWaitMs = 1000
export const mostWaitingBytes = 2 * 1024 * 1024

export class FrameViewer implements FrameSlot {
  readonly #wake: () => void
  readonly #onClose: () => void
  #queue: Taken[] = []
  #bytes = 0
  /** When the oldest of the queue began to wait; monotonic. */
  readonly #since: number[] = []
  /** What may wait: the units a new viewer is given at once count extra, until they are taken. */
  #mostBytes = mostWaitingBytes
  #dropped = 0
  #hasBegun = false
  #needsKey = true

  constructor(wake: () => void, onClose: () => void) {
    this.#wake = wake
    this.#onClose = onClose
  }

  take(): Taken | null {
    const taken = this.#queue.shift()
    if (taken === undefined) return null
    this.#since.shift()
    this.#bytes -= taken.bytes.length
    if (this.#queue.length === 0) this.#mostBytes = mostWaitingBytes
    const behind = this.#queue.length
    const header = { ...taken.header, dropped: this.#dropped, ...(behind > 0 && { behind }) }
    this.#dropped = 0
    return { header, bytes: taken.bytes }
  }

  close(): void {
    this.#empty()
    this.#onClose()
  }

  /** A JPEG or a trouble: whatever waits is old. Units that come after it need a key frame first. */
  newest(taken: Taken, now: number): void {
    this.#lose()
    this.#hasBegun = true
    this.#needsKey = true
    this.#put(taken, now)
    this.#wake()
  }

  /** `taken` is in `group` already. */
  unit(taken: Taken, isKey: boolean, group: VideoGroup, now: number): void {
    // A trouble that ended unseen is no news any more; the unit after it is a key.
    if (this.#queue[0]?.header.trouble) this.#empty()
    if (isKey) this.#needsKey = false
    else if (this.#needsKey) {
      if (this.#hasBegun || !this.begin(group, now)) this.#dropped++
      else this.#wake()
      return
    }
    this.#hasBegun = true
    const waitedMs = now - (this.#since[0] ?? now)
    if (waitedMs > longestWaitMs || this.#bytes + taken.bytes.length > this.#mostBytes) {
      const isBehind = this.#queue.length > 0
      this.#lose()
      if (isBehind && !isKey) {
        this.#dropped++
        this.#needsKey = true
        return
      }
    }
    this.#put(taken, now)
    this.#wake()
  }

  /** Everything since the last key frame at once, so that a picture stands without waiting for the next one. */
  begin(group: VideoGroup, now: number): boolean {
    if (group.units.length === 0) return false
    for (const unit of group.units) this.#put(unit, now)
    this.#mostBytes = mostWaitingBytes + this.#bytes
    this.#hasBegun = true
    this.#needsKey = false
    return true
  }

  #put(taken: Taken, now: number): void {
    this.#queue.push(taken)
    this.#since.push(now)
    this.#bytes += taken.bytes.length
  }

  /** Only pictures count as passed over: a trouble that ended unseen is no loss. */
  #lose(): void {
    for (const { header } of this.#queue) if (header.trouble === '') this.#dropped++
    this.#empty()
  }

  #empty(): void {
    this.#queue = []
    this.#since.length = 0
    this.#bytes = 0
    this.#mostBytes = mostWaitingBytes
  }
}
