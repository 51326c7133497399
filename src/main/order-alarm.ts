/** The alarm for an order a peer refused: what was asked, of whom, and the peer's words. */
import type { DeviceId } from '../contract/devices.ts'
import type { AlertRaised } from './fact.ts'
import type { DueOrder } from './store/store.ts'

export function orderAlarm(row: DueOrder, reason: string, at: number): AlertRaised {
  return {
    type: 'alert-raised',
    source: row.link,
    sourceId: `parked:${row.id}`,
    kind: 'order-parked',
    priority: 'medium',
    device: row.target as DeviceId,
    deviceName: null,
    group: null,
    location: null,
    text: `${row.target} refused "${row.text}": ${reason}`,
    raisedAt: at,
    receivedAt: at,
    late: false,
    clockSuspect: false,
    blue: null,
    picture: null,
    raw: null,
  }
}
