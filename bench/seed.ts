/** Lays down a history of many alerts in a data folder, through the store's own writing code, for benches that need one. */
import type { AlertState, Priority } from '../src/contract/alerts.ts'
import { AlertId } from '../src/contract/alerts.ts'
import { DeviceId } from '../src/contract/devices.ts'
import { LinkId } from '../src/contract/links.ts'
import { AlertWrites, type Entering } from '../src/main/store/alert-writes.ts'
import { newCommit } from '../src/main/store/commit.ts'
import { openDatabaseFile } from '../src/main/store/database-file.ts'
import { Facets } from '../src/main/store/facets.ts'

const perTransaction = 20_000
const spreadMs = 30 * 86_400_000
const devices = 200
const places = ['Cổng Bắc', 'Đường Trần Phú', 'Harbour gate', 'Depot 7', 'Cầu Long Biên', 'Ring road east']
const scenes = [
  'near the fence',
  'on the ramp',
  'two vehicles',
  'moving slowly',
  'standing still',
  'behind the bus',
]
const sources = ['hub', 'hub', 'hub', 'relay', 'relay', 'north'] as const

/** Mostly over and done with, as a real history is; a few open ones of every state; rare kinds among them. */
function stateOf(n: number, count: number): AlertState {
  const fromEnd = count - n
  if (fromEnd <= 300) return fromEnd % 3 === 0 ? 'acknowledged-active' : 'unacknowledged-active'
  if (n % 5000 === 17) return 'unacknowledged-cleared'
  if (n % 20_000 === 23) return 'shelved'
  if (n % 900 === 5) return 'suppressed-by-design'
  if (n % 50_000 === 41) return 'out-of-service'
  return 'cleared'
}

function priorityOf(n: number): Priority {
  if (n % 1000 === 3) return 'critical'
  if (n % 10 === 1) return 'high'
  return n % 3 === 0 ? 'low' : 'medium'
}

export function seededAlert(n: number, count: number, lastAt: number): Entering {
  const device = (n * 7919) % devices
  const raisedAt = Math.round(lastAt - spreadMs * ((count - n) / count)) - (n % 100 === 9 ? 400_000 : 0)
  const isRare = n % 40_000 === 77
  return {
    id: AlertId.parse(`seed-${n.toString(36).padStart(7, '0')}`),
    source: LinkId.parse(sources[device % sources.length] ?? 'hub'),
    sourceId: `seed-${n}-${((n * 2654435761) % 4294967296).toString(16)}`,
    kind: isRare ? 'device-silent' : 'blue-light',
    priority: priorityOf(n),
    state: stateOf(n, count),
    device: DeviceId.parse(`cam-${String(device).padStart(3, '0')}`),
    deviceName: `Camera ${device}`,
    group: `group ${device % 8}`,
    location: places[device % places.length] ?? null,
    text: isRare
      ? `Nothing heard for ${n % 90} s`
      : `Blue light ${scenes[n % scenes.length]}${n % 10_007 === 11 ? ' convoy' : ''}`,
    raisedAt,
    receivedAt: raisedAt + (n % 100 === 9 ? 400_000 : 40),
    late: n % 100 === 9,
    clockSuspect: false,
    blue: { intensity: ((n * 31) % 100) / 100, confidence: 0.9 },
    picture: null,
    raw: `{"type":"blueAlert","messageId":"seed-${n}","deviceId":"cam-${device}","blueIntensity":0.8}`,
  }
}

/** A million take less than a minute: nothing is flushed until the end, which no running store would do. */
export async function seedAlerts(dir: string, count: number): Promise<void> {
  const lastAt = Date.now()
  const { db } = openDatabaseFile({ dir, now: lastAt })
  try {
    db.pragma('synchronous = OFF')
    db.pragma('wal_autocheckpoint = 20000')
    db.pragma('cache_size = -400000')
    const facets = new Facets(db)
    const alerts = new AlertWrites(db, facets)
    for (let from = 0; from < count; from += perTransaction) {
      const commit = newCommit()
      db.exec('BEGIN IMMEDIATE')
      for (let n = from; n < Math.min(count, from + perTransaction); n += 1) {
        alerts.raise(seededAlert(n, count, lastAt), commit)
      }
      facets.flush()
      alerts.flushWords(commit)
      db.exec('COMMIT')
      await new Promise((resolve) => setImmediate(resolve))
    }
    db.pragma('synchronous = FULL')
    db.pragma('optimize')
    db.pragma('wal_checkpoint(TRUNCATE)')
  } finally {
    db.close()
  }
}
