/** Figures to the fact on screen. The newest source time wins, whichever way it came. */
import type { LinkId } from '../../../../contract/links.ts'
import type { Statistics } from '../../../../contract/statistics.ts'
import type { Figures } from '../messages.ts'

/** Three of the server's rounds. */
export const statisticsBudgetMs = 15_000
/** Further back than two answers can overtake each other: the server's clock was set, or the zone of the link is wrong. */
const overtakingMs = 60_000

export class NewestStatistics {
  #at: number | null = null

  /** Null when newer figures are already known. */
  take(
    link: LinkId,
    figures: Figures,
    at: number,
    receivedAt: number,
    via: 'socket' | 'polling',
  ): Statistics | null {
    const last = this.#at
    if (last !== null && at < last && last - at < overtakingMs) return null
    this.#at = at
    return { id: link, ...figures, at, receivedAt, budgetMs: statisticsBudgetMs, via }
  }
}
