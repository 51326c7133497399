/** The load of one life: cameras that send as fast as they are acknowledged, with repeats, cut lines and pictures among it. */
import type { Camera } from '../fakes/camera.ts'
import type { Random } from '../fakes/random.ts'

/** A valid 1 × 1 PNG: the smallest evidence there is. */
const picture =
  'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=='

/** Alerts one camera has in flight. Enough to fill several commits, few enough that a life of 100 ms sees many acks. */
const inFlight = 24

export class Load {
  readonly #cameras: readonly Camera[]
  readonly #random: Random
  #timer: NodeJS.Timeout | null = null

  constructor(cameras: readonly Camera[], random: Random) {
    this.#cameras = cameras
    this.#random = random
  }

  /** Connects all of them; what they hold from the life before goes out first. */
  async start(hub: string): Promise<void> {
    await Promise.all(this.#cameras.map((camera) => camera.connect(hub)))
    this.#timer = setInterval(() => this.#send(), 4)
    this.#send()
  }

  /** After the kill: waits until every socket knows. */
  async end(): Promise<void> {
    if (this.#timer !== null) clearInterval(this.#timer)
    await Promise.all(this.#cameras.map((camera) => camera.closed()))
  }

  #send(): void {
    for (const camera of this.#cameras) {
      if (!camera.isOpen || camera.waiting >= inFlight) continue
      const burst = this.#random.between(1, 4)
      for (let n = 0; n < burst; n += 1) {
        const imageData = this.#random.chance(0.05) ? { imageData: picture } : {}
        const id = camera.alert({ intensity: this.#random.next(), ...imageData })
        if (this.#random.chance(0.1)) camera.again(id)
      }
      if (this.#random.chance(0.02)) camera.resend()
    }
  }
}
