/** The two types that the relay of the deployed backend knows beside the six of the vehicle's document. */
import { afterEach, describe, expect, it } from 'vitest'
import { noReadings } from '../../../../src/contract/vehicles.ts'
import { type bus, cart, moduleRow, reading, report } from '../../../fakes/vehicles.ts'
import { closeAll, dataOf, Screen, startStand } from './stand.ts'

afterEach(closeAll)

describe('types of the deployed relay', () => {
  const relay = { type: 'subscribe', data: { subscription: 'rs485_telemetry', client_id: 'backend_relay' } }

  it('system_status: at the start and at every interval, in the names of the firmware', async () => {
    const stand = await startStand({ limits: { statusMs: 100 } })
    const { vehicles } = stand
    vehicles.module(moduleRow({ speed: 1 }, { id: 'bus/4', unit: 4, state: 'offline' }))
    vehicles.module(moduleRow({ speed: 1 }, { id: 'far/4', link: 'far' as typeof bus, unit: 4 }))
    const screen = await Screen.open(stand)
    screen.say(relay)
    await screen.until('subscription_confirmed')
    screen.heard.length = 0
    expect(await screen.until('system_status')).toMatchObject({
      vehicle_id: cart,
      timestamp: expect.stringMatching(/Z$/),
      data: {
        link: 'bus',
        source: 'bus',
        robot_id: cart,
        current_state: 'IDLE',
        state: 'IDLE',
        battery_percent: 80,
        total_modules: 2,
        online_modules: 1,
        offline_modules: 1,
        ages: { state: { budget_ms: 3000 } },
      },
    })
    // Nothing is put in place of what the source has not said.
    expect(dataOf(screen.of('system_status')[0])).not.toHaveProperty('current_fault')
    const readings = { ...noReadings, state: reading('FAULT' as const), fault: reading('MOTOR') }
    vehicles.vehicle(report({ readings }))
    const told = await screen.when(() =>
      screen.of('system_status').find((one) => dataOf(one).current_state === 'FAULT'),
    )
    expect(dataOf(told)).toMatchObject({ current_fault: 'MOTOR' })
  })

  it('module_discovered: once for a module that answers for the first time, to who is there', async () => {
    const stand = await startStand()
    const screen = await Screen.open(stand)
    screen.say(relay)
    await screen.until('subscription_confirmed')
    const dock = (state: 'online' | 'offline' | 'unknown') =>
      stand.vehicles.module(
        moduleRow(
          { 'position-mm': 7 },
          {
            id: 'bus/5',
            unit: 5,
            kind: 'dock',
            name: 'Dock',
            state,
            identity: { deviceId: 5, type: 5, firmware: 257, hardware: 1, status: 0, error: 0 },
          },
        ),
      )
    // One that was there before, in every state, is no news.
    for (const state of ['offline', 'online'] as const)
      stand.vehicles.module(moduleRow({ soc: 1 }, { state }))
    for (const state of ['unknown', 'online', 'offline', 'online'] as const) dock(state)
    await screen.settled()
    expect(screen.of('module_discovered')).toMatchObject([
      {
        vehicle_id: cart,
        timestamp: expect.stringMatching(/Z$/),
        // The relay formats it as a number: a text would make it throw.
        data: { address: 5, module_addr: '0x05', module_name: 'Dock', kind: 'dock', module_type: '0x0005' },
      },
    ])
    const late = await Screen.open(stand)
    await late.settled()
    expect(late.of('module_discovered')).toEqual([])
    expect(late.of('modules')).toHaveLength(2)
    // Forgotten by somebody here, it is found anew.
    stand.vehicles.rows.delete('bus/5')
    stand.vehicles.tell({ is: 'gone', of: 'module', id: 'bus/5' })
    dock('online')
    await screen.settled()
    expect(screen.of('module_discovered')).toHaveLength(2)
  })

  it('are types like the others', async () => {
    const stand = await startStand({ limits: { statusMs: 50 } })
    const screen = await Screen.open(stand)
    screen.say({ type: 'unsubscribe', data: { types: ['system_status', 'module_discovered'] } })
    expect(dataOf(await screen.until('unsubscription_confirmed')).types).toEqual([
      'telemetry',
      'status',
      'alerts',
      'commands',
      'lidar',
      'modules',
    ])
    screen.heard.length = 0
    stand.vehicles.module(moduleRow({ x: 1 }, { id: 'bus/5', unit: 5 }))
    await screen.until('status', 3)
    expect([...screen.of('system_status'), ...screen.of('module_discovered')]).toEqual([])
    screen.say({ type: 'subscribe', data: { types: ['system_status'] } })
    await screen.until('system_status')
  })
})
