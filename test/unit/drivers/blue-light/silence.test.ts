/** Which silences are alarms: the pure judge as a table, and the same through the hub's roster with a clock moved by hand. */
import fc from 'fast-check'
import { expect, test } from 'vitest'
import type { StatusMessage } from '../../../../src/main/drivers/blue-light/message.ts'
import { Roster } from '../../../../src/main/drivers/blue-light/roster.ts'
import { judge, type Watched } from '../../../../src/main/drivers/blue-light/silence.ts'
import { HandClock } from './hand-clock.ts'
import { contextFor, hubProfile, knownDevice, Ledger } from './stand.ts'

const budgetMs = 60_000

function camera(id: string, heardAt: number, more: Partial<Watched> = {}): Watched {
  return { id, heardAt, lostAt: null, silent: false, alarm: 'none', ...more }
}

const heard = (id: string) => camera(id, 100_000)

const table: readonly (readonly [string, readonly Watched[], number, readonly object[]])[] = [
  ['all heard', [heard('a'), heard('b')], 110_000, []],
  ['exactly at the budget', [camera('a', 0)], 60_000, []],
  [
    'one just over it: told, not yet an alarm',
    [camera('a', 0), heard('b')],
    60_001,
    [{ do: 'mark-silent', id: 'a' }],
  ],
  [
    'one silent past the window',
    [camera('a', 0, { silent: true }), heard('b')],
    65_000,
    [{ do: 'raise-device', id: 'a' }],
  ],
  [
    'two of two past the window are two alarms',
    [camera('a', 0, { silent: true }), camera('b', 0, { silent: true })],
    65_000,
    [
      { do: 'raise-device', id: 'a' },
      { do: 'raise-device', id: 'b' },
    ],
  ],
  [
    'three of four within 5 s are one',
    [
      camera('a', 0, { silent: true }),
      camera('b', 2000, { silent: true }),
      camera('c', 5000, { silent: true }),
      heard('d'),
    ],
    65_001,
    [{ do: 'raise-link', ids: ['a', 'b', 'c'], fellAt: 60_000 }],
  ],
  [
    'three of seven are three',
    [...['a', 'b', 'c'].map((id) => camera(id, 0, { silent: true })), ...['d', 'e', 'f', 'g'].map(heard)],
    65_000,
    ['a', 'b', 'c'].map((id) => ({ do: 'raise-device', id })),
  ],
  [
    'sockets that closed together count before their budgets are over',
    [
      camera('a', 0, { silent: true, lostAt: 20_000 }),
      camera('b', 10_000, { lostAt: 21_000 }),
      camera('c', 19_000, { lostAt: 24_000 }),
    ],
    60_001,
    [{ do: 'raise-link', ids: ['a', 'b', 'c'], fellAt: 20_000 }],
  ],
  [
    'one old alarm does not hide a common fault',
    [
      camera('old', 0, { silent: true, alarm: 'own' }),
      ...['a', 'b', 'c'].map((id) => camera(id, 50_000, { silent: true })),
    ],
    110_001,
    [{ do: 'raise-link', ids: ['a', 'b', 'c'], fellAt: 110_000 }],
  ],
]

test.each(table)('%s', (_name, cameras, now, decisions) => {
  expect(judge(cameras, null, now, budgetMs)).toEqual(decisions)
})

test('no camera is both an alarm of its own and part of the link alarm, and none is judged early', () => {
  const cameras = fc.uniqueArray(
    fc.record({
      id: fc.string({ minLength: 1, maxLength: 4 }),
      heardAt: fc.integer({ min: 0, max: 200_000 }),
      lostAt: fc.option(fc.integer({ min: 0, max: 200_000 })),
      silent: fc.boolean(),
      alarm: fc.constantFrom('none' as const, 'own' as const, 'root' as const),
    }),
    { selector: (one) => one.id, maxLength: 12 },
  )
  fc.assert(
    fc.property(cameras, fc.integer({ min: 0, max: 300_000 }), fc.boolean(), (all, now, hasRoot) => {
      const root = hasRoot ? { fellAt: 1000, firstBackAt: null } : null
      const decisions = judge(all, root, now, budgetMs)
      const own = decisions.flatMap((one) => (one.do === 'raise-device' ? [one.id] : []))
      const together = decisions.flatMap((one) => (one.do === 'raise-link' ? one.ids : []))
      expect(own.filter((id) => together.includes(id))).toEqual([])
      for (const id of own) expect(all.find((one) => one.id === id)?.heardAt).toBeLessThan(now - budgetMs)
      if (together.length > 0) expect(together.length).toBeGreaterThanOrEqual(3)
    }),
  )
})

function heartbeat(deviceId: string, at: number): StatusMessage {
  return {
    is: 'heartbeat',
    deviceId,
    deviceName: `Camera ${deviceId}`,
    dialect: 'a',
    at,
    timestamp: at,
    messageId: null,
    group: null,
    replay: false,
  }
}

function rosterWith(knownIds: readonly string[]) {
  const clock = new HandClock()
  const ledger = new Ledger()
  const knownDevices = knownIds.map((id) => knownDevice(id, { heardAt: clock.now() - 1000 }))
  const roster = new Roster(contextFor(hubProfile, ledger, { clock, knownDevices }), {
    link: hubProfile.id,
    linkName: 'Hub',
    heartbeatMs: 30_000,
    alertsPerMinute: 60,
    alertBurst: 200,
    raisesSilence: true,
  })
  const beat = (id: string) =>
    roster.heard(roster.meet(id), heartbeat(id, clock.now()), clock.now(), clock.monotonic())
  const kinds = () => ledger.raised.map((fact) => fact.kind)
  return { clock, ledger, roster, beat, kinds }
}

test('a camera that falls silent is one alarm, cleared with the time it was gone', () => {
  const { clock, ledger, beat, kinds } = rosterWith([])
  beat('a')
  beat('b')
  for (let s = 0; s < 90; s += 10) {
    clock.advance(10_000)
    beat('b')
  }
  expect(kinds()).toEqual(['device-silent'])
  expect(ledger.raised[0]).toMatchObject({ device: 'a', priority: 'high' })
  expect(ledger.device('a')?.state).toBe('silent')
  beat('a')
  expect(ledger.of('alert-cleared').at(-1)).toMatchObject({ device: 'a', note: 'heard again after 90 s' })
  expect(ledger.device('a')?.state).toBe('live')
})

test('a link that takes all cameras is one alarm, and ends when they are back', () => {
  const { clock, ledger, beat, kinds } = rosterWith([])
  for (const id of ['a', 'b', 'c', 'd']) beat(id)
  clock.advance(70_000)
  expect(kinds()).toEqual(['link-silent'])
  expect(ledger.raised[0]?.text).toContain('4 cameras of Hub fell silent together: Camera a, Camera b')
  for (const id of ['a', 'b', 'c']) beat(id)
  clock.advance(1000)
  const ends = () => ledger.of('alert-cleared').filter((fact) => fact.kind === 'link-silent')
  expect(ends()).toEqual([])
  beat('d')
  expect(ends()).toHaveLength(1)
  expect(kinds()).toEqual(['link-silent'])
})

test('a camera that does not come back with the others becomes an alarm of its own', () => {
  const { clock, ledger, beat, kinds } = rosterWith([])
  for (const id of ['a', 'b', 'c', 'd']) beat(id)
  clock.advance(70_000)
  for (let s = 0; s < 80; s += 10) {
    for (const id of ['a', 'b', 'c']) beat(id)
    clock.advance(10_000)
  }
  expect(kinds()).toEqual(['link-silent', 'device-silent'])
  expect(ledger.raised[1]?.device).toBe('d')
  expect(ledger.of('alert-cleared').filter((fact) => fact.kind === 'link-silent')).toHaveLength(1)
})

test('a camera known from before that never comes back is missed, once, under the same id after every restart', () => {
  const ids = [1, 2].map(() => {
    const { clock, ledger, kinds } = rosterWith(['a'])
    clock.advance(60_000)
    expect(kinds()).toEqual([])
    clock.advance(10_000)
    expect(kinds()).toEqual(['device-silent'])
    return ledger.raised[0]?.sourceId
  })
  expect(ids[0]).toBe(ids[1])
})

test('an alarm the store could not keep is raised again', async () => {
  const { clock, ledger, beat, kinds } = rosterWith([])
  ledger.mode = 'broken'
  beat('a')
  clock.advance(70_000)
  expect(kinds()).toEqual(['device-silent'])
  ledger.mode = 'at-once'
  await Promise.resolve()
  await Promise.resolve()
  clock.advance(10_000)
  expect(kinds()).toEqual(['device-silent', 'device-silent'])
  expect(ledger.committed.size).toBe(1)
})

test('a monitor that falls silent is shown and is no alarm', () => {
  const { clock, ledger, roster, kinds } = rosterWith([])
  const register = {
    ...heartbeat('m', clock.now()),
    is: 'register',
    role: 'monitor',
    capabilities: [],
    location: null,
    version: null,
  } as const
  roster.heard(roster.meet('m'), register, clock.now(), clock.monotonic())
  clock.advance(70_000)
  expect(kinds()).toEqual([])
  expect(ledger.device('m')?.state).toBe('silent')
})

test('coverage follows: data, then silent from the last evidence on', () => {
  const { clock, ledger, beat } = rosterWith([])
  const start = clock.now()
  beat('a')
  clock.advance(61_000)
  expect(ledger.of('coverage-changed')).toMatchObject([
    { source: 'hub/a', state: 'data', at: start },
    { source: 'hub/a', state: 'silent', at: start },
  ])
})
