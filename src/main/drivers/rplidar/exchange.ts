/** Questions and answers on one opening of the port, one at a time. Everything is bounded in time; nothing outlives the opening. */
import type { Clock } from '../../io/clock.ts'
import type { SerialLine } from '../../io/serial.ts'
import { answers, type Command, descriptorAt, descriptorBytes, isSame, request } from './packets.ts'
import { joined } from './point.ts'

type Answered = keyof typeof answers

/** Bytes that are no answer, while one is waited for: enough for what a device prints when it starts. */
const mostNoise = 4096

interface Waiting {
  readonly command: Answered
  readonly done: (answer: Uint8Array | null) => void
  bytes: Uint8Array
}

export class Exchange {
  readonly line: SerialLine
  readonly #clock: Clock
  readonly #sent: (command: Command, bytes: Uint8Array) => void
  #waiting: Waiting | null = null
  #flow: ((bytes: Uint8Array, at: number) => void) | null = null
  /** Bytes that came, over all. */
  heard = 0

  constructor(line: SerialLine, clock: Clock, sent: (command: Command, bytes: Uint8Array) => void) {
    this.line = line
    this.#clock = clock
    this.#sent = sent
  }

  feed(bytes: Uint8Array, at: number): void {
    this.heard += bytes.length
    const waiting = this.#waiting
    if (waiting === null) {
      this.#flow?.(bytes, at)
      return
    }
    const all = joined(waiting.bytes, bytes)
    waiting.bytes = all.length > mostNoise ? all.slice(-mostNoise) : all
    const wanted = answers[waiting.command]
    for (let start = 0; start + descriptorBytes <= waiting.bytes.length; start += 1) {
      const found = descriptorAt(waiting.bytes, start)
      if (found === null || !isSame(found, wanted)) continue
      const data = waiting.bytes.slice(start + descriptorBytes)
      if (wanted.repeats) {
        waiting.done(new Uint8Array(0))
        if (data.length > 0) this.#flow?.(data, at)
      } else if (data.length >= wanted.bytes) waiting.done(data.slice(0, wanted.bytes))
      return
    }
  }

  /** Where the data of a scan goes. */
  flow(to: ((bytes: Uint8Array, at: number) => void) | null): void {
    this.#flow = to
  }

  /** Null: no such answer in time, or the port was closed. For a scan the answer is its announcement, and is empty. */
  ask(command: Answered, withinMs: number): Promise<Uint8Array | null> {
    return new Promise((resolve) => {
      const done = (answer: Uint8Array | null) => {
        cancel()
        if (this.#waiting === waiting) this.#waiting = null
        resolve(answer)
      }
      const waiting: Waiting = { command, done, bytes: new Uint8Array(0) }
      this.#waiting?.done(null)
      this.#waiting = waiting
      const cancel = this.#clock.after(withinMs, () => done(null))
      this.send(command).catch(() => done(null))
    })
  }

  /** For requests without an answer. Rejects on a closed port. */
  async send(command: Command): Promise<void> {
    const bytes = request(command)
    await this.line.write(bytes)
    this.#sent(command, bytes)
  }

  close(): void {
    this.#waiting?.done(null)
    this.#flow = null
  }

  pause(ms: number): Promise<void> {
    return new Promise((resolve) => void this.#clock.after(ms, resolve))
  }
}
