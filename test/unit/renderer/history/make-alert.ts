/** One plausible alert for the History tests, and a store in a few lines that pages the way the contract says. */
import type { Alert, AlertFilter, AlertPage, PageCursor } from '../../../../src/contract/alerts.ts'
import { AlertId } from '../../../../src/contract/alerts.ts'
import { DeviceId } from '../../../../src/contract/devices.ts'
import { LinkId } from '../../../../src/contract/links.ts'
import { makeAlert as anyAlert } from '../../../fakes/alerts.ts'

export function makeAlert(seq: number, raisedAt: number, more: Partial<Alert> = {}): Alert {
  return anyAlert(seq, {
    id: AlertId.parse(`alert-${seq}`),
    seq,
    source: LinkId.parse('hub'),
    sourceId: `m-${seq}`,
    device: DeviceId.parse(`cam-${seq % 7}`),
    deviceName: `Camera ${seq % 7}`,
    location: 'Hall',
    text: `Blue light ${seq}`,
    raisedAt,
    receivedAt: raisedAt + 20,
    ...more,
  })
}

function isBefore(row: Alert, cursor: PageCursor): boolean {
  return row.raisedAt < cursor.raisedAt || (row.raisedAt === cursor.raisedAt && row.seq < cursor.seq)
}

export function pageOf(
  alerts: readonly Alert[],
  ask: { filter: AlertFilter; after: PageCursor | null; limit: number },
): AlertPage {
  const { filter, after, limit } = ask
  const kept = alerts
    .filter(
      (row) =>
        (filter.from === undefined || row.raisedAt >= filter.from) && row.raisedAt <= (filter.to ?? Infinity),
    )
    .filter((row) => after === null || isBefore(row, after))
    .toSorted((one, other) => other.raisedAt - one.raisedAt || other.seq - one.seq)
  const rows = kept.slice(0, limit)
  const last = rows.at(-1)
  return {
    rows,
    next: kept.length > limit && last ? { raisedAt: last.raisedAt, seq: last.seq } : null,
    total: kept.length,
  }
}
