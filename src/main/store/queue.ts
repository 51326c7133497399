/**
 * First in, first out, without moving everything at each step. Never holds more of what was taken than still waits: a taken request
 * may have a picture in it.
 */
export class Queue<T> {
  #held: T[] = []
  #at = 0

  get size(): number {
    return this.#held.length - this.#at
  }

  push(one: T): void {
    this.#held.push(one)
  }

  shift(): T | undefined {
    const one = this.#held[this.#at]
    if (one === undefined) return undefined
    this.#at += 1
    // What is copied is at most as much as was taken since the last time.
    if (this.#at * 2 >= this.#held.length) {
      this.#held = this.#held.slice(this.#at)
      this.#at = 0
    }
    return one
  }
}
