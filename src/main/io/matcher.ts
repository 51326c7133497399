/** Finds a mark in bytes that come in chunks, however they are split, looking at each byte at most twice (Knuth–Morris–Pratt). */

export class Matcher {
  readonly #mark: Buffer
  /** For each matched length: the longest shorter one that also fits. */
  readonly #fallback: readonly number[]
  #matched = 0
  #work = 0

  constructor(mark: Buffer) {
    this.#mark = mark
    const fallback = [0, 0]
    for (let at = 1, length = 0; at < mark.length; at += 1) {
      while (length > 0 && mark[at] !== mark[length]) length = fallback[length] ?? 0
      if (mark[at] === mark[length]) length += 1
      fallback.push(length)
    }
    this.#fallback = fallback
  }

  /** Forgets a half found mark. */
  reset(): void {
    this.#matched = 0
  }

  /** Whether a line is the mark, perhaps with dashes around it. */
  is(line: string): boolean {
    const name = this.#mark.toString('latin1').slice(2)
    return line.replace(/^-+/, '') === name
  }

  takeWork(): number {
    const work = this.#work
    this.#work = 0
    return work
  }

  #step(byte: number | undefined): void {
    this.#work += 1
    while (this.#matched > 0 && byte !== this.#mark[this.#matched])
      this.#matched = this.#fallback[this.#matched] ?? 0
    if (byte === this.#mark[this.#matched]) this.#matched += 1
  }

  /** Where the mark that is complete first ends, or -1; then the next chunk goes on where this one stopped. */
  find(chunk: Buffer, from: number): number {
    let at = from
    while (at < chunk.length && this.#matched > 0) {
      this.#step(chunk[at])
      at += 1
      if (this.#matched === this.#mark.length) return this.#found(at)
    }
    if (at === chunk.length) return -1
    const start = chunk.indexOf(this.#mark, at)
    if (start >= 0) {
      this.#work += start - at + this.#mark.length
      return this.#found(start + this.#mark.length)
    }
    this.#work += chunk.length - at
    // The mark may begin in the last bytes.
    for (let tail = Math.max(at, chunk.length - this.#mark.length + 1); tail < chunk.length; tail += 1)
      this.#step(chunk[tail])
    return -1
  }

  #found(end: number): number {
    this.#matched = 0
    return end
  }
}
