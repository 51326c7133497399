/** Plays a film: a position in time that runs, stands, jumps and steps, and the picture that belongs to it. */
import type { Film } from './playback-film.ts'

export interface PlaybackState {
  /** Where it stands, epoch ms. */
  readonly at: number
  readonly isPlaying: boolean
  readonly speed: number
  /** The time of the picture that is shown; null before the first. */
  readonly shownAt: number | null
  /** Units that could not be decoded; `unsupported`: this browser cannot decode what the camera sent. */
  readonly trouble: 'none' | 'broken' | 'unsupported'
}

/** What shows the frame of a number. */
export interface Shower {
  show(index: number, isStill: boolean): void
}

export interface Ticks {
  now(): number
  /** Calls once, soon: at the next painting. */
  next(call: () => void): () => void
}

export const speeds = [0.5, 1, 2, 4] as const
/** A gap in what was recorded is not waited for. */
const longestWaitMs = 1000

export class Playback {
  readonly #film: Film
  readonly #shower: Shower
  readonly #ticks: Ticks
  readonly #listeners = new Set<() => void>()
  #state: PlaybackState
  #last = 0
  #cancel: () => void = () => {}
  #wanted = -1
  /** The whole film is here: its end is an end. */
  isComplete = false

  constructor(film: Film, shower: Shower, ticks: Ticks, at: number) {
    this.#film = film
    this.#shower = shower
    this.#ticks = ticks
    this.#state = { at, isPlaying: false, speed: 1, shownAt: null, trouble: 'none' }
  }

  readonly get = (): PlaybackState => this.#state

  readonly subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener)
    return () => this.#listeners.delete(listener)
  }

  /** Frames have come, or all have: the one that belongs to where it stands may be among them. */
  grown(): void {
    if (!this.#state.isPlaying) this.#show(true)
  }

  shown(index: number): void {
    const shownAt = this.#film.frames[index]?.at ?? null
    this.#set({ shownAt, trouble: 'none' })
  }

  failed(isUnsupported: boolean): void {
    this.#set({ trouble: isUnsupported ? 'unsupported' : 'broken' })
  }

  play(): void {
    if (this.#state.isPlaying) return
    const { lastAt, firstAt } = this.#film
    // At its end: from the beginning.
    if (this.isComplete && lastAt !== null && this.#state.at >= lastAt) this.#set({ at: firstAt ?? lastAt })
    this.#last = this.#ticks.now()
    this.#set({ isPlaying: true })
    this.#tick()
  }

  pause(): void {
    this.#cancel()
    if (!this.#state.isPlaying) return
    this.#set({ isPlaying: false })
    this.#show(true)
  }

  seek(at: number): void {
    this.#set({ at })
    this.#show(!this.#state.isPlaying)
  }

  /** To the frame after or before the one that is shown. */
  step(by: 1 | -1): void {
    this.pause()
    const index = this.#film.indexAt(this.#state.at) + by
    const frame = this.#film.frames[index]
    if (frame !== undefined) this.seek(frame.at)
  }

  setSpeed(speed: number): void {
    this.#set({ speed })
  }

  close(): void {
    this.#cancel()
    this.#listeners.clear()
  }

  #tick(): void {
    this.#cancel = this.#ticks.next(() => {
      const now = this.#ticks.now()
      const passed = (now - this.#last) * this.#state.speed
      this.#last = now
      this.#advance(passed)
      if (this.#state.isPlaying) this.#tick()
    })
  }

  #advance(byMs: number): void {
    const { frames, lastAt, firstAt } = this.#film
    if (lastAt === null || firstAt === null) return
    let at = Math.max(firstAt, this.#state.at + byMs)
    const next = frames[this.#film.indexAt(at) + 1]
    if (next !== undefined && next.at - at > longestWaitMs && at > (frames[this.#film.indexAt(at)]?.at ?? at))
      at = next.at
    // What has not come yet is waited for.
    this.#set({ at: Math.min(at, lastAt) })
    this.#show(false)
    if (at >= lastAt && this.isComplete) this.pause()
  }

  #show(isStill: boolean): void {
    // While the film comes, its newest frame is not yet the one that belongs: showing each on the way there would be a rush through the
    // recording, and a decoder kept busy with pictures nobody asked for.
    if (isStill && !this.isComplete && (this.#film.lastAt ?? 0) < this.#state.at) return
    const index = this.#film.indexAt(this.#state.at)
    if (index === -1 || (index === this.#wanted && !isStill)) return
    // The same still again is no work.
    if (isStill && index === this.#wanted && this.#state.shownAt === this.#film.frames[index]?.at) return
    this.#wanted = index
    this.#shower.show(index, isStill)
  }

  #set(change: Partial<PlaybackState>): void {
    this.#state = { ...this.#state, ...change }
    for (const listener of [...this.#listeners]) listener()
  }
}
