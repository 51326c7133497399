/** The face engine of this screen: loaded when it is first needed, tried again when that failed, and taught whom it is to know. */
import type { Client } from '../data/client.ts'
import type { DeviceFaceEngine } from './device-faces.ts'
import { numbersText } from './device-look.ts'
import type { Turns } from './look.ts'

interface Parts {
  readonly client: Client
  readonly turns: Turns
  /** It is there now. */
  onReady(): void
  /** Why it does not run; empty when it does. */
  onTrouble(text: string): void
}

const againMs = 30_000
const photoTimeoutMs = 20_000

export class Engine {
  readonly #parts: Parts
  #engine: DeviceFaceEngine | null = null
  #isLoading = false
  /** Learned, or told why not; asked for no second time. */
  readonly #done = new Set<string>()
  #wanted: readonly string[] = []
  #isLearning = false

  constructor(parts: Parts) {
    this.#parts = parts
  }

  /** Null while it is being loaded, or cannot be. */
  readonly get = (): DeviceFaceEngine | null => this.#engine

  need(): void {
    if (this.#engine !== null || this.#isLoading) return
    this.#isLoading = true
    this.#load().catch((error: unknown) => {
      this.#parts.onTrouble(error instanceof Error ? error.message : String(error))
      setTimeout(() => {
        this.#isLoading = false
        this.need()
      }, againMs)
    })
  }

  set photos(ids: readonly string[]) {
    this.#wanted = ids
    for (const id of this.#done) if (!ids.includes(id)) this.#done.delete(id)
    if (ids.length > 0) this.need()
    void this.#learnAll()
  }

  async #load(): Promise<void> {
    // Its models and its WebAssembly weigh more than the rest of the page: only who needs it loads it.
    const { loadDeviceFaces } = await import('./device-faces.ts')
    this.#engine = await loadDeviceFaces()
    this.#parts.onTrouble('')
    this.#parts.onReady()
    await this.#learnAll()
  }

  async #learnAll(): Promise<void> {
    if (this.#isLearning || this.#engine === null) return
    this.#isLearning = true
    try {
      for (let id = this.#next(); id !== undefined; id = this.#next()) {
        this.#done.add(id)
        await this.#learn(this.#engine, id)
      }
    } finally {
      this.#isLearning = false
    }
  }

  #next(): string | undefined {
    return this.#wanted.find((id) => !this.#done.has(id))
  }

  async #learn(engine: DeviceFaceEngine, id: string): Promise<void> {
    const { client, turns } = this.#parts
    const jpeg = await photo(client, id)
    if (jpeg === null) return
    const end = await turns.take()
    let learned: Awaited<ReturnType<DeviceFaceEngine['learn']>>
    try {
      learned = await engine.learn(jpeg)
    } finally {
      end()
    }
    const found =
      'embedding' in learned
        ? { embedding: numbersText(learned.embedding), reason: '' }
        : { embedding: null, reason: learned.reason.slice(0, 500) }
    await client.call('analysis.learned', { id, ...found }).catch(() => {}) // told again when it is still wanted
  }
}

/** Null when it is not to be had. */
function photo(client: Client, id: string): Promise<Uint8Array | null> {
  return new Promise((resolve) => {
    const settle = (jpeg: Uint8Array | null) => {
      clearTimeout(timer)
      close()
      resolve(jpeg)
    }
    const timer = setTimeout(() => settle(null), photoTimeoutMs)
    const close = client.feed(
      'analysis.photo',
      { id },
      (_header, bytes) => settle(bytes),
      () => settle(null),
    )
  })
}
