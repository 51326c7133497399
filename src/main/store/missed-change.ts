/** Rebuilds the news of commits that reached the disk while nobody could be told: the writer died in between. */
import type { AlertEntry } from '../../contract/alerts.ts'
import type { Change, Store } from './store.ts'

export async function mergedChange(
  store: Pick<Store, 'journal' | 'orders' | 'counts'>,
  after: number,
  atATime: number,
  timelineHead: number,
): Promise<Change> {
  const entries: AlertEntry[] = []
  for (let from = after; ; from = entries.at(-1)?.seq ?? from) {
    const piece = await store.journal(from, atATime)
    entries.push(...piece)
    if (piece.length < atATime) break
  }
  const orders = await store.orders(atATime)
  return { entries, touched: [], orders, ordersGone: [], timelineHead, counts: await store.counts() }
}
