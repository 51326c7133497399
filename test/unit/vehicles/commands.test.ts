/** Commands: refused without what they need, sent with a deadline or not at all, on the timeline either way. */
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { LinkId } from '../../../src/contract/links.ts'
import { preconditions } from '../../../src/contract/vehicle-preconditions.ts'
import type { StopRequest, VehicleCommand, VehicleReadings } from '../../../src/contract/vehicles.ts'
import type { Delivery, Order } from '../../../src/main/order.ts'
import { Commands } from '../../../src/main/vehicles/commands.ts'
import {
  bus,
  busProfile,
  fakeLink,
  lidarRow,
  moduleRow,
  oht,
  openStand,
  reading,
  removeFolder,
  report,
  type Stand,
  vehicleLinkRow,
} from './stand.ts'

let stand: Stand
let commands: Commands
let stops: StopRequest[]
let sent: Order[]
let answer: Delivery

beforeEach(async () => {
  stand = await openStand()
  stops = []
  sent = []
  answer = { is: 'delivered', roundTripMs: 12.4, said: 'moving' }
  commands = new Commands({ ...stand.parts, stops: () => stops })
  stand.live.links.set(vehicleLinkRow(busProfile()))
  stand.running.set(
    bus,
    fakeLink(async (order) => {
      sent.push(order)
      return answer
    }),
  )
})

afterEach(async () => {
  await stand.close()
  removeFolder(stand.dir)
})

function is(readings: Partial<VehicleReadings>, can = report(bus).can): void {
  stand.live.vehicles.set(report(bus, readings, { can }))
}

function idle(): Partial<VehicleReadings> {
  const now = stand.clock.now()
  return { state: reading('IDLE', now), estop: reading(false, now), safetyOk: reading(true, now) }
}

const stopping = { isTrying: true, vehicle: oht } as StopRequest
const move: VehicleCommand = { do: 'move' }
const write: VehicleCommand = { do: 'write-register', unit: 4, register: 'relay-1', value: 1 }

describe('a command', () => {
  it('is sent with its deadline, answered with the other side’s words, and recorded', async () => {
    is(idle())
    expect(await commands.command(bus, move, 'Linh')).toEqual({ roundTripMs: 12.4, said: 'moving' })
    expect(sent).toMatchObject([
      {
        type: 'command-vehicle',
        device: oht,
        by: 'Linh',
        command: move,
        deadlineAt: stand.clock.now() + 2000,
      },
    ])
    expect(await stand.timeline('vehicle-command')).toEqual([
      'Linh| OHT-1: move, over RS485 bus: accepted after 12 ms: moving',
    ])
  })

  it('whose time is over, or whose link is not live, is not sent, and recorded', async () => {
    is(idle())
    await expect(commands.command(bus, move, 'Linh', stand.clock.now())).rejects.toMatchObject({
      code: 'link-down',
    })
    stand.live.links.set(vehicleLinkRow(busProfile(), 'silent'))
    await expect(commands.command(bus, move, 'Linh')).rejects.toMatchObject({ code: 'link-down' })
    answer = { is: 'refused', reason: 'not in IDLE' }
    stand.live.links.set(vehicleLinkRow(busProfile()))
    await expect(commands.command(bus, move, 'Linh')).rejects.toMatchObject({
      code: 'wrong-state',
      message: 'not in IDLE',
    })
    expect(sent).toHaveLength(1)
    expect(await stand.timeline('vehicle-command')).toEqual([
      'Linh| OHT-1: move, over RS485 bus: OHT-1: its time was over before it could be sent, so it was not',
      'Linh| OHT-1: move, over RS485 bus: OHT-1: the link is not live, so nothing was sent',
      'Linh| OHT-1: move, over RS485 bus: not in IDLE',
    ])
  })

  it('to nobody known is refused', async () => {
    await expect(commands.command(bus, move, 'Linh')).rejects.toMatchObject({ code: 'not-found' })
  })

  it.each([
    ['the state of the vehicle is not known now', {}],
    ['the vehicle is in ESTOP', { state: 'ESTOP' }],
    ['the vehicle is in ESTOP', { estop: true }],
    ['the vehicle is in FAULT', { state: 'FAULT' }],
    ['it is not safe to move', { safetyOk: false }],
    ['this link cannot pass that on', { can: [] }],
    ['a STOP REQUEST to this vehicle is under way', { stopping: true }],
  ])('to move is refused: %s', async (words, change: Record<string, unknown>) => {
    const now = stand.clock.now()
    const { can, stopping: isStopping, ...readings } = change
    const said = Object.fromEntries(
      Object.entries(readings).map(([name, value]) => [name, reading(value, now)]),
    )
    is(Object.keys(change).length === 0 ? {} : { ...idle(), ...said }, (can as []) ?? report(bus).can)
    if (isStopping === true) stops.push(stopping)
    const refused = commands.command(bus, move, 'Linh')
    await expect(refused).rejects.toMatchObject({
      code: 'wrong-state',
      message: expect.stringContaining(words),
    })
    expect(sent).toEqual([])
    expect((await stand.timeline('vehicle-command'))[0]).toContain(words)
  })

  it('to move on what was known a while ago is refused', async () => {
    is(idle())
    stand.clock.advance(1001)
    await expect(commands.command(bus, move, 'Linh')).rejects.toThrow('not known now')
  })

  it('to halt goes whatever else is so', async () => {
    is({ state: reading('ESTOP', 0) })
    stops.push(stopping)
    await commands.command(bus, { do: 'halt' }, 'Linh')
    expect(sent).toHaveLength(1)
  })

  it('to write needs a module that answers and a link that may write', async () => {
    is(idle())
    await expect(commands.command(bus, write, 'Linh')).rejects.toThrow('its link may only read')
    stand.live.modules.set(moduleRow(4, { state: 'offline' }))
    await expect(commands.command(bus, write, 'Linh')).rejects.toThrow('the module does not answer')
    stand.live.modules.set(moduleRow(4))
    await commands.command(bus, write, 'Linh')
    expect((await stand.timeline('vehicle-command')).at(-1)).toBe(
      'Linh| OHT-1: module 0x04: write 1 to relay-1, over RS485 bus: accepted after 12 ms: moving',
    )
  })
})

it('warns, without refusing, where a source never says that it is safe to move', () => {
  const known = {
    link: bus,
    reports: [report(bus, { state: reading('IDLE', 0) })],
    modules: [],
    stops: [],
    now: 0,
  }
  expect(preconditions(move, known)).toContainEqual({ id: 'safety-ok', ok: false, hard: false })
  expect(preconditions(move, known).filter(({ ok, hard }) => hard && !ok)).toEqual([])
})

it('starts and stops a LiDAR', async () => {
  const link = LinkId.parse('lidar')
  await expect(commands.scanning(link, true, 'Linh')).rejects.toMatchObject({ code: 'not-found' })
  stand.live.lidars.set(lidarRow())
  stand.live.links.set(vehicleLinkRow(busProfile(link)))
  stand.running.set(
    link,
    fakeLink(async (order) => {
      sent.push(order)
      return { is: 'delivered', roundTripMs: 1 }
    }),
  )
  await commands.scanning(link, false, 'Linh')
  expect(sent).toMatchObject([
    { type: 'command-lidar', scanning: false, deadlineAt: stand.clock.now() + 2000 },
  ])
  expect(await stand.timeline('vehicle-command')).toEqual([
    'Linh| OHT-1: stop scanning, over RS485 bus: accepted after 1 ms',
  ])
})
