/** What is nothing, unknown or broken, answers over HTTP, and what must not reach a screen: no bytes break it. */
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { readMessage } from '../../../../src/main/drivers/oht50/codec.ts'
import {
  readModuleList,
  readModuleTelemetry,
  readMotion,
  readRobotStatus,
  readSystemState,
} from '../../../../src/main/drivers/oht50/replies.ts'
import { Redactor } from '../../../../src/main/drivers/oht50/secret.ts'

const ms = 1_758_700_000_000

function said(message: unknown) {
  return readMessage(Buffer.from(JSON.stringify(message)), false).said
}

describe('what is nothing, unknown or broken', () => {
  test.each(['ready', 'heartbeat', 'pong', 'connection_established', 'module_config'])('%s', (type) => {
    expect(said({ type, timestamp: ms, data: { server_status: 'running' } })).toEqual([
      { is: 'chatter', type },
    ])
  })

  test('unknown types keep their name', () => {
    expect(said({ type: 'navigation_wish' })).toEqual([{ is: 'unknown', type: 'navigation_wish' }])
    expect(said({ hello: 1 })).toEqual([{ is: 'unknown', type: 'without a type' }])
  })

  test('comments in JSON are a bad frame, and said to be that', () => {
    const text = '{"type":"telemetry","data":{"module_addr":"0x02", // power\n"registers":[]}}'
    expect(readMessage(Buffer.from(text), false).said).toEqual([
      { is: 'bad', words: 'not JSON: it has comments in it' },
    ])
  })

  test('5,000 deep, a way to a prototype, a repeated key, binary, no object', () => {
    const deep = `{"type":"batch","events":${'['.repeat(5000)}${']'.repeat(5000)}}`
    for (const text of [
      deep,
      '{"__proto__":{"state":"IDLE"}}',
      '{"type":"alert","type":"ready"}',
      '[]',
      '"x"',
      '',
    ])
      expect(readMessage(Buffer.from(text), false).said).toMatchObject([{ is: 'bad' }])
    expect(readMessage(Buffer.from([1, 2]), true).said).toMatchObject([{ is: 'bad' }])
  })

  const types = [
    'telemetry',
    'status',
    'alerts',
    'alert',
    'commands',
    'lidar',
    'modules',
    'batch',
    'robot_status',
    'module_health',
    'module_telemetry',
    'active_alerts_update',
    'rs485_initial',
  ]
  const names = [
    'data',
    'modules',
    'alerts',
    'events',
    'points',
    'frame_360',
    'telemetry',
    'registers',
    'position',
    'location',
    'status',
    'module_addr',
    'module_id',
    'timestamp',
    'value',
    'severity',
    'id',
  ]

  test('no bytes and no JSON make it throw', () => {
    const key = fc.oneof(fc.constantFrom(...names), fc.string())
    const leaf = fc.oneof(
      fc.double(),
      fc.integer({ min: -5, max: 400 }),
      fc.string(),
      fc.boolean(),
      fc.constant(null),
    )
    const { tree } = fc.letrec((tie) => ({
      tree: fc.oneof(
        { depthSize: 'small' },
        leaf,
        fc.array(tie('tree'), { maxLength: 5 }),
        fc.dictionary(key, tie('tree'), { maxKeys: 6 }),
      ),
    }))
    fc.assert(
      fc.property(fc.constantFrom(...types), tree, (type, value) => {
        const record =
          typeof value === 'object' && value !== null && !Array.isArray(value) ? value : { data: value }
        expect(said({ ...record, type }).length).toBeGreaterThanOrEqual(0)
        for (const read of [readSystemState, readMotion, readRobotStatus, readModuleList]) read(value)
        readModuleTelemetry(value, 2)
      }),
      { numRuns: 2000 },
    )
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => {
        expect(readMessage(Buffer.from(bytes), false).said.length).toBeGreaterThan(0)
      }),
      { numRuns: 1000 },
    )
  })
})

describe('answers of the HTTP', () => {
  test('the state, and the fault it is in', () => {
    const data = {
      current_state: 'ESTOP',
      safety_ok: false,
      current_fault: 'ESTOP',
      state_timeout_ms: 4e9,
      timestamp: ms,
    }
    expect(readSystemState({ success: true, data })).toEqual({
      is: 'readings',
      at: ms,
      values: { state: 'ESTOP', estop: true, safetyOk: false, fault: 'ESTOP' },
    })
    expect(readSystemState({ success: false, data })).toBe(null)
    expect(readSystemState({ success: true, data: { current_state: 'FINE' } })).toBe(null)
  })

  test('constants of robot/status are not believed, nor is its word for the state', () => {
    const data = {
      status: 'ESTOP',
      battery_level: 0,
      temperature: 0,
      position: { x: 0, y: 0 },
      speed: 0,
      mode: 'auto',
    }
    expect(readRobotStatus({ success: true, data })?.values).toEqual({ mode: 'auto' })
    expect(readRobotStatus({ success: true, data: { ...data, battery_level: 40 } })?.values).toEqual({
      mode: 'auto',
      batteryPercent: 40,
      temperatureC: 0,
    })
  })

  test('motion and module values with their ranges', () => {
    expect(
      readMotion({ success: true, data: { x_est: 12, v: -3, safety: { estop: false } } })?.values,
    ).toEqual({
      xMm: 12,
      speedMmPerS: -3,
    })
    const telemetry = {
      voltage: { value: 51.5, range: { min: 0, max: 60 }, unit: 'V', description: '' },
      current: { value: null },
    }
    expect(readModuleTelemetry({ success: true, data: { telemetry } }, 2)).toMatchObject({
      unit: 2,
      online: true,
      values: { voltage: 51.5, current: null },
    })
  })
})

test('tokens do not reach a screen', () => {
  const redactor = new Redactor()
  redactor.know('secret-token')
  const text = redactor.clean(
    'Bearer abc.def oht50_admin_token_2025 ?token=x secret-token eyJhbGciOiJI.e30.sig',
  )
  for (const part of ['abc.def', 'oht50_admin', '=x', 'secret-token', 'eyJ']) expect(text).not.toContain(part)
})
