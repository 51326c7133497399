/** A link to a simulated vehicle over real sockets: live, polling, silent, away and back, and what is told meanwhile. */
import { describe, expect, test } from 'vitest'
import { Lidar } from '../../../../src/contract/lidar.ts'
import { VehicleModule } from '../../../../src/contract/modules.ts'
import { VehicleReport } from '../../../../src/contract/vehicles.ts'
import { connect, doorsOf, link, serve, vehicle } from './stand.ts'

describe('the socket', () => {
  test('what it says makes the link live, and the state comes from HTTP all the same', async () => {
    const sim = await serve({ says: 'everything', state: 'FAULT' })
    sim.set({ fault: 'MOTOR', batteryPercent: 64, temperatureC: 40 })
    const stand = await connect(doorsOf(sim))
    await stand.is('live')
    const row = await stand.until(
      () =>
        stand.row?.readings.state &&
        stand.row.readings.temperatureC &&
        stand.row.readings.batteryPercent?.value === 64 &&
        stand.row,
    )
    expect(VehicleReport.safeParse(row).success).toBe(true)
    expect(row).toMatchObject({ id: link, vehicle, source: 'vehicle' })
    expect(row.can).toEqual(['stop-request', 'move', 'halt', 'reset', 'module'])
    expect(row.readings).toMatchObject({
      state: { value: 'FAULT' },
      estop: { value: false },
      fault: { value: 'MOTOR' },
      temperatureC: { value: 40 },
    })
    const power = await stand.until(() => stand.module(2)?.values.voltage !== undefined && stand.module(2))
    expect(VehicleModule.safeParse(power).success).toBe(true)
    expect(power).toMatchObject({
      id: `${link}/2`,
      kind: 'power',
      state: 'online',
      map: null,
      mapChosen: 'none',
    })
    const asked = new Set(sim.asked.map(({ path }) => path))
    expect(asked.has('/api/v1/system/state')).toBe(true)
    expect(asked.has('/api/v1/safety/status')).toBe(false)
  })

  test('survives a server that drops whoever is silent for 2 s and answers pings with nothing in them', async () => {
    const sim = await serve({ says: 'modules' })
    const stand = await connect({ socketUrl: sim.socketUrl })
    await stand.is('live')
    const before = sim.counts.pings
    await stand.until(() => sim.counts.pings >= before + 8)
    expect(sim.counts).toMatchObject({ sockets: 1, dropped: 0 })
    expect(stand.states).toEqual(['opening', 'greeting', 'live'])
  })

  test('the same server does drop a client without pings', async () => {
    const { WebSocket } = await import('ws')
    const sim = await serve()
    const socket = new WebSocket(sim.socketUrl)
    const code = await new Promise((resolve) => socket.on('close', resolve))
    expect(code).toBe(1006)
    expect(sim.counts.dropped).toBe(1)
  })

  test('a garbled close code is a hang-up like any other', async () => {
    const sim = await serve()
    const stand = await connect({ socketUrl: sim.socketUrl })
    await stand.is('live')
    sim.socket.hangUp()
    const waiting = await stand.is('waiting')
    expect(waiting.reason).toContain('hung up')
    expect(stand.module(2)?.state).toBe('unknown')
    await stand.is('live')
    expect(sim.counts.sockets).toBe(2)
  })

  test('a half-open one is noticed, as nothing answers the pings', async () => {
    const sim = await serve()
    const stand = await connect({ socketUrl: sim.socketUrl })
    await stand.is('live')
    sim.socket.freeze()
    const waiting = await stand.is('waiting')
    expect(waiting.reason).toContain('no answer to ping')
  })

  test('heartbeats alone are no news: silent, and by HTTP polling', async () => {
    const sim = await serve({ says: 'nothing' })
    const alone = await connect({ socketUrl: sim.socketUrl })
    const both = await connect({ socketUrl: sim.socketUrl, httpUrl: sim.httpUrl })
    await both.is('polling')
    await alone.is('silent')
    expect(alone.states).not.toContain('live')
    expect(both.states).not.toContain('live')
  })

  test('frames with comments are counted as bad and shown, and the rest goes on', async () => {
    const sim = await serve({ faults: { comments: true } })
    const stand = await connect({ socketUrl: sim.socketUrl })
    await stand.until(() => stand.of('link-reported').at(-1)?.counters.badMessages)
    await stand.is('live')
    expect(stand.shown.some((text) => text.includes('it has comments in it'))).toBe(true)
  })

  test('unknown types are counted and kept for the inspector', async () => {
    const sim = await serve()
    const stand = await connect({ socketUrl: sim.socketUrl })
    await stand.is('live')
    sim.socket.say({ type: 'navigation_wish', data: {} })
    await stand.until(() => stand.report.counters.unknownMessages === 1)
    expect(stand.shown.some((text) => text.includes('unknown type navigation_wish'))).toBe(true)
  })

  test('what is said of another vehicle is not ours', async () => {
    const sim = await serve()
    const stand = await connect({ socketUrl: sim.socketUrl })
    await stand.is('live')
    sim.socket.say({ type: 'status', vehicle_id: 'Line 2', data: { state: 'ESTOP' } })
    await stand.until(() => stand.report.note?.includes('other vehicles: Line 2'))
    expect(stand.row?.readings.state).toBe(null)
    sim.socket.say({ type: 'status', vehicle_id: 'Line 1', data: { state: 'PAUSED' } })
    await stand.until(() => stand.row?.readings.state?.value === 'PAUSED')
  })
})

test('what a gateway passes on is as old as it says, whatever its clock', async () => {
  const sim = await serve()
  const stand = await connect({ socketUrl: sim.socketUrl })
  await stand.is('live')
  const said = Date.parse('2031-05-01T10:00:30.000Z')
  sim.socket.say({
    type: 'status',
    vehicle_id: vehicle,
    timestamp: new Date(said).toISOString(),
    data: {
      state: 'IDLE',
      battery_percent: 41,
      position: { x: 7, y: 8, unit: 'mm' },
      ages: {
        state: { at: new Date(said).toISOString() },
        battery_percent: { at: new Date(said - 20_000).toISOString() },
      },
    },
  })
  const { state, batteryPercent, xMm } = await stand.until(
    () => stand.row?.readings.xMm && stand.row.readings,
  )
  expect(xMm?.value).toBe(7)
  expect(batteryPercent?.value).toBe(41)
  expect((state?.at ?? 0) - (batteryPercent?.at ?? 0)).toBe(20_000)
})

describe('HTTP', () => {
  test('without a socket it is asked for everything', async () => {
    const sim = await serve({ state: 'MOVE' })
    const stand = await connect({ httpUrl: sim.httpUrl })
    const { reason } = await stand.is('polling')
    expect(reason).toBe('no socket address is set, so it is asked')
    await stand.until(() => {
      const readings = stand.row?.readings
      return (
        readings?.state?.value === 'MOVE' && readings.batteryPercent && readings.xMm && readings.speedMmPerS
      )
    })
    await stand.until(() =>
      [2, 3, 4, 5].every((unit) => Object.keys(stand.module(unit)?.values ?? {}).length > 0),
    )
    const { header, bytes } = await stand.until(() => stand.of('scan-arrived')[0])
    expect(header.points).toBe(360)
    expect(bytes.length).toBe(360 * 6)
    const lidar = stand.of('lidar-reported').at(-1)?.lidar
    expect(Lidar.safeParse(lidar).success).toBe(true)
    expect(lidar?.zone).toBe('caution')
    // One at a time, each whole in one packet.
    expect(sim.asked.every(({ firstBytes }) => firstBytes <= 2047)).toBe(true)
  })

  test('the older firmware’s fixed list of modules is not taken for news', async () => {
    const sim = await serve({ firmware: 'september', hasLidar: false })
    sim.set({ offline: [5] })
    const stand = await connect({ httpUrl: sim.httpUrl })
    await sim.untilAsked(({ path }) => path === '/api/v1/rs485/modules')
    await stand.until(() => stand.module(2)?.state === 'online')
    expect(stand.module(5)).toBe(undefined)
    expect(stand.of('scan-arrived')).toEqual([])
  })

  test('a module that stops answering is offline, and back', async () => {
    const sim = await serve()
    const stand = await connect({ httpUrl: sim.httpUrl })
    await stand.until(() => stand.module(4)?.state === 'online')
    sim.set({ offline: [4] })
    await stand.until(() => stand.module(4)?.state === 'offline')
    sim.set({ offline: [] })
    await stand.until(() => stand.module(4)?.state === 'online')
  })

  test('times in seconds and in milliseconds mean the same', async () => {
    const sim = await serve()
    const stand = await connect({ httpUrl: sim.httpUrl })
    const row = await stand.until(
      () => stand.row?.readings.state && stand.row.readings.batteryPercent && stand.row,
    )
    for (const reading of [row.readings.state, row.readings.batteryPercent])
      expect(Math.abs((reading?.sourceAt ?? 0) - (reading?.at ?? 0))).toBeLessThan(60_000)
  })

  test('takes over while the socket is dead, and gives back', async () => {
    const sim = await serve({ faults: { refuseSockets: 503 } })
    const stand = await connect(doorsOf(sim))
    const { reason } = await stand.is('polling')
    await stand.until(() => stand.report.state.is === 'polling' && stand.report.state.reason.includes('503'))
    expect(reason).not.toBe('')
    sim.set({ faults: { refuseSockets: 0 } })
    await stand.is('live')
    sim.set({ faults: { refuseSockets: 503 } })
    sim.socket.hangUp()
    await stand.is('polling')
    // The modules are still heard, by asking.
    expect(stand.module(2)?.state).toBe('online')
  })

  test('one that takes requests and never answers', async () => {
    const sim = await serve({ faults: { hang: true } })
    const stand = await connect({ httpUrl: sim.httpUrl })
    const waiting = await stand.is('waiting')
    expect(waiting.reason).toContain('did not answer within 1 s')
    sim.set({ faults: { hang: false } })
    await stand.is('polling')
    await stand.until(() => stand.row?.readings.state?.value === 'IDLE')
    sim.set({ faults: { hang: true } })
    await stand.is('waiting')
    // What was known keeps its age; nothing makes it younger.
    const at = stand.row?.readings.state?.at ?? 0
    expect(at).toBeLessThanOrEqual(stand.of('link-reported').at(-1)?.lastUsefulAt ?? 0)
    expect(stand.module(2)?.state ?? 'unknown').toBe('unknown')
  })
})
