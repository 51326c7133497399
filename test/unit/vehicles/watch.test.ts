/** Conditions of vehicles become alerts by the rules, with real store and ingest: delays, deadband, staleness, root cause, restart. */
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { AlertId } from '../../../src/contract/alerts.ts'
import { StopRequests } from '../../../src/main/vehicles/stop-requests.ts'
import { VehicleWatch } from '../../../src/main/vehicles/watch.ts'
import { until } from '../../fakes/until.ts'
import {
  bus,
  busProfile,
  clientProfile,
  lidarRow,
  moduleRow,
  motorMap,
  oht,
  openStand,
  pass,
  reading,
  removeFolder,
  report,
  type Stand,
  vehicleLinkRow,
  wifi,
} from './stand.ts'

let stand: Stand
let watch: VehicleWatch

beforeEach(async () => {
  stand = await openStand()
  await open()
})

afterEach(async () => {
  await watch.close()
  await stand.close()
  removeFolder(stand.dir)
})

async function open(): Promise<void> {
  watch = await VehicleWatch.open({ ...stand.parts, maps: [motorMap] })
  stand.live.links.set(vehicleLinkRow(busProfile()), vehicleLinkRow(clientProfile()))
}

/** Alerts as they are in the end: state and words. */
async function alerts(): Promise<string[]> {
  await stand.store.health() // what was written before is done
  return (await stand.alerts()).map(({ state, text }) => `${state} ${text}`)
}

function now(): number {
  return stand.clock.now()
}

/** Says it again every 250 ms for so long. */
async function during(ms: number, say: () => void): Promise<void> {
  for (let left = ms; left > 0; left -= 250) {
    say()
    await pass(stand.clock, Math.min(250, left))
  }
}

function battery(percent: number) {
  return () => stand.live.vehicles.set(report(bus, { batteryPercent: reading(percent, now()) }))
}

describe('a condition with a number', () => {
  it('is raised after its delay, cleared beyond the deadband after its other delay', async () => {
    await during(4500, battery(19.96))
    expect(await alerts()).toEqual([])
    await during(1000, battery(18.5))
    await until(async () =>
      expect(await alerts()).toEqual([
        'unacknowledged-active OHT-1: battery 18.5 %, below 20 %, told by RS485 bus',
      ]),
    )
    await during(7000, battery(21.5))
    expect((await stand.alerts())[0]?.state).toBe('unacknowledged-active')
    await during(6000, battery(22))
    await until(async () => expect((await stand.alerts())[0]?.state).toBe('unacknowledged-cleared'))
    expect((await stand.alerts())[0]).toMatchObject({
      kind: 'vehicle',
      source: bus,
      device: 'OHT-1',
      priority: 'medium',
    })
  })

  it('that goes stale is neither raised nor cleared', async () => {
    await during(3000, battery(10))
    await pass(stand.clock, 10_000)
    expect(await alerts()).toEqual([])
    await during(5500, battery(10))
    await until(async () => expect(await alerts()).toHaveLength(1))
    await pass(stand.clock, 30_000)
    expect((await stand.alerts())[0]?.state).toBe('unacknowledged-active')
  })

  it('follows its rule as it is changed, and ends when that is switched off', async () => {
    const rule = watch.rules.get('battery-low')
    if (rule === undefined) throw new Error('no rule')
    await expect(watch.saveRule({ ...rule, threshold: null }, 'Linh')).rejects.toMatchObject({
      code: 'bad-input',
    })
    await watch.saveRule({ ...rule, threshold: 50, onDelayMs: 0, level: 'emergency' }, 'Linh')
    await during(500, battery(45))
    await until(async () => expect(await stand.alerts()).toMatchObject([{ priority: 'critical' }]))
    await watch.saveRule({ ...rule, enabled: false }, 'Linh')
    await until(async () => expect(await stand.alerts()).toMatchObject([{ state: 'unacknowledged-cleared' }]))
    expect(await stand.timeline('vehicle-rule-changed')).toHaveLength(2)
    await watch.close()
    await open()
    expect(watch.rules.get('battery-low')).toEqual({ ...rule, enabled: false })
    expect(watch.rules.size).toBe(12)
  })
})

describe('modules', () => {
  const read = (values: Record<string, number>, more = {}) =>
    moduleRow(4, { map: 'motor', values, readAt: { main: now() }, ...more })

  it('that fall silent raise one alert each, and one for the link alone when that is away', async () => {
    const three = [2, 3, 4].map((unit) => moduleRow(unit))
    stand.live.modules.set(...three)
    await pass(stand.clock, 1000)
    stand.live.modules.set(moduleRow(2, { state: 'offline' }))
    await pass(stand.clock, 2500)
    await until(async () =>
      expect(await alerts()).toEqual([
        'unacknowledged-active OHT-1, Module 0x02: does not answer on RS485 bus',
      ]),
    )
    stand.live.modules.set(moduleRow(2))
    await pass(stand.clock, 2500)
    await until(async () => expect((await stand.alerts())[0]?.state).toBe('unacknowledged-cleared'))

    stand.live.links.set(vehicleLinkRow(busProfile(), 'silent'))
    stand.live.modules.set(...three.map((row) => ({ ...row, state: 'offline' as const })))
    await pass(stand.clock, 8000)
    const links = async () =>
      (await stand.store.list({ kinds: ['link-silent'] }, 0, 10)).map(({ alert }) => alert)
    await until(async () =>
      expect(await links()).toMatchObject([
        {
          source: bus,
          device: null,
          state: 'unacknowledged-active',
          text: 'RS485 bus is silent: nothing is known of what is behind it',
        },
      ]),
    )
    expect(await stand.alerts()).toHaveLength(1)
    stand.live.links.set(vehicleLinkRow(busProfile()))
    stand.live.modules.set(...three)
    await pass(stand.clock, 500)
    await until(async () => expect(await links()).toMatchObject([{ state: 'unacknowledged-cleared' }]))
  })

  it('are too hot, faulty and in a violated zone as three alerts, each cleared alone', async () => {
    await during(5500, () => stand.live.modules.set(read({ temperature: 71.25, fault: 7, zone: 2 })))
    await until(async () =>
      expect((await alerts()).sort()).toEqual([
        'unacknowledged-active OHT-1, Module 0x04: Drive temperature 71.3 °C, above 60 °C',
        'unacknowledged-active OHT-1, Module 0x04: Fault code: 7',
        'unacknowledged-active OHT-1, Module 0x04: Safety zone violated: zone 2',
      ]),
    )
    await during(2500, () => stand.live.modules.set(read({ temperature: 71, fault: 7, zone: 0 })))
    await until(async () =>
      expect((await alerts()).filter((one) => one.startsWith('unacknowledged-cleared'))).toEqual([
        'unacknowledged-cleared OHT-1, Module 0x04: Safety zone violated: zone 2',
      ]),
    )
    watch.forgetPart(`${bus}/4`)
    await until(async () =>
      expect((await alerts()).filter((one) => one.startsWith('unacknowledged-active'))).toEqual([]),
    )
  })
})

describe('LiDARs', () => {
  it('raise the nearest zone only', async () => {
    const near = (zone: 'warning' | 'emergency' | 'clear', rangeMm: number) => () => {
      const nearest = { rangeMm, angleDeg: 0 }
      stand.live.lidars.set(lidarRow({ zone, nearest, scanAt: now() }))
    }
    await during(1000, near('warning', 800))
    await during(3000, near('emergency', 420))
    await until(async () =>
      expect(await alerts()).toEqual([
        'unacknowledged-cleared OHT-1, Front LiDAR: obstacle at 800 mm, inside 1000 mm',
        'unacknowledged-active OHT-1, Front LiDAR: obstacle at 420 mm, inside 500 mm',
      ]),
    )
    // It stops turning: nobody knows whether the obstacle is still there.
    await pass(stand.clock, 5000)
    expect((await stand.alerts())[1]?.state).toBe('unacknowledged-active')
    await during(1500, near('clear', 5000))
    await until(async () => expect((await stand.alerts())[1]?.state).toBe('unacknowledged-cleared'))
  })
})

describe('the state', () => {
  const say =
    (state: 'MOVE' | 'FAULT' | 'ESTOP', other: 'MOVE' | 'FAULT' | 'ESTOP' = state) =>
    () => {
      const fault = state === 'FAULT' ? reading('hoist overload', now()) : null
      stand.live.vehicles.set(
        report(bus, { state: reading(state, now()), fault }),
        report(wifi, { state: reading(other, now()) }),
      )
    }

  it('FAULT and ESTOP are alerts at once, disagreement after a while, and none of them clears another', async () => {
    await during(250, say('FAULT'))
    await until(async () =>
      expect(await alerts()).toEqual([
        'unacknowledged-active OHT-1: state FAULT: hoist overload, told by RS485 bus',
      ]),
    )
    await during(3500, say('FAULT', 'ESTOP'))
    await until(async () =>
      expect(await alerts()).toEqual([
        'unacknowledged-active OHT-1: state FAULT: hoist overload, told by RS485 bus',
        'unacknowledged-active OHT-1: state ESTOP, told by Vehicle Wi-Fi',
        'unacknowledged-active OHT-1: its sources disagree: RS485 bus says FAULT, Vehicle Wi-Fi says ESTOP',
      ]),
    )
    await during(500, say('FAULT'))
    await until(async () =>
      expect((await stand.alerts()).map(({ state }) => state)).toEqual([
        'unacknowledged-active',
        'unacknowledged-cleared',
        'unacknowledged-active',
      ]),
    )
  })

  it('is looked at again after a restart: what is over is cleared, what goes on is no second alert', async () => {
    await stand.store.saveLink(busProfile())
    await stand.store.saveLink(clientProfile())
    await during(500, say('ESTOP'))
    await during(500, say('FAULT', 'ESTOP'))
    await until(async () => expect(await stand.alerts()).toHaveLength(2))
    await watch.close()
    const { dir, clock } = stand
    await stand.close()

    stand = await openStand(dir, clock)
    await open()
    await pass(clock, 3000)
    expect((await stand.alerts()).map(({ state }) => state)).toEqual([
      'unacknowledged-active',
      'unacknowledged-active',
    ])
    await during(500, say('FAULT'))
    await until(async () =>
      expect((await stand.alerts()).map(({ state, text }) => [state, text.slice(0, 18)])).toEqual([
        ['unacknowledged-cleared', 'OHT-1: state ESTOP'],
        ['unacknowledged-active', 'OHT-1: state FAULT'],
      ]),
    )
    expect(await stand.alerts()).toHaveLength(2)
  })

  it('of a STOP REQUEST that a restart cut off is told as no longer sent', async () => {
    const stops = new StopRequests(stand.parts)
    await during(250, say('MOVE'))
    stops.request(oht, 'Linh')
    await pass(stand.clock, 1000)
    await until(async () => expect(await stand.alerts()).toHaveLength(1))
    await stops.close()
    await watch.close()
    const { dir, clock } = stand
    await stand.close()

    stand = await openStand(dir, clock)
    await open()
    await until(async () => expect(await stand.alerts()).toMatchObject([{ state: 'unacknowledged-cleared' }]))
    const [alert] = await stand.alerts()
    const detail = await stand.store.get(alert?.id ?? AlertId.parse('none'))
    expect(detail.transitions.at(-1)?.note).toBe(
      'Watchfloor was restarted: it is no longer sent, and how it ended was not seen',
    )
    expect((await stand.timeline('stop-request')).at(-1)).toContain('no longer sent, as Watchfloor ends')
  })

  it('of a link that is removed has no alerts any more', async () => {
    await during(500, say('FAULT'))
    await until(async () => expect(await stand.alerts()).toHaveLength(1))
    stand.live.links.delete(bus)
    await until(async () => expect(await stand.alerts()).toMatchObject([{ state: 'unacknowledged-cleared' }]))
  })
})
