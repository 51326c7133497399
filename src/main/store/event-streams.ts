/** Descending streams of events by (at, seq): one index range, and many of them merged into one. */
export interface EventKey {
  readonly at: number
  readonly seq: number
}

/** Keys below `below`, newest first, at most `limit` of them. */
export type ReadKeys = (below: EventKey, limit: number) => readonly EventKey[]

const firstPiece = 8
const longestPiece = 256

/** One index range, read in growing pieces: most pages end long before the range does. */
export class KeyRange {
  readonly #read: ReadKeys
  #held: readonly EventKey[] = []
  #next = 0
  #pieceSize = firstPiece
  #below: EventKey
  #ended = false

  constructor(read: ReadKeys, below: EventKey) {
    this.#read = read
    this.#below = below
  }

  /** Null at the end. */
  peek(): EventKey | null {
    if (this.#next >= this.#held.length && !this.#ended) this.#fill()
    return this.#held[this.#next] ?? null
  }

  advance(): void {
    this.#next += 1
  }

  #fill(): void {
    this.#held = this.#read(this.#below, this.#pieceSize)
    this.#next = 0
    if (this.#held.length < this.#pieceSize) this.#ended = true
    this.#below = this.#held.at(-1) ?? this.#below
    this.#pieceSize = Math.min(this.#pieceSize * 2, longestPiece)
  }
}

export interface Strand {
  /** No event of it is newer: until the merge is down to this, the strand need not be read at all. */
  readonly newest: number
  readonly range: KeyRange
}

/** The union of strands that share no event, newest first. */
export function* merged(strands: readonly Strand[]): Generator<EventKey> {
  const sleeping = strands.toSorted((a, b) => a.newest - b.newest)
  const awake: KeyRange[] = []
  for (;;) {
    let best = newestOf(awake)
    // An equal time wakes a strand as well: its event may be the later of the two.
    for (let top = sleeping.at(-1); top !== undefined; top = sleeping.at(-1)) {
      if (best !== null && top.newest < best.key.at) break
      sleeping.pop()
      awake.push(top.range)
      const key = top.range.peek()
      if (key !== null && (best === null || isNewer(key, best.key))) best = { range: top.range, key }
    }
    if (best === null) return
    best.range.advance()
    yield best.key
  }
}

interface Head {
  readonly range: KeyRange
  readonly key: EventKey
}

/** Those that have ended fall out of `awake`. */
function newestOf(awake: KeyRange[]): Head | null {
  let best: Head | null = null
  let going = 0
  for (const range of awake) {
    const key = range.peek()
    if (key === null) continue
    awake[going] = range
    going += 1
    if (best === null || isNewer(key, best.key)) best = { range, key }
  }
  awake.length = going
  return best
}

function isNewer(a: EventKey, b: EventKey): boolean {
  return a.at > b.at || (a.at === b.at && a.seq > b.seq)
}
