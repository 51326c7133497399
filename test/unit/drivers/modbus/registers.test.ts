/** Register maps at work: which requests read them, what words mean, what may be written, which map is chosen. */
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { Register, RegisterMap } from '../../../../src/contract/modules.ts'
import { chooseMap } from '../../../../src/main/drivers/modbus/choose-map.ts'
import { kindOf, versionWords } from '../../../../src/main/drivers/modbus/identity.ts'
import { type Block, planOf, rawOf, splitBlock } from '../../../../src/main/drivers/modbus/plan.ts'
import { decode, encode, sensible, valueWords, widthOf } from '../../../../src/main/drivers/modbus/values.ts'
import { loadRegisterMaps } from '../../../../src/main/vehicles/register-maps.ts'

const { maps } = loadRegisterMaps('/nonexistent')

function register(change: object = {}): Register {
  return Register.parse({ address: 0, name: 'x', text: 'X', type: 'u16', access: 'rw', ...change })
}

function mapOf(addresses: readonly number[], gapWords?: number, change: object = {}): RegisterMap {
  return RegisterMap.parse({
    id: 'm',
    kind: 'unknown',
    title: 'M',
    source: 'here',
    polls: { main: { everyMs: 1000, budgetMs: 3000, ...(gapWords === undefined ? {} : { gapWords }) } },
    registers: addresses.map((address) => register({ address, name: `r${address}`, ...change })),
  })
}

const shapeOf = (blocks: readonly Block[] | undefined) =>
  blocks?.map(({ address, quantity }) => [address, quantity])

describe('requests', () => {
  test('read neighbours together, gaps only where the map allows them', () => {
    expect(shapeOf(planOf(mapOf([0, 1, 2, 5, 6, 20]), new Set()).get('main'))).toEqual([
      [0, 3],
      [5, 2],
      [20, 1],
    ])
    expect(shapeOf(planOf(mapOf([0, 1, 2, 5, 6, 20], 2), new Set()).get('main'))).toEqual([
      [0, 7],
      [20, 1],
    ])
  })

  test('read every readable register of ours exactly once, in blocks a frame can carry', () => {
    for (const map of maps) {
      const plan = planOf(map, new Set())
      const read = [...plan].flatMap(([poll, blocks]) =>
        blocks.flatMap((block) => {
          expect(block.quantity).toBeLessThanOrEqual(125)
          return block.registers.map((each) => {
            expect(each.poll).toBe(poll)
            expect(each.address).toBeGreaterThanOrEqual(block.address)
            expect(each.address + widthOf(each)).toBeLessThanOrEqual(block.address + block.quantity)
            return each.name
          })
        }),
      )
      const readable = map.registers.filter(({ access }) => access !== 'w').map(({ name }) => name)
      expect(read.sort()).toEqual(readable.sort())
    }
  })

  test('are never longer than a frame carries', () => {
    const all = Array.from({ length: 300 }, (_, n) => n)
    expect(shapeOf(planOf(mapOf(all), new Set()).get('main'))).toEqual([
      [0, 125],
      [125, 125],
      [250, 50],
    ])
    const wide = mapOf([0, 2, 4], 0, { type: 'u32' })
    expect(shapeOf(planOf(wide, new Set()).get('main'))).toEqual([[0, 6]])
  })

  test('are split until the register that is refused stands alone', () => {
    fc.assert(
      fc.property(
        fc.uniqueArray(fc.nat(60), { minLength: 1, maxLength: 20 }),
        fc.nat(16),
        (addresses, gap) => {
          const missing = addresses[0] ?? 0
          let asked = 0
          const found: number[] = []
          const read: string[] = []
          const todo = [...(planOf(mapOf(addresses, gap), new Set()).get('main') ?? [])]
          for (let block = todo.pop(); block !== undefined; block = todo.pop()) {
            asked += 1
            const isRefused = missing >= block.address && missing < block.address + block.quantity
            if (!isRefused) read.push(...block.registers.map(({ name }) => name))
            const halves = isRefused ? splitBlock(block) : null
            if (halves !== null) todo.push(...halves)
            else if (isRefused) found.push(block.address)
          }
          expect(found).toEqual([missing])
          expect(read).toHaveLength(addresses.length - 1)
          expect(asked).toBeLessThanOrEqual(2 * addresses.length)
        },
      ),
    )
  })
})

describe('values', () => {
  test.each([
    [{ type: 'u16', scale: 0.1 }, [253], 25.3],
    [{ type: 's16' }, [0xffff], -1],
    [{ type: 's16', scale: 0.1 }, [0xfff4], -1.2],
    [{ type: 'u32' }, [0x0001, 0x0002], 65_538],
    [{ type: 's32' }, [0xffff, 0xfffe], -2],
    [{ type: 'bool' }, [1], 1],
  ])('%j reads %j as %d', (change, words, value) => {
    expect(decode(register(change), words)).toBe(value)
  })

  test('written and read are the same, for every type and scale', () => {
    const types = ['u16', 's16', 'u32', 's32'] as const
    fc.assert(
      fc.property(
        fc.constantFrom(...types),
        fc.constantFrom(1, 0.1, 0.01, 10),
        fc.integer(),
        (type, scale, raw) => {
          const one = register({ type, scale })
          const value = decode(one, [(raw >>> 16) & 0xffff, raw & 0xffff])
          const encoded = encode(one, value)
          expect(encoded.ok).toBe(true)
          if (encoded.ok) expect(decode(one, encoded.words)).toBe(value)
        },
      ),
    )
  })

  test('outside their range are none, and are not written', () => {
    const percent = register({ scale: 0.1, unit: '%', range: [0, 100] })
    expect([sensible(percent, 100), sensible(percent, 100.1), sensible(percent, Number.NaN)]).toEqual([
      100,
      null,
      null,
    ])
    expect(encode(percent, 100.1)).toEqual({ ok: false, why: '100.1 % is outside 0 to 100' })
    expect(encode(register(), -1).ok).toBe(false)
    expect(encode(register(), 65_536).ok).toBe(false)
    const onOff = register({ enum: { 0: 'off', 1: 'on' } })
    expect(encode(onOff, 2)).toEqual({ ok: false, why: '2 has no meaning there; it takes 0 (off), 1 (on)' })
    expect(valueWords(onOff, 1)).toBe('1 (on)')
    expect(valueWords(percent, 25.3)).toBe('25.3 %')
  })

  test('of one register are cut out of its block', () => {
    const [block] = planOf(mapOf([4, 5, 7], 4), new Set()).get('main') ?? []
    const last = block?.registers.at(-1)
    expect(block !== undefined && last !== undefined && rawOf(block, last, [10, 11, 12, 13])).toEqual([13])
  })
})

describe('the choice of a map', () => {
  const identity = (type: number, firmware: number) => ({
    deviceId: type,
    type,
    firmware,
    hardware: 0x0101,
    status: 0,
    error: 0,
  })

  test.each([
    [2, 0x0101, 'power-x10'],
    [2, 0x0102, 'power'],
    [3, 0x0101, 'safety'],
    [4, 0x0101, 'motor-handler'],
    [4, 0x0200, 'motor-two'],
    [5, 0x0101, 'dock-handler'],
    [5, 0x0100, 'dock-imu'],
  ])('type %i, firmware %i: %s', (type, firmware, map) => {
    expect(chooseMap(type, identity(type, firmware), [], maps)).toMatchObject({
      map: { id: map },
      by: 'identity',
      trouble: '',
    })
  })

  test('by hand goes before, also for a module that does not say what it is', () => {
    expect(chooseMap(9, null, [{ unit: 9, map: 'safety' }], maps)).toMatchObject({
      map: { id: 'safety' },
      by: 'hand',
      isWrongType: false,
    })
    expect(chooseMap(9, identity(4, 1), [{ unit: 9, map: 'safety' }], maps).isWrongType).toBe(true)
    expect(chooseMap(9, identity(9, 1), [], maps)).toMatchObject({ map: null, by: 'none' })
    expect(chooseMap(9, null, [], maps).trouble).toBe(
      'This module does not say what it is: choose one by hand.',
    )
  })

  test('kinds and versions are said as the block means them', () => {
    expect([2, 3, 4, 5, 9].map((type) => kindOf(identity(type, 0)))).toEqual([
      'power',
      'safety',
      'motor',
      'dock',
      'unknown',
    ])
    expect(versionWords(0x0101)).toBe('v1.01')
    expect(versionWords(0x0210)).toBe('v2.10')
  })
})
