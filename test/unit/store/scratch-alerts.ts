/** Alerts and orders to put into a store. Knows nothing of the test runner: processes of their own use it too. */
import { AlertId } from '../../../src/contract/alerts.ts'
import { DeviceId } from '../../../src/contract/devices.ts'
import { LinkId } from '../../../src/contract/links.ts'
import type { NewAlert, NewOrder } from '../../../src/main/store/store.ts'

export const hub = LinkId.parse('hub')
export const start = Date.UTC(2026, 0, 15, 8)

export function id(n: number | string): AlertId {
  return AlertId.parse(`alert-${n}`)
}
export function camera(n: number | string): DeviceId {
  return DeviceId.parse(`cam-${n}`)
}

export function alert(n: number | string, more: Partial<NewAlert> = {}): NewAlert {
  const at = start + (typeof n === 'number' ? n * 1000 : 0)
  return {
    id: id(n),
    source: hub,
    sourceId: `message-${n}`,
    kind: 'blue-light',
    priority: 'high',
    state: 'unacknowledged-active',
    device: camera(1),
    deviceName: 'North gate',
    group: null,
    location: 'Quay 4',
    text: 'Blue light seen',
    raisedAt: at,
    receivedAt: at + 20,
    late: false,
    clockSuspect: false,
    blue: { intensity: 0.9 },
    picture: null,
    raw: null,
    ...more,
  }
}

export function order(n: number | string, more: Partial<NewOrder> = {}): NewOrder {
  return {
    id: `order-${n}`,
    link: hub,
    target: 'cam-1',
    type: 'acknowledge-alert',
    text: 'Acknowledge',
    alert: null,
    order: JSON.stringify({ n }),
    createdAt: start,
    ...more,
  }
}
