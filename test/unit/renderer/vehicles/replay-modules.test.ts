import { describe, expect, test } from 'vitest'
import { type BusFrame, RegisterMap } from '../../../../src/contract/modules.ts'
import { ReplayModules } from '../../../../src/renderer/features/vehicles/replay-modules.ts'
import { map } from '../../../fakes/vehicles.ts'

const begin = Date.UTC(2026, 0, 2, 3, 4, 5)
const known = [{ unit: 2, kind: 'power', name: 'Power', map: map.id }] as const
const renamed = RegisterMap.parse({
  ...map,
  id: 'power-old',
  registers: [{ address: 0, name: 'volts', text: 'Volts', type: 'u16', access: 'r' }],
})
const maps = [map, renamed]

function reply(ms: number, more: Partial<BusFrame> = {}): BusFrame {
  return {
    at: begin + ms,
    direction: 'reply',
    unit: 2,
    fn: 3,
    hex: '',
    text: '2 words',
    trouble: '',
    tookMs: 2,
    ...more,
  }
}

function silence(ms: number, unit = 2): BusFrame {
  return reply(ms, { unit, text: 'no answer', trouble: 'timeout', tookMs: null })
}

function replayed(frames: readonly BusFrame[]) {
  const modules = new ReplayModules()
  modules.add(frames)
  return modules
}

describe('the modules of a replay', () => {
  test('have the values of that moment, with the ages of their own readings', () => {
    const modules = replayed([
      reply(0, { values: { 'battery-voltage': 25.4 } }),
      reply(500, { values: { soc: 80 } }),
    ])
    expect(modules.modules(known, maps)).toEqual([
      {
        unit: 2,
        kind: 'power',
        name: 'Power',
        map: map.id,
        state: 'online',
        stateSince: begin,
        values: { 'battery-voltage': 25.4, soc: 80 },
        // A group is as old as the oldest of it.
        readAt: { main: begin },
      },
    ])
    modules.add([reply(1000, { values: { 'battery-voltage': 23.1 } })])
    expect(modules.modules(known, maps)[0]).toMatchObject({
      values: { 'battery-voltage': 23.1, soc: 80 },
      readAt: { main: begin + 500 },
    })
    expect(modules.at).toBe(begin + 1000)
  })

  test('do not answer after three misses in a row, and do again with the next answer', () => {
    const modules = replayed([reply(0, { values: { soc: 80 } }), silence(100), silence(200)])
    expect(modules.modules(known, maps)[0]?.state).toBe('online')
    modules.add([silence(300)])
    expect(modules.modules(known, maps)[0]).toMatchObject({
      state: 'offline',
      stateSince: begin + 300,
      values: { soc: 80 },
      readAt: { main: begin },
    })
    modules.add([reply(400, { trouble: 'exception' })])
    expect(modules.modules(known, maps)[0]).toMatchObject({ state: 'online', stateSince: begin + 400 })
  })

  test('are those that answered, and those still known that did not; an address nobody is at is none', () => {
    const nobody = [0, 1, 2].map((n) => silence(n, 9))
    expect(replayed(nobody).modules(known, maps)).toEqual([])
    const silent = replayed([0, 1, 2].map((n) => silence(n)))
    expect(silent.modules(known, maps)).toMatchObject([
      { unit: 2, name: 'Power', state: 'offline', readAt: {} },
    ])
    expect(replayed([reply(0, { unit: 7 })]).modules(known, maps)).toMatchObject([
      { unit: 7, name: '', kind: 'unknown', map: null },
    ])
  })

  test('what was not used, or belongs to nobody, changes nothing', () => {
    const modules = replayed([
      reply(0, { values: { soc: 80 } }),
      ...(['late', 'stray', 'echo'] as const).map((trouble) => reply(1, { trouble })),
      reply(2, { direction: 'noise', unit: null, trouble: 'shape' }),
      reply(3, { direction: 'request' }),
    ])
    expect(modules.modules(known, maps)).toMatchObject([{ state: 'online', values: { soc: 80 } }])
  })

  test('are read by the map that has the recorded names, where the module has another one by now', () => {
    const modules = replayed([reply(0, { values: { volts: 25 } })])
    expect(modules.modules(known, maps)[0]?.map).toBe('power-old')
    expect(modules.modules([], maps)[0]).toMatchObject({
      map: 'power-old',
      kind: 'power',
      name: 'Power, for tests',
    })
    expect(modules.modules(known, [map])[0]?.map).toBeNull()
  })
})
