/** What a full disk takes away, oldest first: trends and events, because nobody has to act on one, and only then ended alerts. */
import type { Database } from 'better-sqlite3'
import type { AlertWrites } from './alert-writes.ts'
import type { EventWrites } from './event-writes.ts'
import type { Facets } from './facets.ts'
import { firstPlaceAt } from './places.ts'
import type { TrendWrites } from './trend-rows.ts'

export interface Roomy {
  readonly db: Database
  readonly facets: Facets
  readonly alerts: AlertWrites
  readonly events: EventWrites
  readonly trends: TrendWrites
}

const prunedWhenFull = 200
/** Deleting is written to the log first: a large transaction would not fit on the disk it is to relieve. */
const prunedAtATime = 20
/** Each piece costs the disk a write of its own: the rest is taken the next time. */
const trendPieces = 10
const trendsAtATime = 200

/** Returns how many rows went. */
export function pruneOldest({ db, facets, alerts, events, trends }: Roomy): number {
  let gone = 0
  const piece = <T>(prune: () => T): T => {
    db.exec('BEGIN IMMEDIATE')
    const pruned = prune()
    facets.flush()
    db.exec('COMMIT')
    db.pragma('wal_checkpoint(RESTART)')
    return pruned
  }
  let points = 0
  for (let n = 0, from = 0; n < trendPieces; n++) {
    const pruned = piece(() => trends.prune(Number.MAX_SAFE_INTEGER, 0, from, trendsAtATime))
    if (pruned.series === null) break
    points += pruned.gone
    from = pruned.series
  }
  for (let more = true; more && gone < prunedWhenFull; ) {
    const pruned = piece(() => events.prune(Number.MAX_SAFE_INTEGER, prunedAtATime))
    gone += pruned
    more = pruned === prunedAtATime
  }
  for (let from: number | null = 0; from !== null && gone < prunedWhenFull; ) {
    const place: number = from
    const pruned = piece(() => alerts.prune(firstPlaceAt(Number.MAX_SAFE_INTEGER), place, prunedAtATime))
    gone += pruned.gone
    from = pruned.next
  }
  return gone + points
}
