/**
 * Which of the screens that offered is the analyst: the first, for as long as it stays, then the next at once. One that can decode
 * video goes before one that cannot. Two at a time would send every picture twice.
 */
import type { Session } from '../../rpc/handlers.ts'

export interface Offer {
  readonly session: Session
  readonly decodesVideo: boolean
}

export class Lease {
  readonly #onChange: () => void
  /** In the order in which they came. */
  readonly #offers = new Set<Offer>()
  #chosen: Offer | null = null

  constructor(onChange: () => void) {
    this.#onChange = onChange
  }

  get chosen(): Offer | null {
    return this.#chosen
  }

  /** Returns what takes the offer back. */
  join(offer: Offer): () => void {
    this.#offers.add(offer)
    this.#choose()
    return () => {
      if (this.#offers.delete(offer)) this.#choose()
    }
  }

  #choose(): void {
    const before = this.#chosen
    const offers = [...this.#offers]
    const able = offers.filter((offer) => offer.decodesVideo)
    const best = able.length > 0 ? able : offers
    if (before === null || !best.includes(before)) this.#chosen = best[0] ?? null
    if (this.#chosen !== before) this.#onChange()
  }
}
