/** The bus monitor's memory: the last frames, what was missed, a filter by trouble or text, a pause. Framework-free. */
import type { BusFrame } from '../../../contract/modules.ts'

export interface LoggedFrame extends BusFrame {
  readonly n: number
}

export interface FrameView {
  readonly frames: readonly LoggedFrame[]
  readonly total: number
  readonly missed: number
  readonly troubled: number
  readonly isPaused: boolean
}

const mostFrames = 2000

export class FrameLog {
  readonly #listeners = new Set<() => void>()
  #frames: readonly LoggedFrame[] = []
  #total = 0
  #missed = 0
  #troubled = 0
  #wanted = ''
  #onlyTrouble = false
  #isPaused = false
  #view: FrameView = { frames: [], total: 0, missed: 0, troubled: 0, isPaused: false }

  readonly subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener)
    return () => this.#listeners.delete(listener)
  }

  readonly snapshot = (): FrameView => this.#view

  add(frames: readonly BusFrame[], missed = 0): void {
    const logged = frames.map((frame, index) => ({ ...frame, n: this.#total + index + 1 }))
    this.#total += frames.length
    this.#missed += missed
    this.#troubled += frames.filter(({ trouble }) => trouble !== '').length
    this.#frames = [...this.#frames, ...logged].slice(-mostFrames)
    // Counted on, shown again when the pause ends.
    if (!this.#isPaused) this.#publish()
  }

  filter(text: string, onlyTrouble: boolean): void {
    this.#wanted = text.trim().toLowerCase()
    this.#onlyTrouble = onlyTrouble
    this.#publish()
  }

  pause(isPaused: boolean): void {
    this.#isPaused = isPaused
    this.#publish()
  }

  clear(): void {
    this.#frames = []
    this.#total = 0
    this.#missed = 0
    this.#troubled = 0
    this.#publish()
  }

  #publish(): void {
    const wanted = this.#wanted
    const frames = this.#frames.filter(
      (frame) =>
        (!this.#onlyTrouble || frame.trouble !== '') &&
        (wanted === '' ||
          `${frame.direction} ${frame.text} ${frame.hex} ${frame.trouble}`.toLowerCase().includes(wanted)),
    )
    this.#view = {
      frames,
      total: this.#total,
      missed: this.#missed,
      troubled: this.#troubled,
      isPaused: this.#isPaused,
    }
    for (const listener of this.#listeners) listener()
  }
}

/** For the clipboard. */
export function frameText({ at, direction, hex, text, trouble, tookMs }: BusFrame): string {
  const took = tookMs === null ? '' : ` ${tookMs.toFixed(1)} ms`
  return `${new Date(at).toISOString()} ${direction} ${hex.replace(/../g, '$& ').trim()}${took} ${text} ${trouble}`.trim()
}
