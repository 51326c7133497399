/**
 * Which answer belongs to which picture. By the id the server echoes, with up to four pictures on their way; else by order,
 * with one. Where order is all there is, one lost answer ends the trust in it: only a new socket, on which no old answer can
 * come, may carry the next picture. Pure.
 */

export const answerWithinMs = 5000
const windowWithIds = 4
/** Ids of pictures that are no longer waited for, to tell a late or repeated answer from a foreign one. */
const rememberedIds = 64

interface Flying<P> {
  readonly frameId: string
  readonly picture: P
  readonly sentMono: number
}

/** What tells an answer without an id from one that came before. */
export interface Mark {
  /** The server's own time of it. */
  readonly at: number
  readonly digest: string
}

export type Landing<P> =
  | { readonly is: 'answer'; readonly picture: P; readonly tookMs: number }
  /** An answer to no picture that waits for one. */
  | { readonly is: 'stray'; readonly why: 'late' | 'repeated' | 'unknown' }

export class Flight<P> {
  #flying: Flying<P>[] = []
  #echoes = false
  #isBroken = false
  #hasIds = false
  #hasSent = false
  readonly #over = new Map<string, 'late' | 'repeated'>()
  /** Answers without an id that were used, as far as they carry the server's time: word for word the same, it is the same. */
  readonly #used = new Set<string>()
  #usedAt = Number.NEGATIVE_INFINITY

  /** A new socket. `hasIds`: this form of the message carries our id, so an id that comes back may be ours. Returns what is lost. */
  begin(hasIds: boolean): readonly P[] {
    const lost = this.#flying.map(({ picture }) => picture)
    this.#flying = []
    this.#echoes = false
    this.#isBroken = false
    this.#hasIds = hasIds
    this.#hasSent = false
    this.#over.clear()
    this.#used.clear()
    this.#usedAt = Number.NEGATIVE_INFINITY
    return lost
  }

  get room(): number {
    if (this.#isBroken) return 0
    return Math.max(0, (this.#echoes ? windowWithIds : 1) - this.#flying.length)
  }

  get size(): number {
    return this.#flying.length
  }

  /** The server has echoed an id on this socket. */
  get echoes(): boolean {
    return this.#echoes
  }

  /** Order can no longer be trusted: nothing may be sent before `begin`. */
  get isBroken(): boolean {
    return this.#isBroken
  }

  /** False without room. */
  add(frameId: string, picture: P, sentMono: number): boolean {
    if (this.room === 0) return false
    this.#hasSent = true
    this.#flying.push({ frameId, picture, sentMono })
    return true
  }

  /** Call `expire` first. `mark`: where the answer carries the server's own time. */
  land(frameId: string | null, mono: number, mark: Mark | null): Landing<P> {
    const byId = this.#hasIds && frameId !== null
    if (byId) {
      const known = this.#flying.find((one) => one.frameId === frameId)
      if (known === undefined) return { is: 'stray', why: this.#over.get(frameId) ?? 'unknown' }
      this.#echoes = true
      return this.#settle(known, mono)
    }
    // A server that echoes ids and leaves one out: nobody knows which picture that is about.
    if (this.#echoes || this.#isBroken) return { is: 'stray', why: 'unknown' }
    // With one picture on its way each answer is made after the one before: what is older was said before.
    if (mark !== null && (mark.at < this.#usedAt || this.#used.has(mark.digest)))
      return { is: 'stray', why: 'repeated' }
    const [only] = this.#flying
    if (only === undefined) {
      // It says more than it was asked: who knows what its next answer is about.
      if (this.#hasSent) this.#isBroken = true
      return { is: 'stray', why: 'unknown' }
    }
    if (mark !== null) this.#remember(mark)
    return this.#settle(only, mono)
  }

  /**
   * The server says that something went wrong. With an id it is about that picture; without, it may be the answer to the one on
   * its way or about anything else, so order is no longer to be trusted. Returns the pictures that will have no result.
   */
  fail(frameId: string | null): readonly P[] {
    if (this.#hasIds && frameId !== null) {
      const known = this.#flying.find((one) => one.frameId === frameId)
      if (known === undefined) return []
      this.#echoes = true
      this.#remove(known, 'repeated')
      return [known.picture]
    }
    if (this.#echoes || this.#flying.length === 0) return []
    return this.#break()
  }

  /** Those whose answer did not come within its budget. */
  expire(mono: number): readonly P[] {
    const lost = this.#flying.filter(({ sentMono }) => mono - sentMono >= answerWithinMs)
    if (lost.length === 0) return []
    if (!this.#echoes) return this.#break()
    for (const one of lost) this.#remove(one, 'late')
    return lost.map(({ picture }) => picture)
  }

  #remember({ at, digest }: Mark): void {
    this.#usedAt = at
    this.#used.add(digest)
    const [oldest] = this.#used
    if (this.#used.size > rememberedIds && oldest !== undefined) this.#used.delete(oldest)
  }

  #break(): readonly P[] {
    const lost = this.#flying.map(({ picture }) => picture)
    this.#flying = []
    this.#isBroken = true
    return lost
  }

  #settle(one: Flying<P>, mono: number): Landing<P> {
    this.#remove(one, 'repeated')
    return { is: 'answer', picture: one.picture, tookMs: Math.max(0, mono - one.sentMono) }
  }

  #remove(one: Flying<P>, then: 'late' | 'repeated'): void {
    this.#flying = this.#flying.filter((other) => other !== one)
    this.#over.set(one.frameId, then)
    const [oldest] = this.#over.keys()
    if (this.#over.size > rememberedIds && oldest !== undefined) this.#over.delete(oldest)
  }
}
