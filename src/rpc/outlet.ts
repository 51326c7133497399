/** The one sender of a wire: never more than one message under way, each made when its turn comes, so nothing queues unasked. */
import type { Wire, WireMessage } from './wire.ts'
import { ignoreClosed } from './wire-end.ts'

/** Something with news. Asked for one message when its turn comes; null when there is nothing after all. */
export interface NewsSource {
  next(): WireMessage | null
}

export class Outlet {
  readonly #wire: Wire
  /** Answers go first: there are few, and somebody waits for each. */
  #answers: string[] = []
  /** In turns: a source that has more goes to the end. */
  readonly #ready = new Set<NewsSource>()
  #sending = false
  #closed = false

  constructor(wire: Wire) {
    this.#wire = wire
  }

  get answersWaiting(): number {
    return this.#answers.length
  }

  answer(text: string): void {
    if (this.#closed) return
    this.#answers.push(text)
    this.#go()
  }

  ready(source: NewsSource): void {
    if (this.#closed) return
    this.#ready.add(source)
    this.#go()
  }

  forget(source: NewsSource): void {
    this.#ready.delete(source)
  }

  close(): void {
    this.#closed = true
    this.#answers = []
    this.#ready.clear()
  }

  #go(): void {
    if (!this.#sending) this.#send().catch(ignoreClosed)
  }

  async #send(): Promise<void> {
    this.#sending = true
    try {
      for (let message = this.#next(); message !== undefined; message = this.#next()) {
        await this.#wire.send(message)
      }
    } finally {
      // In the same step as the last look for news, or news in between would wait for ever.
      this.#sending = false
    }
  }

  #next(): WireMessage | undefined {
    const answer = this.#answers.shift()
    if (answer !== undefined) return answer
    for (const source of this.#ready) {
      this.#ready.delete(source)
      const message = source.next()
      if (message !== null) return message
    }
    return undefined
  }
}
