/** Every form a vehicle speaks in, deployed or documented. */
import { describe, expect, test } from 'vitest'
import { readMessage } from '../../../../src/main/drivers/oht50/codec.ts'

const seconds = 1_758_700_000
const ms = seconds * 1000

function heard(message: unknown) {
  return readMessage(Buffer.from(JSON.stringify(message)), false)
}
const said = (message: unknown) => heard(message).said

describe('modules, as the firmware tells of them', () => {
  test('by address alone, without a type', () => {
    expect(said({ module_addr: 2, timestamp: seconds, data: { status: 'active' } })).toEqual([
      {
        is: 'module',
        unit: 2,
        kind: 'power',
        name: null,
        online: true,
        values: null,
        units: null,
        trouble: '',
        at: ms,
      },
    ])
  })

  test('module_telemetry', () => {
    const telemetry = { voltage: 51.2, current: 3.5, temperature: null }
    expect(
      said({ type: 'module_telemetry', module_id: 4, module_name: 'Travel', telemetry, timestamp: seconds }),
    ).toMatchObject([
      {
        is: 'module',
        unit: 4,
        kind: 'motor',
        name: 'Travel',
        online: true,
        values: { voltage: 51.2, current: 3.5 },
        at: ms,
      },
    ])
  })

  test('module_health, module_status, module_discovered', () => {
    expect(
      said({
        type: 'module_health',
        module_id: 3,
        health_status: 'warning',
        diagnostics: { communication_ok: true },
      }),
    ).toMatchObject([{ unit: 3, kind: 'safety', online: true, trouble: 'warning', values: null }])
    expect(said({ type: 'module_status', module_id: 5, status: 'OFFLINE' })).toMatchObject([
      { unit: 5, kind: 'dock', online: false },
    ])
    expect(said({ type: 'module_discovered', data: { address: '0x04' } })).toMatchObject([
      { unit: 4, online: true },
    ])
  })

  test('telemetry with registers, as the relay expects it', () => {
    const registers = [
      { addr: '0x0000', name: 'voltage', value: 512, unit: 'V', mode: 'R', scaling: 0.1 },
      { addr: '0x0001', value: true },
    ]
    const message = {
      type: 'telemetry',
      data: { module_addr: '0x02', module_name: 'Power', registers, timestamp: '2025-09-24T07:46:40Z' },
    }
    expect(said(message)).toMatchObject([
      { unit: 2, name: 'Power', values: { voltage: 512, '0x0001': 1 }, at: ms },
    ])
  })

  test('a batch is unpacked, each event as if it had come alone', () => {
    const events = [
      { event: 'telemetry', data: { type: 'MOTOR', addr: 4, speed: 120 } },
      { event: 'robot_status', data: { status: 'IDLE', battery_level: 80 } },
      { event: 'batch', data: {} },
      7,
    ]
    expect(said({ type: 'batch', timestamp: ms, events })).toMatchObject([
      { is: 'module', unit: 4, kind: 'motor', values: { speed: 120 }, at: ms },
      { is: 'readings', values: { state: 'IDLE', batteryPercent: 80 }, at: ms },
      { is: 'unknown' },
      { is: 'bad' },
    ])
  })

  test('a list, from the backend or a gateway', () => {
    const modules = [
      { address: 2, name: 'Power', status: 'online' },
      { address: 300 },
      { address: 9, status: 'offline' },
    ]
    expect(said({ type: 'rs485_initial', data: { modules, bus_health: 'good' } })).toMatchObject([
      { unit: 2, online: true },
      { unit: 9, kind: 'unknown', online: false },
    ])
    expect(said({ type: 'modules', data: modules })).toHaveLength(2)
  })
})

describe('the vehicle itself', () => {
  test('robot_status; milliseconds and seconds are told apart', () => {
    const data = {
      robot_id: 'OHT-50-001',
      status: 'MOVE',
      position: { x: 1200, y: 5 },
      battery_level: 77,
      temperature: 30.5,
      speed: 400,
      connection_status: 'connected',
    }
    const [inMs] = said({ type: 'robot_status', timestamp: ms, data })
    const [inSeconds] = said({ type: 'robot_status', timestamp: seconds, data })
    expect(inMs).toEqual(inSeconds)
    expect(inMs).toEqual({
      is: 'readings',
      at: ms,
      values: { state: 'MOVE', batteryPercent: 77, temperatureC: 30.5, speedMmPerS: 400, xMm: 1200, yMm: 5 },
    })
  })

  test("the document's telemetry and status; no fault is no fault", () => {
    const location = { position: 4200, orientation: 90, velocity: -50 }
    expect(
      said({ type: 'telemetry', data: { location, mission_id: 'M-1', station_id: null } }),
    ).toMatchObject([
      { values: { xMm: 4200, headingDeg: 90, speedMmPerS: -50, mission: 'M-1', station: null } },
    ])
    expect(
      said({ type: 'status', data: { state: 'SYSTEM_STATE_ESTOP', estop: 1, fault: 'NONE' } }),
    ).toMatchObject([{ values: { state: 'ESTOP', estop: true, fault: null } }])
  })

  test('which vehicle it is about', () => {
    expect(heard({ type: 'status', vehicle_id: 'Line 2', data: { state: 'IDLE' } }).vehicle).toBe('Line 2')
    expect(heard({ type: 'status', data: { state: 'IDLE' } }).vehicle).toBe(null)
  })

  test('numbers that make no sense are not passed on', () => {
    expect(
      said({ type: 'robot_status', data: { battery_level: 170, temperature: 1e9, status: 'DANCING' } }),
    ).toEqual([{ is: 'chatter', type: 'robot_status' }])
  })

  test('figures of the machine the backend runs on are no readings', () => {
    expect(said({ type: 'telemetry_update', data: { cpu_percent: 10, memory_percent: 20 } })).toMatchObject([
      { is: 'chatter' },
    ])
  })
})

describe('alerts, scans and results', () => {
  test('one, and a list without those that are over', () => {
    const data = { alert_type: 'zone', message: 'violated', severity: 'critical', acknowledged: false }
    expect(said({ type: 'alert', timestamp: ms, data })).toEqual([
      { is: 'alert', alert: { id: null, level: 'critical', text: 'zone: violated', at: ms } },
    ])
    const alerts = [
      { id: 7, title: 'Hot', message: 'motor', severity: 'high', timestamp: '2025-09-24T07:46:40' },
      { id: 8, severity: 'info', status: 'resolved' },
      { id: 9, severity: 'purple' },
    ]
    expect(said({ type: 'active_alerts_update', data: { alerts, total_count: 3 } })).toEqual([
      {
        is: 'alerts',
        open: [
          { id: '7', level: 'critical', text: 'Hot: motor', at: ms },
          { id: '9', level: 'critical', text: 'The vehicle raised an alert without words', at: null },
        ],
      },
    ])
  })

  test('points, and ranges by degree', () => {
    const points = [
      { distance: 900, angle: 359.5, quality: 12 },
      { distance: 99_999, angle: -90, quality: 300 },
      'x',
    ]
    expect(said({ type: 'lidar', timestamp: ms, data: { points } })).toEqual([
      {
        is: 'scan',
        at: ms,
        rotationHz: null,
        points: [
          { angleDeg: 270, rangeMm: 0, quality: 255 },
          { angleDeg: 359.5, rangeMm: 900, quality: 12 },
        ],
      },
    ])
    const [scan] = said({ type: 'lidar', data: { frame_360: [500, 0, 700, 800] } })
    expect(scan).toMatchObject({
      points: [{ angleDeg: 0 }, { rangeMm: 0 }, { angleDeg: 180 }, { angleDeg: 270 }],
    })
  })

  test('what became of a command', () => {
    expect(said({ type: 'module_command_result', module_id: 2, success: true, message: 'done' })).toEqual([
      { is: 'result', id: null, ok: true, words: 'done' },
    ])
  })
})
