/** What this screen does as the analyst: offers itself, and while it is chosen keeps one eye on each camera it is told to. */
import type { AnalystTasks } from '../../contract/analysis.ts'
import type { CameraId } from '../../contract/cameras.ts'
import type { Client } from '../data/client.ts'
import { Engine } from './engine.ts'
import { Eye } from './eye.ts'
import { Turns } from './look.ts'

const againMs = 3000

export class Desk {
  readonly #client: Client
  readonly #onBug: (error: unknown) => void
  readonly #eyes = new Map<CameraId, Eye>()
  readonly #turns = new Turns()
  readonly #engine: Engine

  constructor(client: Client, onBug: (error: unknown) => void) {
    this.#client = client
    this.#onBug = onBug
    this.#engine = new Engine({
      client,
      turns: this.#turns,
      onReady: () => {
        for (const eye of this.#eyes.values()) eye.engineChanged()
      },
      onTrouble: (text) => this.#trouble(null, text),
    })
    // Without a pipe there is nobody to look for; on the next one another may have been chosen.
    client.onStatus((status) => {
      if (status.is !== 'ready') this.#rest()
    })
    this.#offer()
  }

  #offer(): void {
    const close = this.#client.feed(
      'analysis.tasks',
      { decodesVideo: 'VideoDecoder' in globalThis },
      (tasks) => this.#take(tasks),
      () => {
        close()
        this.#rest()
        setTimeout(() => this.#offer(), againMs)
      },
    )
  }

  #take({ isChosen, cameras, photos }: AnalystTasks): void {
    if (!isChosen) {
      this.#rest()
      return
    }
    for (const task of cameras) {
      const eye = this.#eyes.get(task.camera) ?? this.#open(task.camera)
      eye.task = task
    }
    const watched = new Set(cameras.map(({ camera }) => camera))
    for (const [camera, eye] of this.#eyes) {
      if (watched.has(camera)) continue
      eye.close()
      this.#eyes.delete(camera)
    }
    if (cameras.some(({ faces }) => faces === 'device')) this.#engine.need()
    this.#engine.photos = photos
  }

  #open(camera: CameraId): Eye {
    const eye = new Eye(camera, {
      client: this.#client,
      turns: this.#turns,
      engine: this.#engine.get,
      now: () => performance.now(),
      trouble: (of, text) => this.#trouble(of, text),
      onBug: this.#onBug,
    })
    this.#eyes.set(camera, eye)
    return eye
  }

  #rest(): void {
    for (const eye of this.#eyes.values()) eye.close()
    this.#eyes.clear()
    this.#engine.photos = []
  }

  #trouble(camera: CameraId | null, text: string): void {
    this.#client.call('analysis.trouble', { camera, text: text.slice(0, 500) }).catch(() => {}) // not chosen any more
  }
}
