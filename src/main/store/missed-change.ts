/** Rebuilds the news of commits that reached the disk while nobody could be told: the writer died in between. */
import type { AlertEntry } from '../../contract/alerts.ts'
import type { Change, Store, StoredEvent } from './store.ts'

export interface Missed extends Pick<Store, 'journal' | 'orders' | 'counts' | 'kept'> {
  addedEvents(after: number, upTo: number, limit: number): Promise<readonly StoredEvent[]>
}
/** What was told last; of events and timeline also where the disk stood when the writer came back. */
export interface Gap {
  readonly journalFrom: number
  readonly eventsFrom: number
  readonly eventHead: number
  readonly timelineHead: number
}

/**
 * Events added in the gap are told. One that only grew in it is not: it is told again when it next grows, and a page reads
 * it as it is.
 */
export async function mergedChange(store: Missed, gap: Gap, atATime: number): Promise<Change> {
  const entries: AlertEntry[] = []
  for (let from = gap.journalFrom; ; from = entries.at(-1)?.seq ?? from) {
    const piece = await store.journal(from, atATime)
    entries.push(...piece)
    if (piece.length < atATime) break
  }
  const events: StoredEvent[] = []
  for (let from = gap.eventsFrom; from < gap.eventHead; from = events.at(-1)?.event.seq ?? from) {
    const piece = await store.addedEvents(from, gap.eventHead, atATime)
    events.push(...piece)
    if (piece.length < atATime) break
  }
  const orders = await store.orders(atATime)
  const [counts, rules] = [await store.counts(), await store.kept('rule')]
  const { timelineHead } = gap
  return { entries, touched: [], orders, ordersGone: [], timelineHead, counts, events, rules }
}
