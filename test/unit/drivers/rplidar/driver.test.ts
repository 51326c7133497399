/** The driver over a real pseudo terminal: scans, faults, unplugging, orders, the connection test. */
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { rplidar } from '../../../../src/main/drivers/rplidar/index.ts'
import { slotWith } from '../../../fakes/link-parts.ts'
import { hasSocat } from '../../../fakes/pty-pair.ts'
import { command, LidarStand, until } from './stand.ts'

let stand: LidarStand
beforeEach(() => {
  stand = new LidarStand()
})
afterEach(() => stand.end())

const walker = () => ({ angleDeg: 30, rangeMm: 900 })

async function scanning(mode: 'standard' | 'express' = 'standard') {
  const pair = await stand.plug()
  const sim = await stand.sim({ walker })
  const link = await stand.open({ mode })
  await until(() => expect(stand.row?.scanAt).not.toBeNull())
  return { pair, sim, link }
}

describe.skipIf(!hasSocat)('a LiDAR', () => {
  test('is greeted, scans, and every revolution is told with its nearest obstacle', async () => {
    const { sim } = await scanning()
    expect(stand.state).toBe('live')
    expect(sim.heard.slice(0, 5)).toEqual(['stop', 'info', 'health', 'sample-rate', 'scan'])
    expect(stand.row).toMatchObject({
      id: 'lidar-1',
      vehicle: 'OHT-1',
      source: 'serial',
      model: 'RPLIDAR C1M1',
      firmware: '1.02',
      serialNumber: '7E11EAF2C5E19BCFC2E19FF589C34509',
      health: 'good',
      healthCode: 0,
      isScanning: true,
      mode: 'standard',
      zone: 'warning',
      trouble: '',
    })
    await until(() => expect(stand.scans.length).toBeGreaterThan(3))
    const scan = stand.scans.at(-1)
    expect(scan?.header).toMatchObject({ points: 500, zone: 'warning' })
    expect(scan?.bytes).toHaveLength(500 * 6)
    expect(scan?.header.nearest?.angleDeg).toBeCloseTo(30, -1)
    expect(Math.abs((scan?.header.nearest?.rangeMm ?? 0) - 900)).toBeLessThan(10)
    expect(stand.scans.map(({ header }) => header.revolution)).toEqual(
      stand.scans.map((_, index) => index + 1),
    )
    await until(() => expect(stand.row?.rotationHz).toBeGreaterThan(0))
  })

  test('turned by how it is mounted', async () => {
    await stand.plug()
    await stand.sim({ walker })
    await stand.open({ mountDeg: -90 })
    await until(() => expect(stand.scans.length).toBeGreaterThan(0))
    expect(stand.scans[0]?.header.nearest?.angleDeg).toBeCloseTo(300, -1)
  })

  test('an A1 in express mode', async () => {
    await stand.plug()
    await stand.sim({ model: 'a1', walker, hz: 6, pointsPerTurn: 640 })
    await stand.open({ model: 'a1', mode: 'express' })
    await until(() => expect(stand.scans.length).toBeGreaterThan(1))
    expect(stand.row).toMatchObject({ model: 'RPLIDAR A1M8', mode: 'express' })
    const { nearest, points } = stand.scans[1]?.header ?? {}
    expect(Math.abs((nearest?.rangeMm ?? 0) - 900)).toBeLessThan(10)
    expect(nearest?.angleDeg).toBeCloseTo(30, -1)
    expect(Math.abs((points ?? 0) - 640)).toBeLessThanOrEqual(1)
  })

  test('that does not know express scans is scanned in standard mode', async () => {
    await stand.plug()
    await stand.sim({ knowsExpress: false, walker })
    await stand.open({ mode: 'express' })
    await until(() => expect(stand.scans.length).toBeGreaterThan(1))
    expect(stand.row?.mode).toBe('standard')
  })

  test('lost bytes cost revolutions, are counted, and nothing false is told', async () => {
    const { sim } = await scanning()
    sim.set('slip')
    await until(() => expect(stand.row?.counters.resyncs).toBeGreaterThan(3))
    expect(stand.row?.counters.broken).toBeGreaterThan(0)
    sim.set('none')
    const before = stand.scans.length
    await until(() => expect(stand.scans.length).toBeGreaterThan(before + 3))
    // Nobody is nearer than the obstacle, whatever was lost.
    for (const { header } of stand.scans) expect(header.nearest?.rangeMm).toBeGreaterThan(890)
  })

  test('a motor that stands still is told, and turns again', async () => {
    const { sim } = await scanning()
    sim.set('stall')
    await until(() =>
      expect(stand.row).toMatchObject({ health: 'stalled', isScanning: false, nearest: null, zone: null }),
    )
    expect(stand.row?.trouble).toContain('brings no revolution')
    expect(stand.state).toBe('silent')
    sim.set('none')
    const before = stand.scans.length
    await until(() => expect(stand.scans.length).toBeGreaterThan(before))
    await until(() => expect(stand.row).toMatchObject({ health: 'good', isScanning: true, trouble: '' }))
    expect(stand.state).toBe('live')
  })

  test('that answers nothing any more is silent, not stalled, and is found again', async () => {
    const { sim } = await scanning()
    sim.set('silent')
    await until(() => expect(stand.row).toMatchObject({ health: 'unknown', zone: null }))
    expect(stand.row?.trouble).toContain('does not answer any more')
    sim.set('none')
    const before = stand.scans.length
    await until(() => expect(stand.scans.length).toBeGreaterThan(before))
  })

  test('in Protection Stop it is reset once', async () => {
    await stand.plug()
    const sim = await stand.sim()
    sim.set('health-error')
    await stand.open()
    await until(() => expect(stand.scans.length).toBeGreaterThan(0))
    expect(sim.heard.filter((request) => request === 'reset')).toHaveLength(1)
    expect(stand.row?.health).toBe('good')
  })

  test('in Protection Stop for good it is not set scanning', async () => {
    await stand.plug()
    const sim = await stand.sim()
    sim.set('health-broken')
    await stand.open()
    await until(() => expect(stand.row).toMatchObject({ health: 'error', healthCode: 0x8003 }))
    await until(() => expect(stand.row?.trouble).toContain('a reset did not help: turn its power off and on'))
    expect(stand.state).toBe('waiting')
    expect(sim.heard.filter((request) => request === 'reset')).toHaveLength(1)
    expect(sim.heard).not.toContain('scan')
  })

  test('another device at the port is refused, and is never told to move', async () => {
    await stand.plug()
    const sim = await stand.sim()
    sim.set('wrong-device')
    const link = await stand.open()
    await until(() => expect(stand.state).toBe('refused'))
    expect(stand.row?.trouble).toContain('not as an RPLIDAR at 460800 baud')
    expect(sim.heard).toEqual([])
    sim.set('none')
    link.retry()
    await until(() => expect(stand.scans.length).toBeGreaterThan(0))
  })

  test('noise as fast as it comes is no scan and no identity', async () => {
    const { sim } = await scanning()
    sim.set('flood')
    await until(() => expect(stand.row?.isScanning).toBe(false))
    sim.set('none')
    const before = stand.scans.length
    await until(() => expect(stand.state === 'refused' || stand.scans.length > before).toBe(true))
    for (const { header } of stand.scans) expect(header.points).toBe(500)
  })

  test('unplugged it is away, and scans again when it is back', async () => {
    const { pair, sim } = await scanning()
    await pair.unplug()
    await until(() =>
      expect(stand.row).toMatchObject({ isScanning: false, health: 'unknown', nearest: null, zone: null }),
    )
    expect(stand.state).toBe('waiting')
    await until(() => expect(stand.row?.trouble).toContain('is it plugged in?'))
    await sim.stop()
    await stand.plug()
    await stand.sim({ walker })
    const before = stand.scans.length
    await until(() => expect(stand.scans.length).toBeGreaterThan(before))
    await until(() => expect(stand.row).toMatchObject({ isScanning: true, trouble: '' }))
    expect(stand.scans.at(-1)?.header.revolution).toBe(stand.scans.length)
  })
})

describe.skipIf(!hasSocat)('orders', () => {
  test('stop and start, each proved by the device', async () => {
    const { sim, link } = await scanning()
    expect(await link.deliver(command(false))).toMatchObject({ is: 'delivered' })
    expect(sim.isScanning).toBe(false)
    expect(stand.row).toMatchObject({ isScanning: false, nearest: null, trouble: '' })
    // It is asked how it is meanwhile, so the link stays live.
    const asked = sim.heard.length
    await until(() => expect(sim.heard.length).toBeGreaterThan(asked + 3))
    expect(stand.state).toBe('live')
    expect(sim.isScanning).toBe(false)
    expect(await link.deliver(command(true))).toMatchObject({ is: 'delivered' })
    const before = stand.scans.length
    await until(() => expect(stand.scans.length).toBeGreaterThan(before))
  })

  test('too late, or of another kind: nothing is sent', async () => {
    const { sim, link } = await scanning()
    const asked = sim.heard.length
    expect(await link.deliver(command(false, Date.now() - 1))).toMatchObject({ is: 'unreachable' })
    expect(await link.deliver({ ...command(true), type: 'request-stop', by: 'x' } as never)).toMatchObject({
      is: 'refused',
    })
    expect(sim.heard.length).toBe(asked)
    expect(sim.isScanning).toBe(true)
  })

  test('while it is away they fail at once', async () => {
    const link = await stand.open()
    await until(() => expect(stand.state).toBe('waiting'))
    expect(await link.deliver(command(true))).toMatchObject({
      is: 'unreachable',
      reason: expect.stringContaining('is it plugged in?'),
    })
  })
})

describe.skipIf(!hasSocat)('the connection test', () => {
  test('says who is there and leaves the port free', async () => {
    await stand.plug()
    const sim = await stand.sim()
    const found = await rplidar.test(stand.profile(), slotWith())
    expect(found).toMatchObject({ ok: true })
    expect(found.steps.map(({ text }) => text)).toEqual([
      expect.stringContaining('is open at 460800 baud'),
      expect.stringContaining('RPLIDAR C1M1'),
      'its health is good (code 0)',
    ])
    expect(sim.heard).not.toContain('scan')
    await stand.open()
    await until(() => expect(stand.scans.length).toBeGreaterThan(0))
    const busy = await rplidar.test(stand.profile(), slotWith())
    expect(busy).toEqual({
      ok: false,
      steps: [{ ok: false, text: expect.stringContaining('another link of this program') }],
    })
  })

  test.each([
    ['wrong-device', 'talks, but not as an RPLIDAR'],
    ['silent', 'nothing at'],
    ['health-broken', 'its health is error (code 32771): turn its power off and on'],
  ] as const)('%s', async (fault, words) => {
    await stand.plug()
    const sim = await stand.sim()
    sim.set(fault)
    const found = await rplidar.test(stand.profile(), slotWith())
    expect(found.ok).toBe(false)
    expect(found.steps.at(-1)?.text).toContain(words)
    expect(sim.heard).not.toContain('reset')
  })
})
