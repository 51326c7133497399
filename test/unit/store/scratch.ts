/** What the store tests share: a folder of their own, an open store that is closed again, alerts to put in. */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { onTestFinished } from 'vitest'
import { AlertId } from '../../../src/contract/alerts.ts'
import { DeviceId } from '../../../src/contract/devices.ts'
import { LinkId } from '../../../src/contract/links.ts'
import { silentLog } from '../../../src/main/log.ts'
import { openStore, type StoreOptions } from '../../../src/main/store/open-store.ts'
import type { NewAlert, NewOrder, Store } from '../../../src/main/store/store.ts'

export const hub = LinkId.parse('hub')
export const start = Date.UTC(2026, 0, 15, 8)

export function scratchDir(): string {
  const dir = mkdtempSync(join(tmpdir(), 'watchfloor-store-'))
  onTestFinished(() => rmSync(dir, { recursive: true, force: true }))
  return dir
}

export async function scratchStore(dir = scratchDir(), options: Partial<StoreOptions> = {}): Promise<Store> {
  const store = await openStore({ dir, log: silentLog, appVersion: '0.0.0', ...options })
  onTestFinished(() => store.close())
  return store
}

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
