/** Alerts for tests: whole rows with only what the test is about spelled out. */
import { type Alert, AlertId } from '../../src/contract/alerts.ts'
import { LinkId } from '../../src/contract/links.ts'

export function makeAlert(n: number, fields: Partial<Alert> = {}): Alert {
  return {
    id: AlertId.parse(`alert-${n}`),
    seq: n + 1,
    source: LinkId.parse('blue-light'),
    sourceId: `message-${n}`,
    kind: 'blue-light',
    priority: 'high',
    state: 'unacknowledged-active',
    device: null,
    deviceName: null,
    group: null,
    location: null,
    text: `Alert ${n}`,
    raisedAt: 1_700_000_000_000 + n,
    receivedAt: 1_700_000_000_000 + n,
    late: false,
    clockSuspect: false,
    blue: null,
    evidence: null,
    silencedAt: null,
    acknowledgedAt: null,
    acknowledgedBy: null,
    ackDelivery: 'none',
    clearedAt: null,
    shelvedUntil: null,
    disposition: null,
    note: null,
    duplicates: 0,
    ...fields,
  }
}
