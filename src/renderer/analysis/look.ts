/**
 * One way of looking at one camera, as often as its pace says: one picture at a time, the newest one that came meanwhile next.
 * What was due and is passed over for a newer one is counted.
 */
import type { FrameHeader } from '../../contract/cameras.ts'
import { Pace } from './pace.ts'
import type { Image, Shot } from './shot.ts'

export interface Looking {
  /** False: not now; `Look.tryAgain` says when. */
  isReady(): boolean
  /** Called with one picture at a time, and how many that were due came between it and the one before. */
  look(image: Image, header: FrameHeader, passedOver: number): Promise<void>
  /** A turn at what several cameras share; resolves with what ends it. Absent: nothing is shared. */
  turn?(): Promise<() => void>
}

export class Look {
  readonly #looking: Looking
  readonly #onBug: (error: unknown) => void
  #pace: Pace
  #waiting: Shot | null = null
  #passedOver = 0
  #isBusy = false
  #isClosed = false

  constructor(perSecond: number, looking: Looking, onBug: (error: unknown) => void) {
    this.#pace = new Pace(perSecond)
    this.#looking = looking
    this.#onBug = onBug
  }

  set perSecond(perSecond: number) {
    if (this.#pace.periodMs !== 1000 / perSecond) this.#pace = new Pace(perSecond)
  }

  waitMs(now: number): number {
    return this.#pace.waitMs(now)
  }

  /** Takes the picture if it is due. */
  offer(shot: Shot, now: number): void {
    if (this.#isClosed || !this.#pace.isDue(now)) return
    if (this.#waiting !== null) {
      this.#waiting.drop()
      this.#passedOver++
    }
    this.#waiting = shot.hold()
    this.tryAgain()
  }

  tryAgain(): void {
    if (this.#isBusy || this.#isClosed || this.#waiting === null || !this.#looking.isReady()) return
    this.#isBusy = true
    this.#run()
      .catch((error: unknown) => this.#onBug(error))
      .finally(() => {
        this.#isBusy = false
        this.tryAgain()
      })
  }

  close(): void {
    this.#isClosed = true
    this.#waiting?.drop()
    this.#waiting = null
  }

  async #run(): Promise<void> {
    const end = await this.#looking.turn?.()
    const shot = this.#waiting
    this.#waiting = null
    try {
      if (shot !== null && !this.#isClosed) await this.#lookAt(shot)
    } finally {
      shot?.drop()
      end?.()
    }
  }

  async #lookAt(shot: Shot): Promise<void> {
    let image: Image
    try {
      image = await shot.image()
    } catch {
      return // no picture: the tile says so
    }
    const passedOver = this.#passedOver
    this.#passedOver = 0
    await this.#looking.look(image, shot.header, passedOver)
  }
}

/** Turns at one thing, in the order in which they were asked for. */
export class Turns {
  #last: Promise<void> = Promise.resolve()

  take(): Promise<() => void> {
    const before = this.#last
    let end = () => {}
    this.#last = new Promise((resolve) => {
      end = resolve
    })
    return before.then(() => end)
  }
}
