/** Recorded frames on this screen, in order of time: found by their time, and with the key frame each needs before it. */
import type { VideoUnit } from '../../contract/cameras.ts'

export interface FilmFrame {
  readonly at: number
  readonly video: VideoUnit | null
  readonly widthPx: number
  readonly heightPx: number
  readonly bytes: Uint8Array
}

/** A minute of Full HD pictures; a screen that holds more is of no use to anybody. */
const mostBytes = 512 * 1024 * 1024

export class Film {
  readonly frames: FilmFrame[] = []
  bytes = 0
  /** More came than fits. */
  isFull = false

  get firstAt(): number | null {
    return this.frames[0]?.at ?? null
  }

  get lastAt(): number | null {
    return this.frames.at(-1)?.at ?? null
  }

  /** What is there already comes again when the connection was lost in between: it is passed over. */
  add(frame: FilmFrame): boolean {
    const { lastAt } = this
    if (lastAt !== null && frame.at <= lastAt) return false
    if (this.bytes + frame.bytes.length > mostBytes) {
      this.isFull = true
      return false
    }
    this.frames.push(frame)
    this.bytes += frame.bytes.length
    return true
  }

  /** The frame that was to be seen at that time: the last one before it, or the first of all. -1 when there is none. */
  indexAt(at: number): number {
    let low = 0
    let high = this.frames.length
    while (low < high) {
      const middle = (low + high) >> 1
      if ((this.frames[middle] as FilmFrame).at <= at) low = middle + 1
      else high = middle
    }
    return this.frames.length === 0 ? -1 : Math.max(0, low - 1)
  }

  /** The last frame at or before `index` that can be decoded by itself; null when none is here. */
  keyBefore(index: number): number | null {
    for (let place = index; place >= 0; place--) {
      const frame = this.frames[place]
      if (frame !== undefined && (frame.video === null || frame.video.isKey)) return place
    }
    return null
  }
}
