/** The alerts table as rows: their columns, how a row becomes an alert, and the statements that read single alerts. */
import type { Database, Statement } from 'better-sqlite3'
import type { Alert, AlertId, AlertState, BlueLight, Evidence, Transition } from '../../contract/alerts.ts'
import type { DeviceId } from '../../contract/devices.ts'
import type { LinkId } from '../../contract/links.ts'
import type { Standing } from './alert-machine.ts'

export interface AlertRow {
  readonly seq: number
  readonly id: AlertId
  readonly place: number
  readonly class: number
  readonly facet: number
  readonly source: LinkId
  readonly source_id: string
  readonly kind: Alert['kind']
  readonly priority: Alert['priority']
  readonly state: AlertState
  readonly under: AlertState | null
  readonly device: DeviceId | ''
  readonly device_name: string | null
  readonly device_group: string | null
  readonly location: string | null
  readonly text: string
  readonly raised_at: number
  readonly received_at: number
  readonly late: number
  readonly clock_suspect: number
  readonly blue: string | null
  readonly evidence: string | null
  readonly silenced_at: number | null
  readonly acknowledged_at: number | null
  readonly acknowledged_by: string | null
  readonly ack_delivery: Alert['ackDelivery']
  readonly cleared_at: number | null
  readonly shelved_until: number | null
  readonly disposition: Alert['disposition']
  readonly note: string | null
  readonly duplicates: number
}

export interface TransitionRow {
  readonly seq: number
  readonly alert: number
  readonly alert_id: AlertId
  readonly kind: Transition['kind']
  readonly from_state: AlertState | null
  readonly to_state: AlertState
  readonly at: number
  readonly by: string
  readonly note: string | null
  readonly until: number | null
  readonly disposition: Transition['disposition']
}

const transitionColumns = `t.seq, t.alert, a.id AS alert_id, t.kind, t.from_state, t.to_state, t.at, t.by, t.note,
  t.until, t.disposition FROM transitions t JOIN alerts a ON a.seq = t.alert`

export interface AlertReads {
  readonly byId: Statement<[string], AlertRow>
  readonly bySeq: Statement<[number], AlertRow>
  readonly byPlace: Statement<[number], AlertRow>
  readonly byMessage: Statement<[string, string, string], AlertRow>
  readonly transitions: Statement<[number], TransitionRow>
  /** Of many alerts at once, given as a JSON list of seqs: `all` costs 20 µs before its first row. */
  readonly transitionsOf: Statement<[string], TransitionRow>
  readonly transitionsAfter: Statement<[number, number], TransitionRow>
  readonly hasLater: Statement<[number, number], number>
  readonly told: Statement<[number], { readonly by: string; readonly note: string | null }>
  readonly raw: Statement<[number], { readonly raw: string }>
}

export function alertReads(db: Database): AlertReads {
  return {
    byId: db.prepare('SELECT * FROM alerts WHERE id = ?'),
    bySeq: db.prepare('SELECT * FROM alerts WHERE seq = ?'),
    byPlace: db.prepare('SELECT * FROM alerts WHERE place = ?'),
    byMessage: db.prepare('SELECT * FROM alerts WHERE source = ? AND device = ? AND source_id = ?'),
    transitions: db.prepare(`SELECT ${transitionColumns} WHERE t.alert = ? ORDER BY t.seq`),
    transitionsOf: db.prepare(
      `SELECT ${transitionColumns} JOIN json_each(?) wanted ON wanted.value = t.alert ORDER BY t.seq`,
    ),
    transitionsAfter: db.prepare(`SELECT ${transitionColumns} WHERE t.seq > ? ORDER BY t.seq LIMIT ?`),
    hasLater: db.prepare<[number, number], number>(
      'SELECT 1 FROM transitions WHERE alert = ? AND seq > ? LIMIT 1',
    ),
    told: db.prepare(`SELECT by, note FROM transitions WHERE alert = ? AND kind <> 'raise' ORDER BY seq`),
    raw: db.prepare('SELECT raw FROM raws WHERE alert = ?'),
  }
}

export function alertOf(row: AlertRow): Alert {
  const blue: BlueLight | null = row.blue === null ? null : JSON.parse(row.blue)
  const evidence: Evidence | null = row.evidence === null ? null : JSON.parse(row.evidence)
  return {
    id: row.id,
    seq: row.seq,
    source: row.source,
    sourceId: row.source_id,
    kind: row.kind,
    priority: row.priority,
    state: row.state,
    device: row.device === '' ? null : row.device,
    deviceName: row.device_name,
    group: row.device_group,
    location: row.location,
    text: row.text,
    raisedAt: row.raised_at,
    receivedAt: row.received_at,
    late: row.late === 1,
    clockSuspect: row.clock_suspect === 1,
    blue,
    evidence,
    silencedAt: row.silenced_at,
    acknowledgedAt: row.acknowledged_at,
    acknowledgedBy: row.acknowledged_by,
    ackDelivery: row.ack_delivery,
    clearedAt: row.cleared_at,
    shelvedUntil: row.shelved_until,
    disposition: row.disposition,
    note: row.note,
    duplicates: row.duplicates,
  }
}

export function standingOf(row: AlertRow): Standing {
  return { alert: alertOf(row), under: row.under }
}

export function transitionOf(row: TransitionRow): Transition {
  return {
    seq: row.seq,
    alert: row.alert_id,
    kind: row.kind,
    from: row.from_state,
    to: row.to_state,
    at: row.at,
    by: row.by,
    note: row.note,
    until: row.until,
    disposition: row.disposition,
  }
}

/** What search looks at in the alert itself; the words of people (`told`) come on top. */
export function searchedTexts(alert: Alert): readonly (string | null)[] {
  return [alert.text, alert.source, alert.device, alert.deviceName, alert.group, alert.location]
}
