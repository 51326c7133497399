/** STOP REQUEST with real dispatch, ingest and store: what is sent when, what is claimed when, and what the timeline says of it. */
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { VehicleName } from '../../../src/contract/vehicle-name.ts'
import { until } from '../../fakes/until.ts'
import { bus, oht, pass, reading, settle, wifi } from './stand.ts'
import { ask, closeStops, is, openStops, rowOf, sent, stand, stops, tell, up } from './stop-stand.ts'

beforeEach(openStops)
afterEach(closeStops)

describe('a request', () => {
  it('goes over every link that can, at once, accepted when one has taken it, and again every 500 ms', async () => {
    up(bus)
    up(wifi, async () => ({ is: 'refused', reason: 'safety chain open' }))
    tell(bus, is('MOVE'))
    tell(wifi, is('MOVE'))
    const began = stand.clock.now()
    const id = await ask()
    expect(sent.map(({ link, at }) => [link, at - began])).toEqual([
      [bus, 0],
      [wifi, 0],
    ])
    expect(sent[0]?.order).toMatchObject({
      type: 'request-stop',
      device: oht,
      by: 'Linh',
      deadlineAt: began + 500,
    })
    expect(rowOf(id)).toMatchObject({
      state: 'accepted',
      isTrying: true,
      attempts: 2,
      acceptedAt: began,
      ways: [
        { link: bus, name: 'RS485 bus', text: 'accepted', ok: true },
        { link: wifi, name: 'Vehicle Wi-Fi', text: 'safety chain open', ok: false },
      ],
    })
    await pass(stand.clock, 1000)
    expect(sent.map(({ at }) => at - began)).toEqual([0, 0, 500, 500, 1000, 1000])
    expect(new Set(sent.map(({ order }) => order.id)).size).toBe(6)
  })

  it('is confirmed by what the vehicle reports after it, and sent no more', async () => {
    up(bus)
    tell(bus, is('MOVE'))
    const id = await ask()
    await pass(stand.clock, 300)
    tell(bus, is('MOVE'))
    expect(rowOf(id).state).toBe('accepted')
    tell(bus, is('ESTOP'))
    expect(rowOf(id)).toMatchObject({ state: 'confirmed', isTrying: false, confirmedAt: stand.clock.now() })
    await pass(stand.clock, 3000)
    expect(sent).toHaveLength(1)
    expect(await stand.alerts()).toEqual([])
    expect(await stand.timeline('stop-request')).toEqual([
      'Linh| OHT-1: STOP REQUEST to OHT-1 by Linh, over RS485 bus',
      '-| OHT-1: over RS485 bus: accepted',
      '-| OHT-1: confirmed: OHT-1 reports ESTOP, over RS485 bus, after 0.30 s, sent 1 time',
    ])
  })

  it('to a vehicle that stands in ESTOP already is confirmed only by a report received after it', async () => {
    up(bus)
    const before = is('ESTOP')
    tell(bus, before)
    const id = await ask()
    await pass(stand.clock, 200)
    tell(bus, { ...before, speedMmPerS: reading(0, stand.clock.now()) })
    expect(rowOf(id).state).toBe('accepted')
    tell(bus, is('ESTOP'))
    expect(rowOf(id).state).toBe('confirmed')
  })

  it('is not confirmed by a reading from before it, though the wall clock was set back meanwhile', async () => {
    up(bus)
    const ahead = { state: reading('ESTOP' as const, stand.clock.now() + 3_600_000) }
    tell(bus, ahead)
    const id = await ask()
    tell(bus, ahead)
    expect(rowOf(id).state).toBe('accepted')
  })

  it('is confirmed by the safety chain as the bus or the vehicle tells it, not as a backend does', async () => {
    up(bus)
    up(wifi)
    tell(bus)
    tell(wifi, {}, { source: 'backend' })
    const id = await ask()
    await pass(stand.clock, 100)
    const pressed = { estop: reading(true, stand.clock.now()) }
    tell(wifi, pressed, { source: 'backend' })
    expect(rowOf(id).isTrying).toBe(true)
    tell(bus, pressed)
    expect(rowOf(id).state).toBe('confirmed')
  })

  it('that is not confirmed after 1 s says so as an alert, goes on, and the alert ends when it is', async () => {
    up(bus)
    tell(bus, is('MOVE'))
    const id = await ask()
    await pass(stand.clock, 950)
    expect(rowOf(id).state).toBe('accepted')
    await pass(stand.clock, 50)
    expect(rowOf(id)).toMatchObject({ state: 'not-confirmed', isTrying: true })
    await until(async () =>
      expect(await stand.alerts()).toMatchObject([
        {
          state: 'unacknowledged-active',
          priority: 'critical',
          device: oht,
          sourceId: `stop:${id}`,
          text: 'STOP REQUEST not confirmed: OHT-1 has not reported ESTOP. It goes on being sent. RS485 bus: accepted',
        },
      ]),
    )
    await pass(stand.clock, 1000)
    expect(sent).toHaveLength(5)
    tell(bus, is('ESTOP'))
    expect(rowOf(id)).toMatchObject({ state: 'confirmed', isTrying: false })
    await until(async () => expect(await stand.alerts()).toMatchObject([{ state: 'unacknowledged-cleared' }]))
  })

  it('is sent no more once it is released, which ends its alert', async () => {
    up(bus, async () => ({ is: 'unreachable', reason: 'no answer' }))
    tell(bus, is('MOVE'))
    const id = await ask()
    await pass(stand.clock, 1200)
    expect(rowOf(id).state).toBe('not-confirmed')
    const before = sent.length
    stops.release(id, 'Mai')
    expect(rowOf(id)).toMatchObject({ state: 'released', isTrying: false, releasedAt: stand.clock.now() })
    await pass(stand.clock, 2000)
    tell(bus, is('ESTOP'))
    expect(rowOf(id).state).toBe('released')
    expect(sent).toHaveLength(before)
    stops.release(id, 'Mai')
    await until(async () => expect(await stand.alerts()).toMatchObject([{ state: 'unacknowledged-cleared' }]))
    expect((await stand.timeline('stop-request')).at(-1)).toBe(
      `Mai| OHT-1: released by Mai, the vehicle never reported ESTOP: no longer sent, sent ${before} times`,
    )
  })

  it('asked for again while one is being sent is the same one', async () => {
    up(bus)
    tell(bus, is('MOVE'))
    const id = await ask()
    expect(stops.request(oht, 'Mai')).toEqual([id])
    expect(stops.request(null, 'Mai')).toEqual([id])
    expect(sent).toHaveLength(1)
    await until(async () =>
      expect(await stand.timeline('stop-request')).toContain(
        'Mai| OHT-1: STOP REQUEST asked for again by Mai: one is being sent already',
      ),
    )
    stops.release(id, 'Linh')
    expect(await ask()).not.toBe(id)
  })
})

describe('which vehicles', () => {
  const other = VehicleName.parse('OHT-2')

  it('without a name: every one that was reported', async () => {
    up(bus)
    up(wifi)
    tell(bus, is('MOVE'))
    tell(wifi, is('MOVE'), { vehicle: other })
    const ids = stops.request(null, 'Linh')
    await settle()
    expect(ids.map((id) => rowOf(id).vehicle).sort()).toEqual([oht, other])
    expect(sent.map(({ link, order }) => [link, 'device' in order && order.device])).toEqual([
      [bus, oht],
      [wifi, other],
    ])
    await pass(stand.clock, 10)
    tell(bus, is('ESTOP'))
    expect(ids.map((id) => rowOf(id).state)).toEqual(['confirmed', 'accepted'])
  })

  it('none, or an unknown one, says what to do instead', () => {
    expect(() => stops.request(null, 'Linh')).toThrow('No vehicle has been heard of')
    expect(() => stops.request(other, 'Linh')).toThrow('No link speaks of a vehicle “OHT-2”')
    expect(() => stops.release('none', 'Linh')).toThrow('There is no such STOP REQUEST')
  })

  it('one whose link has never said anything is tried for until it does', async () => {
    up(bus)
    const id = await ask()
    expect(rowOf(id)).toMatchObject({
      state: 'requested',
      attempts: 0,
      ways: [{ link: bus, text: 'has not said anything of the vehicle yet', ok: false }],
    })
    tell(bus, is('MOVE'))
    await settle()
    expect(rowOf(id)).toMatchObject({ state: 'accepted', attempts: 1 })
  })
})

it('keeps the last 50 rows, and never lets go of one that is being sent', async () => {
  up(bus)
  up(wifi)
  tell(bus, is('MOVE'))
  const first = await ask()
  const others = Array.from({ length: 60 }, (_, n) => VehicleName.parse(`other-${n}`))
  for (const vehicle of others) {
    tell(wifi, is('MOVE'), { vehicle })
    const id = await ask(vehicle)
    stops.release(id, 'Linh')
  }
  expect(stops.rows.size).toBe(50)
  expect(rowOf(first).isTrying).toBe(true)
})
