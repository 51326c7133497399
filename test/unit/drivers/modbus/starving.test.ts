/** The poller and the strict master together in virtual time: whatever another module does, safety is read in time. */
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { LinkId, SerialAddress } from '../../../../src/contract/links.ts'
import { VehicleName } from '../../../../src/contract/vehicle-name.ts'
import { StrictMaster } from '../../../../src/main/drivers/modbus/master.ts'
import { Module } from '../../../../src/main/drivers/modbus/module.ts'
import { type BusProfile, Poller } from '../../../../src/main/drivers/modbus/poller.ts'
import { loadRegisterMaps } from '../../../../src/main/vehicles/register-maps.ts'
import { framed, takeRequest } from '../../../sim/modbus/rtu.ts'
import { registersOf } from '../../../sim/modbus/slave-registers.ts'
import { MemoryLine, VirtualClock } from './virtual.ts'

const timeoutMs = 100
const { maps } = loadRegisterMaps('/nonexistent')
const profile: BusProfile = {
  id: LinkId.parse('bus'),
  driver: 'modbus-bus',
  name: 'Bus',
  enabled: true,
  vehicle: VehicleName.parse('V'),
  port: SerialAddress.parse('/dev/none'),
  baudRate: 115_200,
  parity: 'none',
  stopBits: 1,
  timeoutMs,
  units: [2, 3, 4, 5, 6, 7],
  maps: [],
  writable: false,
}

/** How each other module behaves in each second: how long it takes to answer, or not at all. */
type Manners = readonly (number | 'silent')[]

/** The widest gap between two readings of the emergency stop, ms. */
async function widestGap(
  manners: ReadonlyMap<number, Manners>,
  seconds: number,
  units: number[],
): Promise<{ gapMs: number; reads: number }> {
  const clock = new VirtualClock()
  const modules = new Map<number, Module>()
  const owner = { link: profile.id, vehicle: profile.vehicle, writable: false }
  const registers = new Map([2, 3, 4, 5].map((unit) => [unit, registersOf(unit, 'handler')]))
  const readAt: number[] = []
  const startedAt = clock.monotonic()
  const master = new StrictMaster({ clock, baudRate: profile.baudRate, timeoutMs })
  const line = new MemoryLine((bytes) => {
    const asked = takeRequest(Buffer.from(bytes))?.asked
    const held = registers.get(asked?.unit ?? 0)
    if (asked === undefined || held === undefined) return
    const { unit, fn, address, quantity } = asked
    const second = Math.floor((clock.monotonic() - startedAt) / 1000)
    const manner = unit === 3 ? 3 : (manners.get(unit)?.[second] ?? 5)
    if (manner === 'silent') return
    const words = Array.from({ length: quantity }, (_, n) => held.get(address + n))
    const answer = words.every((word) => word !== undefined)
      ? framed(unit, fn, 2 * quantity, ...words.flatMap((word) => [word >> 8, word & 0xff]))
      : framed(unit, fn | 0x80, 2)
    clock.after(manner, () => {
      if (unit === 3 && address === 0) readAt.push(clock.monotonic())
      master.bytes(answer, clock.monotonic())
    })
  })
  master.opened(line)
  const poller = new Poller({
    clock,
    profile: { ...profile, units },
    master,
    maps,
    module(unit, mayMake) {
      if (mayMake && !modules.has(unit)) modules.set(unit, new Module(owner, unit, clock.now(), null))
      return modules.get(unit) ?? null
    },
    changed() {},
    useful() {},
    looked() {},
  })
  const running = poller.run()
  const until = startedAt + seconds * 1000
  const settled = () => new Promise((resolve) => setImmediate(resolve))
  await settled()
  while (clock.monotonic() < until && clock.step(until)) await settled()
  poller.close()
  master.close()
  await settled()
  await running
  const gaps = readAt.slice(1).map((at, n) => at - (readAt[n] ?? 0))
  return { gapMs: Math.max(...gaps), reads: readAt.length }
}

const manner = fc.oneof(
  { weight: 2, arbitrary: fc.constant('silent' as const) },
  { weight: 3, arbitrary: fc.integer({ min: 1, max: 2 * timeoutMs }) },
)
const seconds = 8
const manners = fc.array(manner, { minLength: seconds, maxLength: seconds })

test('a slow or silent module delays safety by its own timeout and the quarantine after it, no more', async () => {
  await fc.assert(
    fc.asyncProperty(manners, manners, manners, async (power, motor, dock) => {
      const others = new Map([
        [2, power],
        [4, motor],
        [5, dock],
      ])
      const { gapMs, reads } = await widestGap(others, seconds, [2, 3, 4, 5, 6, 7])
      expect(reads).toBeGreaterThan(seconds)
      // Its period, one timeout of another and the quarantine after it, and the bytes of both.
      expect(gapMs).toBeLessThanOrEqual(500 + 2 * timeoutMs + 30)
    }),
    { numRuns: 25 },
  )
}, 60_000)

test('safety itself keeps its pace while everything is well', async () => {
  const { gapMs, reads } = await widestGap(new Map(), 10, [2, 3, 4, 5])
  expect(reads).toBeGreaterThanOrEqual(19)
  expect(gapMs).toBeLessThanOrEqual(540)
})
