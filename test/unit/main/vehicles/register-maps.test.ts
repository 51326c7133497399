/** Register maps as data: ours are sound, a user's own is taken, a bad one is left out and its reason told. */
import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { loadRegisterMaps, readMap } from '../../../../src/main/vehicles/register-maps.ts'

let dataDir: string
beforeEach(() => {
  dataDir = mkdtempSync(join(tmpdir(), 'maps-'))
})
afterEach(() => rmSync(dataDir, { recursive: true, force: true }))

function put(name: string, content: unknown): void {
  mkdirSync(join(dataDir, 'register-maps'), { recursive: true })
  const text = typeof content === 'string' ? content : JSON.stringify(content)
  writeFileSync(join(dataDir, 'register-maps', name), text)
}

const lamp = { address: 1, name: 'lamp', text: 'Lamp', type: 'u16', access: 'rw' }
const small = {
  id: 'lift',
  kind: 'unknown',
  title: 'A lift',
  source: 'its manual',
  match: { type: 9 },
  polls: { main: { everyMs: 1000, budgetMs: 3000 } },
  registers: [lamp],
}
const withRegister = (change: object) => ({ ...small, registers: [{ ...lamp, ...change }] })

describe('the maps that come with it', () => {
  test('are all of the folder, each named after its id, and none is in trouble', () => {
    const { maps, troubles } = loadRegisterMaps(dataDir)
    const folder = fileURLToPath(new URL('../../../../resources/register-maps', import.meta.url))
    expect(maps.map(({ id }) => `${id}.json`).sort()).toEqual(readdirSync(folder).sort())
    expect(troubles).toEqual([])
  })

  test('declare a fail-safe for every output, and never claim one nobody stated', () => {
    for (const map of loadRegisterMaps(dataDir).maps)
      for (const { onStop, failSafe, name } of map.registers) {
        if (onStop !== undefined) expect([map.id, name, failSafe]).toEqual([map.id, name, 'unknown'])
        if (failSafe !== undefined) expect(failSafe).toBe('unknown')
      }
  })

  test('hold both revisions of motor and dock, and both scalings of the power module', () => {
    const maps = new Map(loadRegisterMaps(dataDir).maps.map((map) => [map.id, map]))
    const scaleOf = (map: string) =>
      maps.get(map)?.registers.find(({ name }) => name === 'battery-temperature')?.scale
    expect([scaleOf('power'), scaleOf('power-x10')]).toEqual([1, 0.1])
    const stops = (map: string) =>
      maps
        .get(map)
        ?.registers.flatMap(({ name, onStop }) => (onStop === undefined ? [] : [`${name}=${onStop}`]))
    expect(stops('motor-handler')).toEqual(['enable=0'])
    expect(stops('motor-two')).toEqual(['motor-1-enable=0', 'motor-2-enable=0'])
    expect(maps.get('safety')?.polls.main?.everyMs).toBe(500)
    expect(maps.get('dock-handler')?.polls.main?.everyMs).toBe(50)
  })
})

describe('a file of the user', () => {
  test('is taken, and takes the place of ours with the same id', () => {
    put('lift.json', small)
    put('safety.json', { ...small, id: 'safety', kind: 'safety' })
    const { maps, troubles } = loadRegisterMaps(dataDir)
    expect(troubles).toEqual([])
    expect(maps.find(({ id }) => id === 'lift')?.title).toBe('A lift')
    expect(maps.filter(({ id }) => id === 'safety').map(({ title }) => title)).toEqual(['A lift'])
  })

  test('that is bad is left out with file and reason, and the others stay', () => {
    put('broken.json', '{"id": ')
    put('lift.json', { ...small, colour: 'red' })
    put('other.json', small)
    put('notes.txt', 'not looked at')
    const { maps, troubles } = loadRegisterMaps(dataDir)
    expect(troubles).toHaveLength(3)
    expect(troubles[0]).toMatch(/^register-maps\/broken\.json is left out: it is no JSON/)
    expect(troubles[1]).toMatch(/^register-maps\/lift\.json is left out: .*colour/)
    expect(troubles[2]).toMatch(/other\.json is left out: its id is "lift": name the file lift\.json/)
    expect(maps.some(({ id }) => id === 'lift')).toBe(false)
    expect(maps.length).toBeGreaterThanOrEqual(8)
  })

  test.each([
    [
      'two of one name',
      { ...small, registers: [lamp, { ...lamp, address: 2 }] },
      /"lamp": another one has this name/,
    ],
    [
      'overlapping words',
      {
        ...small,
        registers: [
          { ...lamp, type: 'u32' },
          { ...lamp, address: 2, name: 'next' },
        ],
      },
      /"next": "lamp" has the address 2 too/,
    ],
    ['a poll that is not there', withRegister({ poll: 'fast' }), /no poll "fast"/],
    ['a range the wrong way', withRegister({ range: [5, 1] }), /lower number/],
    ['a range that cannot be said', withRegister({ range: [70000, 80000] }), /none of its range/],
    ['an onStop outside the range', withRegister({ range: [0, 1], onStop: 2 }), /onStop lies outside/],
    ['an onStop nobody can read back', withRegister({ access: 'w', onStop: 0 }), /onStop needs access rw/],
    ['a writable input register', withRegister({ table: 'input' }), /can only be read/],
    ['a coil of 16 bits', withRegister({ table: 'coil' }), /single bit/],
    ['a speed in turns', withRegister({ means: 'speed', unit: 'rpm' }), /mm\/s/],
    ['a scale of nothing', withRegister({ scale: 0 }), /scale/],
    [
      'values stale before the next',
      { ...small, polls: { main: { everyMs: 1000, budgetMs: 500 } } },
      /stale/,
    ],
    ['a word beyond the last address', withRegister({ type: 'u32', address: 65535 }), /65535/],
    ['an address beyond the last', withRegister({ address: 65536 }), /address/],
  ])('with %s is refused', (_what, content, reason) => {
    expect(() => readMap(content)).toThrow(reason)
  })

  test('may use one address in two tables', () => {
    const coil = { ...lamp, name: 'coil', table: 'coil', type: 'bool' }
    expect(readMap({ ...small, registers: [lamp, coil] }).registers).toHaveLength(2)
  })
})
