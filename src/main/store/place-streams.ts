/** Descending streams of places: one index range, and many of them merged into one. */
/** `peek` is null at the end. */
export interface PlaceStream {
  peek(): number | null
  next(): void
}

/** One index range, read in growing pieces: most pages end long before the range does. */
export class RangeStream implements PlaceStream {
  readonly #read: (atMost: number, limit: number) => readonly number[]
  #held: readonly number[] = []
  #at = 0
  #pieceSize = 8
  #from: number
  #ended = false

  constructor(read: (atMost: number, limit: number) => readonly number[], from: number) {
    this.#read = read
    this.#from = from
  }

  peek(): number | null {
    if (this.#at >= this.#held.length) this.#fill()
    return this.#held[this.#at] ?? null
  }

  next(): void {
    this.#at += 1
  }

  #fill(): void {
    if (this.#ended) return
    this.#held = this.#read(this.#from, this.#pieceSize)
    this.#at = 0
    const last = this.#held.at(-1)
    if (this.#held.length < this.#pieceSize) this.#ended = true
    if (last !== undefined) this.#from = last - 1
    this.#pieceSize = Math.min(this.#pieceSize * 2, 256)
  }
}

/** The union of streams that share no place. `newest` lets a stream sleep until its first place can matter. */
export class MergedStream implements PlaceStream {
  readonly #sleeping: { readonly newest: number; readonly stream: PlaceStream }[]
  #awake: PlaceStream[] = []
  #first: PlaceStream | null = null

  constructor(streams: readonly { readonly newest: number; readonly stream: PlaceStream }[]) {
    this.#sleeping = streams.toSorted((a, b) => a.newest - b.newest)
  }

  peek(): number | null {
    if (this.#first === null) this.#first = this.#highest()
    return this.#first?.peek() ?? null
  }

  next(): void {
    this.peek()
    this.#first?.next()
    this.#first = null
  }

  #highest(): PlaceStream | null {
    let best: PlaceStream | null = null
    let bestPlace = Number.NEGATIVE_INFINITY
    const awake: PlaceStream[] = []
    for (const stream of this.#awake) {
      const place = stream.peek()
      if (place === null) continue
      awake.push(stream)
      if (place > bestPlace) [best, bestPlace] = [stream, place]
    }
    this.#awake = awake
    for (
      let top = this.#sleeping.at(-1);
      top !== undefined && top.newest > bestPlace;
      top = this.#sleeping.at(-1)
    ) {
      this.#sleeping.pop()
      const place = top.stream.peek()
      if (place === null) continue
      this.#awake.push(top.stream)
      if (place > bestPlace) [best, bestPlace] = [top.stream, place]
    }
    return best
  }
}
