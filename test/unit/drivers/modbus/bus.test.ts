/** The link against Debian's pymodbus on a pty: what it finds, reads and tells, and how it loses and finds modules. */
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { modbusBus } from '../../../../src/main/drivers/modbus/index.ts'
import { slotWith } from '../../../fakes/link-parts.ts'
import { hasPymodbus, ourMaps, Stand } from './bus-stand.ts'

let stand: Stand
beforeEach(async () => {
  stand = new Stand()
  await stand.plug()
})
afterEach(() => stand.end())

describe.skipIf(!hasPymodbus)('a bus of pymodbus modules', () => {
  test('is discovered: identity, map by identity, scaled values, and what it says of the vehicle', async () => {
    await stand.peer('--still')
    const { ledger } = await stand.open()
    const power = await ledger.module(2, ({ values }) => values['battery-charge'] !== undefined)
    expect(power).toMatchObject({
      id: 'bus/2',
      vehicle: 'OHT-50-001',
      kind: 'power',
      state: 'online',
      identity: { deviceId: 2, type: 2, firmware: 0x0101, hardware: 0x0101, status: 0, error: 0 },
      map: 'power-x10',
      mapChosen: 'identity',
      trouble: '',
      writable: true,
    })
    expect(power.values).toMatchObject({
      'battery-voltage': 25.4,
      'battery-current': 5.3,
      'battery-charge': 87.2,
      'battery-temperature': 25,
    })
    const motor = await ledger.module(4, ({ readAt }) => readAt.main !== undefined)
    expect(motor).toMatchObject({ map: 'motor-handler', kind: 'motor', state: 'online' })
    expect(motor.values).toMatchObject({ speed: 880, temperature: 41.2, enable: 1 })
    const dock = await ledger.module(
      5,
      ({ values }) => values.angle !== undefined && values['accel-y'] !== undefined,
    )
    expect(dock).toMatchObject({ map: 'dock-handler' })
    expect(dock.values).toMatchObject({ 'dock-distance': 1500, angle: 1.2, 'accel-y': -12 })
    const report = await ledger.vehicle(
      ({ readings }) => readings.estop !== null && readings.xMm !== null && readings.batteryV !== null,
    )
    expect(report).toMatchObject({
      id: 'bus',
      source: 'bus',
      can: ['stop-request', 'dock', 'write-register'],
    })
    expect(report.readings).toMatchObject({
      estop: { value: false },
      state: null,
      fault: null,
      batteryPercent: { value: 87.2 },
      batteryV: { value: 25.4 },
      temperatureC: { value: 41.2 },
      speedMmPerS: null,
    })
    expect(await ledger.is('live')).toBeTruthy()
    expect(ledger.row(2)?.replyMs).toBeGreaterThan(0)
  })

  test('of the other revision is read by the other maps', async () => {
    await stand.peer('--still', '--revision', 'map')
    const { ledger } = await stand.open()
    const power = await ledger.module(2, ({ readAt }) => readAt.main !== undefined)
    expect([power.map, power.values['battery-temperature']]).toEqual(['power', 25])
    const motor = await ledger.module(4, ({ readAt }) => readAt.main !== undefined)
    expect([motor.map, motor.values['motor-2-speed']]).toEqual(['motor-two', 118])
    const dock = await ledger.module(5, ({ readAt }) => readAt.main !== undefined)
    expect([dock.map, dock.values['dock-distance'], dock.values['velocity-x']]).toEqual([
      'dock-imu',
      1500,
      350,
    ])
    const report = await ledger.vehicle(({ readings }) => readings.speedMmPerS !== null)
    expect(report.readings.speedMmPerS?.value).toBe(350)
  })

  test('tells a change as a fact: the emergency stop', async () => {
    const peer = await stand.peer('--still')
    const { ledger } = await stand.open()
    await ledger.vehicle(({ readings }) => readings.estop?.value === false)
    await peer.tell('estop 1')
    const pressed = await ledger.vehicle(({ readings }) => readings.estop?.value === true)
    expect(pressed.readings.state?.value).toBe('ESTOP')
    expect(ledger.row(3)?.values.estop).toBe(1)
    await peer.tell('estop 0')
    const released = await ledger.vehicle(({ readings }) => readings.estop?.value === false)
    expect(released.readings.state).toBeNull()
  })

  test('says which registers a module has not, and reads the others', async () => {
    const peer = await stand.peer('--still')
    await peer.tell('refuse 4 5')
    await peer.tell('refuse 4 12')
    const { ledger } = await stand.open()
    const motor = await ledger.module(4, ({ readAt }) => readAt.main !== undefined)
    expect(motor.values).toMatchObject({ position: null, voltage: null, speed: 880, current: 6.1, estop: 0 })
    expect(motor.trouble).toContain('It has no position, voltage, which "motor-handler" names.')
    expect(motor.counters.exceptions).toBeGreaterThan(0)
  })

  test('shows a number that makes no sense as none, and says so', async () => {
    const peer = await stand.peer('--still')
    const { ledger } = await stand.open()
    await ledger.module(2, ({ values }) => values['battery-charge'] === 87.2)
    await peer.tell('set 2 2 60000')
    const odd = await ledger.module(2, ({ values }) => values['battery-charge'] === null)
    expect(odd.trouble).toContain('battery-charge says 6000 %, outside 0 to 100')
    await ledger.vehicle(({ readings }) => readings.batteryPercent === null)
    await peer.tell('set 2 2 500')
    const well = await ledger.module(2, ({ values }) => values['battery-charge'] === 50)
    expect(well.trouble).toBe('')
  })

  test('loses one module, goes on with the others, and asks who it is when it is back', async () => {
    const peer = await stand.peer('--still')
    const { ledger } = await stand.open()
    await ledger.module(3, ({ readAt }) => readAt.main !== undefined)
    await ledger.module(4, ({ readAt }) => readAt.main !== undefined)
    await peer.tell('drop 4')
    const gone = await ledger.module(4, ({ state }) => state === 'offline')
    expect(gone.counters.timeouts).toBeGreaterThanOrEqual(3)
    await ledger.vehicle(({ can }) => !can.includes('stop-request'))
    const readAt = ledger.row(3)?.readAt.main ?? 0
    await ledger.module(3, (row) => (row.readAt.main ?? 0) > readAt + 1000)
    expect(ledger.row(3)?.state).toBe('online')
    // Another module stands there now.
    await peer.tell('set 4 0x105 0x0102')
    await peer.tell('back 4')
    const back = await ledger.module(4, ({ state }) => state === 'online')
    expect(back.map).toBe('motor-two')
    expect(back.values).not.toHaveProperty('speed')
  })

  test('is silent, with words, while the port is open and nobody answers; one answer makes it live', async () => {
    const peer = await stand.peer('--still', '--units', '2')
    await peer.tell('drop 2')
    const { ledger, link } = await stand.open({ units: [2, 6] })
    const silent = await ledger.is('silent')
    expect(silent.words).toContain('No module answers at unit 2, 6')
    expect(ledger.of('module-reported')).toEqual([])
    await peer.tell('back 2')
    link.retry()
    await ledger.is('live')
    await ledger.module(2, ({ state }) => state === 'online')
  })

  test('takes a map chosen by hand, and says when it is for another type', async () => {
    await stand.peer('--still')
    const { ledger, write } = await stand.open({
      maps: [
        { unit: 2, map: 'power' },
        { unit: 3, map: 'motor-handler' },
        { unit: 5, map: 'lost' },
      ],
    })
    const power = await ledger.module(2, ({ readAt }) => readAt.main !== undefined)
    expect([power.map, power.mapChosen]).toEqual(['power', 'hand'])
    // Read by the wrong scaling, 250 °C make no sense.
    expect(power.values['battery-temperature']).toBeNull()
    const safety = await ledger.module(3, ({ readAt }) => readAt.main !== undefined)
    expect(safety).toMatchObject({ map: 'motor-handler', mapChosen: 'hand' })
    expect(safety.trouble).toContain('is for type 4; this module says it is of type 3')
    expect(await write(3, 'enable', 0)).toMatchObject({ is: 'refused' })
    const dock = await ledger.module(5, ({ map }) => map === 'dock-handler')
    expect(dock.trouble).toContain('"lost", chosen by hand, is not there')
  })

  test('has a row without a map for what fits none, and misses what was known before the restart', async () => {
    await stand.peer('--still', '--units', '2,3')
    const maps = ourMaps.filter(({ kind }) => kind !== 'power')
    const first = await stand.open({ units: [2, 3, 4] }, { maps })
    const power = await first.ledger.module(2, ({ state }) => state === 'online')
    expect(power).toMatchObject({ map: null, mapChosen: 'none', kind: 'power', values: {} })
    expect(power.trouble).toContain('No register map is for type 2, firmware v1.01: choose one by hand')
    const known = {
      ...power,
      id: 'bus/4',
      unit: 4,
      kind: 'motor' as const,
      map: 'motor-handler',
      values: { speed: 12 },
    }
    await first.link.close()
    expect(first.ledger.state).toEqual({ is: 'stopped' })
    expect(first.ledger.row(2)?.state).toBe('unknown')

    const second = await stand.open({ units: [2, 3, 4] }, { known: [known] })
    expect(second.ledger.row(4)).toMatchObject({
      state: 'unknown',
      map: 'motor-handler',
      values: { speed: 12 },
    })
    const missed = await second.ledger.module(4, ({ state }) => state === 'offline')
    expect(missed.values).toEqual({ speed: 12 })
    second.link.forget('bus/4')
    const told = second.ledger.facts.length
    await second.ledger.until(() => second.ledger.facts.length > told + 20)
    expect(
      second.ledger.facts
        .slice(told)
        .some((fact) => fact.type === 'module-reported' && fact.module.unit === 4),
    ).toBe(false)
  })

  test('waits with the port’s words, knows nothing meanwhile, and reads again after it is plugged in again', async () => {
    const peer = await stand.peer('--still')
    const { ledger } = await stand.open()
    for (const unit of [2, 3, 4, 5]) await ledger.module(unit, ({ readAt }) => readAt.main !== undefined)
    await peer.end()
    await stand.unplug()
    const waiting = await ledger.is('waiting')
    expect(waiting.reason).not.toBe('')
    for (const unit of [2, 3, 4, 5]) await ledger.module(unit, ({ state }) => state === 'unknown')
    const away = await ledger.vehicle(({ can }) => can.length === 0)
    // What was read keeps its own age.
    expect(away.readings.estop?.value).toBe(false)
    await stand.plug()
    await stand.peer('--still')
    await ledger.is('live')
    await ledger.module(3, ({ state }) => state === 'online')
  })

  test('shows decoded frames only while somebody watches', async () => {
    let isWatched = false
    await stand.peer('--still')
    const { ledger } = await stand.open({ units: [3] }, { monitored: () => isWatched })
    const row = await ledger.module(3, ({ readAt }) => readAt.main !== undefined)
    await ledger.module(3, ({ readAt }) => (readAt.main ?? 0) > (row.readAt.main ?? 0))
    expect(ledger.of('bus-frames-seen')).toEqual([])
    isWatched = true
    const frames = await ledger.until(() => {
      const seen = ledger.of('bus-frames-seen').flatMap(({ frames }) => frames)
      return seen.some(({ values }) => values !== undefined && 'zone' in values) ? seen : undefined
    })
    const reply = frames.find(({ values }) => values !== undefined && 'zone' in values)
    expect(reply).toMatchObject({
      direction: 'reply',
      unit: 3,
      fn: 3,
      trouble: '',
      values: { estop: 0, zone: 0, temperature: 31 },
    })
    expect(reply?.text).toBe('8 words')
    isWatched = false
  })

  test('is tested without writing: the port, and who answers', async () => {
    const peer = await stand.peer('--still', '--units', '2,4')
    const tested = await modbusBus.test(stand.profile({ maps: [{ unit: 4, map: 'motor-two' }] }), slotWith())
    expect(tested.ok).toBe(true)
    expect(tested.steps.map(({ text }) => text)).toEqual([
      expect.stringMatching(/^\/dev\/pts\/\d+ is open at 115200 baud$/),
      'unit 2 answers: power, firmware v1.01',
      'unit 4 answers: motor, firmware v1.01, register map motor-two (chosen by hand)',
      'nobody at unit 3, 5',
    ])
    expect(await peer.tell('written 4 0')).toBe('0')
    await peer.end()
    const quiet = await modbusBus.test(stand.profile(), slotWith())
    expect(quiet.ok).toBe(false)
    expect(quiet.steps.at(-1)?.text).toContain('no module answers at unit 2, 3, 4, 5')
    const nowhere = await modbusBus.test(
      stand.profile({ port: stand.profile().port.replace('ours', 'none') as never }),
      slotWith(),
    )
    expect(nowhere).toMatchObject({ ok: false, steps: [{ ok: false }] })
  })
})
