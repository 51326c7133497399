/** What clients are told: the state of everything first, then every change, of what they asked for and nothing else. */
import { afterEach, describe, expect, it } from 'vitest'
import { noReadings } from '../../../../src/contract/vehicles.ts'
import {
  alertOf,
  type bus,
  cart,
  lidarRow,
  moduleRow,
  other,
  reading,
  report,
} from '../../../fakes/vehicles.ts'
import { closeAll, dataOf, Screen, startStand } from './stand.ts'

afterEach(closeAll)

describe('a newcomer', () => {
  it('is greeted, and told the state of everything before any change', async () => {
    const stand = await startStand()
    stand.vehicles.scan(7, [
      [0, 1200],
      [90.5, 0],
    ])
    stand.vehicles.open = [alertOf('a1')]
    const screen = await Screen.open(stand)
    await screen.settled()
    const kinds = screen.heard
      .map(({ type }) => type)
      .filter((type) => type !== 'heartbeat' && type !== 'pong')
    expect(kinds).toEqual([
      'ready',
      'status',
      'system_status',
      'modules',
      'telemetry',
      'lidar',
      'lidar',
      'alerts',
    ])
    expect(dataOf(screen.of('ready')[0])).toMatchObject({ role: 'viewer', user: 'ann', vehicles: [cart] })
    expect(screen.of('status')[0]).toMatchObject({
      type: 'status',
      vehicle_id: cart,
      timestamp: expect.stringMatching(/^\d{4}-\d\d-\d\dT.*Z$/),
      data: { source: 'bus', state: 'IDLE', battery_percent: 80, ages: { state: { budget_ms: 3000 } } },
    })
    expect(screen.of('telemetry')[0]).toMatchObject({
      vehicle_id: cart,
      data: {
        module_addr: '0x02',
        module_name: 'Power',
        complete: true,
        timestamp: '2023-11-14T22:13:21.000Z',
        registers: [
          { addr: '0x0000', name: 'battery-voltage', value: 48.1, unit: 'V', mode: 'R', scaling: 0.1 },
          { addr: '0x0002', name: 'soc', value: 80, unit: '%', mode: 'R' },
          { addr: '0x003C', name: 'output', value: 1, unit: '', mode: 'RW', text: 'on' },
        ],
      },
    })
    expect(dataOf(screen.of('modules')[0])).toMatchObject({
      modules: [{ module_addr: '0x02', module_name: 'Power', kind: 'power', state: 'online', trouble: '' }],
    })
    expect(dataOf(screen.of('lidar')[1])).toMatchObject({
      kind: 'scan',
      revolution: 7,
      points: [
        [0, 1200, 47],
        [90.5, 0, 47],
      ],
    })
    expect(dataOf(screen.of('alerts')[0])).toMatchObject({
      total_count: 1,
      alerts: [{ id: 'a1', level: 'critical', message: 'Battery low: 12 %', status: 'active' }],
    })
  })

  it('is not told of what is over', async () => {
    const stand = await startStand()
    const [id] = stand.vehicles.requestStop(cart, 'anna')
    const row = stand.vehicles.requests.get(id ?? '')
    if (row === undefined) throw new Error('no request')
    const early = await Screen.open(stand)
    expect(dataOf(await early.until('commands'))).toMatchObject({ stop_state: 'requested', by: 'anna' })
    stand.vehicles.stop({ ...row, state: 'confirmed', isTrying: false })
    expect(dataOf(await early.until('commands', 2))).toMatchObject({ stop_state: 'confirmed', success: true })
    const late = await Screen.open(stand)
    await late.settled()
    expect(late.of('commands')).toEqual([])
  })
})

describe('a change', () => {
  it('of any kind reaches every client, once', async () => {
    const stand = await startStand()
    const screens = await Promise.all(Array.from({ length: 12 }, () => Screen.open(stand)))
    for (const screen of screens) await screen.settled()
    for (const screen of screens) screen.heard.length = 0
    const { vehicles } = stand
    vehicles.vehicle(report({ readings: { ...noReadings, state: reading('MOVE') } }))
    vehicles.module(moduleRow({ 'battery-voltage': 48.1, soc: 79, output: 1 }))
    vehicles.module(moduleRow({ 'battery-voltage': 48.1, soc: 79, output: 1 }, { state: 'offline' }))
    vehicles.lidar(lidarRow({ health: 'stalled' }))
    vehicles.scan(8, [[1, 2]])
    vehicles.alert(alertOf('a2', { priority: 'critical' }))
    for (const screen of screens) {
      await screen.settled()
      expect(screen.of('status').map(dataOf)).toMatchObject([{ state: 'MOVE' }])
      // Only what changed, since the rest was told.
      expect(screen.of('telemetry').map(dataOf)).toMatchObject([
        { complete: false, registers: [{ name: 'soc', value: 79 }] },
      ])
      expect(screen.of('modules').map(dataOf)).toMatchObject([{ modules: [{ state: 'offline' }] }])
      expect(screen.of('lidar').map(dataOf)).toMatchObject([{ health: 'stalled' }, { revolution: 8 }])
      expect(screen.of('alerts').map(dataOf)).toMatchObject([{ alerts: [{ id: 'a2', level: 'emergency' }] }])
    }
  })

  it('an alert that is over leaves the list', async () => {
    const stand = await startStand()
    const screen = await Screen.open(stand)
    stand.vehicles.alert(alertOf('a3'))
    await screen.when(() => screen.of('alerts').some((told) => dataOf(told).total_count === 1))
    stand.vehicles.alert(alertOf('a3', { clearedAt: 5 }), false)
    await screen.when(() => dataOf(screen.of('alerts').at(-1)).total_count === 0)
  })

  it('that a thing is gone is told, and it is not in the next state of everything', async () => {
    const stand = await startStand()
    const screen = await Screen.open(stand)
    await screen.settled()
    stand.vehicles.rows.delete('bus/2')
    stand.vehicles.tell({ is: 'gone', of: 'module', id: 'bus/2' })
    const told = await screen.until('modules', 2)
    expect(told).toMatchObject({
      vehicle_id: cart,
      data: { modules: [{ module_addr: '0x02', state: 'gone' }] },
    })
    const late = await Screen.open(stand)
    await late.settled()
    expect([...late.of('modules'), ...late.of('telemetry')]).toEqual([])
  })

  it('that does not come is no silence: the status is told again, and how old it is', async () => {
    const stand = await startStand({ limits: { statusMs: 50 } })
    const screen = await Screen.open(stand)
    const told = await screen.until('status', 4)
    const [first] = screen.of('status')
    expect(dataOf(told)).toEqual(dataOf(first))
    expect(Date.parse(String(told.timestamp))).toBeGreaterThan(Date.parse(String(first?.timestamp)))
  })

  it('two links that speak of one vehicle are told apart', async () => {
    const stand = await startStand()
    const screen = await Screen.open(stand)
    const link = 'net' as typeof bus
    stand.vehicles.vehicle(
      report({ id: 'net', link, source: 'vehicle', readings: { ...noReadings, state: reading('FAULT') } }),
    )
    await screen.until('status', 2)
    const late = await Screen.open(stand)
    await late.settled()
    expect(late.of('status').map(dataOf)).toMatchObject([
      { link: 'bus', source: 'bus', state: 'IDLE' },
      { link: 'net', source: 'vehicle', state: 'FAULT' },
    ])
  })
})

describe('subscriptions', () => {
  it('narrow what comes, are confirmed, and grow again with the state of what was added', async () => {
    const stand = await startStand()
    const screen = await Screen.open(stand)
    screen.say({ type: 'subscribe', data: { types: ['status', 'weather'] } })
    expect(dataOf(await screen.until('subscription_confirmed'))).toEqual({
      types: ['status'],
      vehicle: null,
      unknown: ['weather'],
    })
    await screen.settled()
    screen.heard.length = 0
    stand.vehicles.scan(1, [[0, 1]])
    stand.vehicles.vehicle(report({ readings: { ...noReadings, state: reading('MOVE') } }))
    await screen.until('status')
    expect(screen.of('lidar')).toEqual([])
    screen.say({ type: 'subscribe', data: { types: ['lidar'] } })
    expect(dataOf(await screen.until('subscription_confirmed')).types).toEqual(['status', 'lidar'])
    expect(dataOf(await screen.until('lidar', 2))).toMatchObject({ kind: 'scan', revolution: 1 })
    expect(screen.of('status')).toHaveLength(1)
    screen.say({ type: 'unsubscribe', data: { types: ['status', 'lidar'] } })
    expect(dataOf(await screen.until('unsubscription_confirmed')).types).toEqual([])
    screen.heard.length = 0
    stand.vehicles.vehicle(report())
    await screen.settled()
    expect(screen.of('status')).toEqual([])
  })

  it('of one vehicle leave the others out', async () => {
    const stand = await startStand()
    stand.vehicles.vehicle(report({ id: 'second', link: 'second' as typeof bus, vehicle: other }))
    const screen = await Screen.open(stand)
    screen.say({ type: 'subscribe', data: { types: ['status'], vehicle: other } })
    await screen.until('subscription_confirmed')
    await screen.settled()
    screen.heard.length = 0
    stand.vehicles.vehicle(report())
    stand.vehicles.vehicle(report({ id: 'second', link: 'second' as typeof bus, vehicle: other }))
    await screen.settled()
    expect(screen.of('status').map(({ vehicle_id }) => vehicle_id)).toEqual([other])
  })

  it('of the deployed relay are understood', async () => {
    const stand = await startStand()
    const screen = await Screen.open(stand)
    screen.say({
      type: 'subscribe',
      data: { subscription: 'rs485_telemetry', client_id: 'oht50_backend_relay' },
    })
    expect(await screen.until('subscription_confirmed')).toMatchObject({
      subscription_type: 'rs485_telemetry',
      data: { types: ['telemetry', 'status', 'modules', 'system_status', 'module_discovered'] },
    })
    stand.vehicles.scan(1, [[0, 1]])
    stand.vehicles.module(moduleRow({ 'battery-voltage': 47, soc: 80, output: 1 }))
    await screen.when(() => screen.of('telemetry').some((told) => dataOf(told).complete === false))
    expect(screen.of('lidar').map((told) => dataOf(told).kind)).not.toContain('scan')
  })

  it('that make no sense are answered in words', async () => {
    const stand = await startStand()
    const screen = await Screen.open(stand)
    for (const data of [{}, { types: 'status' }, { types: [] }, { types: [7] }, { subscription: 'all' }])
      screen.say({ type: 'subscribe', data })
    screen.say({ type: 'dance' })
    await screen.until('error', 6)
    expect(screen.of('error').map(({ message }) => message)).toEqual([
      'subscribe needs data.types, a list of names',
      'subscribe needs data.types, a list of names',
      'types is a list of 1 to 50 names',
      'types is a list of 1 to 50 names',
      'there is no subscription all: use rs485_telemetry, or types',
      'there is no message of type dance',
    ])
  })
})

it('a word from here is heard by one user or by everybody', async () => {
  const stand = await startStand()
  const [ann, olga] = [await Screen.open(stand), await Screen.open(stand, 'olga')]
  expect(stand.gateway.accounts.broadcast('maintenance at 5', 'admin', undefined)).toBe(2)
  expect(stand.gateway.accounts.broadcast('only you', 'admin', 'olga')).toBe(1)
  expect(dataOf(await olga.until('notification', 2))).toEqual({ message: 'only you', from: 'admin' })
  expect(dataOf(await ann.until('notification'))).toEqual({ message: 'maintenance at 5', from: 'admin' })
})
