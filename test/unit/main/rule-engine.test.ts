/** Rules over a real store: what is committed becomes an alert once, and a test of a rule says what the engine did. */
import { createHash } from 'node:crypto'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import fc from 'fast-check'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { Alert } from '../../../src/contract/alerts.ts'
import type { Rule } from '../../../src/contract/rules.ts'
import { createIngest } from '../../../src/main/ingest.ts'
import { createLive, type Live } from '../../../src/main/live/live.ts'
import { silentLog } from '../../../src/main/log.ts'
import { RuleEngine } from '../../../src/main/rule-engine.ts'
import { tryRule } from '../../../src/main/rule-trial.ts'
import { openStore } from '../../../src/main/store/open-store.ts'
import type { NewEvent, Store } from '../../../src/main/store/store.ts'
import { HandClock } from '../drivers/blue-light/hand-clock.ts'
import { cameraId, cameraRow, newEvent, noon, rule } from './detections.ts'

let dir: string
let clock: HandClock
let store: Store
let live: Live
let engine: RuleEngine

beforeEach(async () => {
  dir = mkdtempSync(join(tmpdir(), 'watchfloor-rules-'))
  clock = new HandClock(noon)
  await open()
})

afterEach(async () => {
  await close()
  rmSync(dir, { recursive: true, force: true })
})

async function open(): Promise<void> {
  store = await openStore({ dir, log: silentLog, appVersion: '0.0.0' })
  live = createLive({ clock, refillAlerts: async () => [], sourceOf: () => undefined })
  live.cameras.set(cameraRow())
  const ingest = createIngest({ store, live, clock, log: silentLog, wake() {} })
  engine = new RuleEngine({ store, live, clock, log: silentLog, zone: () => 'UTC', raise: ingest.raise })
}

async function close(): Promise<void> {
  await engine.close()
  await store.close()
}

/** Stores the events one commit at a time, then waits for what they raise. */
async function detect(...events: NewEvent[]): Promise<void> {
  for (const event of events) await store.addEvent(event)
  await engine.idle()
}

async function alerts(): Promise<Alert[]> {
  const { rows } = await store.page({}, null, 500)
  return rows.toSorted((a, b) => a.seq - b.seq)
}

const jpeg = Buffer.from([0xff, 0xd8, 0xff, 0xd9])
const picture = {
  bytes: jpeg,
  evidence: {
    sha256: createHash('sha256').update(jpeg).digest('hex'),
    mime: 'image/jpeg' as const,
    widthPx: 8,
    heightPx: 8,
    sizeBytes: jpeg.length,
  },
}

describe('an event that fits a rule', () => {
  it('becomes an alert, with its picture, and the others do not', async () => {
    live.rules.set(rule({ kinds: ['face-unknown'] }))
    await detect(newEvent(1, { picture }), newEvent(2, { kind: 'motion' }))
    const [alert, ...others] = await alerts()
    expect(others).toEqual([])
    expect(alert).toMatchObject({
      kind: 'detection',
      source: 'front',
      device: 'door',
      location: 'Quay 4',
      evidence: picture.evidence,
      state: 'unacknowledged-active',
      duplicates: 0,
    })
    const detail = await store.get(alert?.id ?? expect.fail('no alert'))
    expect(JSON.parse(detail.raw ?? '')).toMatchObject({ instruction: 'Call the guard.', event: { seq: 1 } })
  })

  it('is nothing to a rule that is switched off, and one alert to each that is on', async () => {
    live.rules.set(rule({}, { enabled: false }), rule({}, { id: 'a' }), rule({}, { id: 'b' }))
    await detect(newEvent(1))
    expect((await alerts()).map(({ sourceId }) => sourceId).sort()).toEqual(['rule:a:1', 'rule:b:1'])
  })

  it('begins to fit as it grows, and raises once however long it grows', async () => {
    live.rules.set(rule({ confidenceAtLeast: 0.9 }, { holdOffS: 0 }))
    await detect(newEvent(1, { confidence: 0.5 }))
    expect(await alerts()).toEqual([])
    for (let n = 1; n <= 5; n++)
      await detect(newEvent(1, { confidence: 0.9 + n / 100, lastAt: noon + n * 2000, count: n }))
    expect(await alerts()).toMatchObject([{ sourceId: 'rule:night:1', duplicates: 0 }])
  })

  it('is held off per rule, camera and person', async () => {
    live.rules.set(rule({}, { holdOffS: 60 }))
    await detect(
      newEvent(1),
      newEvent(2),
      newEvent(3, { camera: cameraId('gate') }),
      newEvent(4, { kind: 'face-recognized', person: 'Linh' }),
      newEvent(60),
      newEvent(61),
    )
    const seqs = (await alerts()).map(({ sourceId }) => sourceId.split(':')[2])
    expect(seqs.sort()).toEqual(['1', '3', '4', '6'])
  })

  it('raises no second alert when it is told again after a restart', async () => {
    live.rules.set(rule({}, { holdOffS: 60 }))
    await detect(newEvent(1), newEvent(2))
    expect(await alerts()).toHaveLength(1)
    await close()
    await open()
    live.rules.set(rule({}, { holdOffS: 60 }))
    await detect(newEvent(1), newEvent(2))
    await detect(newEvent(1, { count: 9 }))
    expect(await alerts()).toHaveLength(1)
  })

  it('that comes late is marked so, and held off like any other', async () => {
    live.rules.set(rule({}, { holdOffS: 600 }))
    const hour = 3600
    clock.advance(3 * hour * 1000)
    const backlog = Array.from({ length: 30 }, (_, n) => newEvent(hour + n * 10))
    await detect(newEvent(3 * hour), ...backlog)
    const raised = await alerts()
    expect(raised.map(({ late }) => late)).toEqual([false, true])
    expect(raised.map(({ clockSuspect }) => clockSuspect)).toEqual([false, true])
  })

  it('is nothing to a rule that was removed', async () => {
    live.rules.set(rule())
    await detect(newEvent(1))
    live.rules.delete('night')
    await detect(newEvent(500))
    expect(await alerts()).toHaveLength(1)
  })

  it('may raise again when the store could not keep its alert', async () => {
    live.rules.set(rule())
    let isFull = true
    const failing = new RuleEngine({
      store,
      live,
      clock,
      log: silentLog,
      zone: () => 'UTC',
      raise: async (fact) => {
        if (isFull) throw new Error('disk full')
        raised.push(fact.sourceId)
        return { seq: 1, duplicate: false }
      },
    })
    const raised: string[] = []
    await store.addEvent(newEvent(1))
    await failing.idle()
    isFull = false
    await store.addEvent(newEvent(1, { count: 2 }))
    await failing.close()
    expect(raised).toEqual(['rule:night:1'])
  })
})

describe('a test of a rule', () => {
  const trial = (tried: Rule, more: { limit?: number; days?: number } = {}) =>
    tryRule(store, { rule: tried, days: 7, now: clock.now(), zone: 'UTC', ...more })

  it('says what the engine did', async () => {
    const event = fc.record({
      atS: fc.integer({ min: 0, max: 7200 }),
      kind: fc.constantFrom('face-unknown', 'face-recognized', 'motion'),
      camera: fc.constantFrom('door', 'gate'),
      confidence: fc.constantFrom(null, 0.3, 0.9),
    })
    const [sample] = fc.sample(fc.array(event, { minLength: 150, maxLength: 150 }), { numRuns: 1, seed: 7 })
    const rules = [
      rule({ kinds: ['face-unknown'], confidenceAtLeast: 0.5 }, { id: 'a', holdOffS: 300 }),
      rule({ cameras: [cameraId('gate')], hours: { from: 720, to: 780 } }, { id: 'b', holdOffS: 0 }),
      rule({}, { id: 'c', holdOffS: 30 }),
    ]
    live.rules.set(...rules)
    await detect(
      ...(sample ?? []).map(({ atS, camera, ...more }, n) =>
        newEvent(n, { ...more, at: noon + atS * 1000, lastAt: noon + atS * 1000, camera: cameraId(camera) }),
      ),
    )
    clock.advance(7200_000)
    const raised = await alerts()
    for (const tried of rules) {
      const did = raised.filter(({ sourceId }) => sourceId.startsWith(`rule:${tried.id}:`)).length
      const said = await trial(tried)
      expect(said).toMatchObject({ alerts: did, complete: true })
      expect(said.matches).toBeGreaterThanOrEqual(did)
      expect(said.perDay).toBeCloseTo(did / 7)
      expect(did).toBeGreaterThan(0)
      expect(said.samples.length).toBe(Math.min(20, did))
    }
  })

  it('raises nothing and shows what would have been raised, the newest first', async () => {
    for (let n = 0; n < 30; n++) await store.addEvent(newEvent(n * 100))
    clock.advance(3600_000)
    const said = await trial(rule())
    expect(said).toMatchObject({ looked: 30, matches: 30, alerts: 30 })
    expect(said.samples.map(({ seq }) => seq)).toEqual(Array.from({ length: 20 }, (_, n) => 30 - n))
    expect(await alerts()).toEqual([])
  })

  it('looks no further back than it was asked, nor at more than its limit', async () => {
    const dayMs = 24 * 3600_000
    for (let n = 0; n < 40; n++) await store.addEvent(newEvent(n, { at: noon - n * (dayMs / 10) }))
    expect(await trial(rule(), { days: 1 })).toMatchObject({
      looked: 11,
      complete: true,
      fromAt: noon - dayMs,
    })
    const stopped = await trial(rule(), { limit: 20 })
    expect(stopped).toMatchObject({ looked: 20, complete: false, fromAt: noon - 1.9 * dayMs })
    expect(stopped.perDay).toBeCloseTo(20 / 1.9)
  })
})
