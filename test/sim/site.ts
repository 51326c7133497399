/**
 * The demo site: the blue-light cameras of one building, its OpenEye server, two RTSP cameras, a face server and a vehicle, all over real
 * sockets and pseudo terminals, in one process beside the app.
 * `node test/sim/site.ts --hub ws://127.0.0.1:8765`; ends with whoever started it. Its first line says how to reach the server.
 */
import { fstatSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { type CameraOptions, startCamera } from './blue-light/camera.ts'
import { chanceFrom } from './blue-light/chance.ts'
import { startMonitor } from './blue-light/monitor.ts'
import { startOpenEye } from './openeye/server.ts'
import { startOwt } from './owt/server.ts'
import { startRtsp } from './rtsp/server.ts'
import { demoOffer } from './site-offer.ts'
import { startVehicleSite } from './vehicle-site.ts'

const { values } = parseArgs({
  options: {
    hub: { type: 'string', default: 'ws://127.0.0.1:8765' },
    seed: { type: 'string', default: '7' },
  },
})

const { hub } = values
const log = (entry: Readonly<Record<string, unknown>>) => process.stdout.write(`${JSON.stringify(entry)}\n`)

type Place = Pick<CameraOptions, 'name' | 'location' | 'group'> & Partial<CameraOptions>

const places: readonly Place[] = [
  { name: 'Living room', location: 'Living room', group: 'floor-1' },
  { name: 'Hall', location: 'Main hall', group: 'floor-1' },
  { name: 'Entrance', location: 'Main entrance', group: 'floor-1', duplicates: 0.5 },
  { name: 'Elevator', location: 'Elevator B', group: 'floor-1', dialect: 'b' },
  { name: 'Ward 2', location: 'Ward 2, bed 4', group: 'floor-2' },
  { name: 'Ward 3', location: 'Ward 3, corridor', group: 'floor-2' },
  { name: 'Dock 3', location: 'Loading dock 3', group: 'floor-2', pictures: 'large' },
  // Two minutes fast: enough for a remark on screen, not enough to be doubted.
  { name: 'Pharmacy', location: 'Pharmacy counter', group: 'floor-2', skewMs: 120_000 },
  { name: 'Yard north', location: 'North yard', group: null, dialect: 'c' },
  {
    name: 'Car park',
    location: 'Car park, level −1',
    group: null,
    outage: { everyMs: 240_000, lastsMs: 100_000 },
  },
]

// The deployed server never sends a camera_event; here one comes now and then, so that the screens have it to show.
const openEye = await startOpenEye({
  seed: Number(values.seed),
  seeEveryMs: 8000,
  eventEveryMs: 20_000,
  framesPerSecond: 15,
})

/** Beside the built program as beside this file. */
const demoFiles = join(import.meta.dirname, '../../resources/demo')
const clip = (name: string) => readFile(join(demoFiles, name))
const viewer = { user: 'viewer', password: 'Demo-viewer-1' }
const lobby = await startRtsp({
  clip: await clip('lobby.h264'),
  framesPerSecond: 15,
  auth: 'digest',
  path: 'lobby',
  ...viewer,
})
const yard = await startRtsp({ clip: await clip('yard.h264'), framesPerSecond: 15, path: 'yard' })
// Quick as a server in the same building, and it knows the painted people by their skin.
const owt = await startOwt({ finds: 'people', latencyMs: [15, 40] })
const photo = (await readFile(join(demoFiles, 'collins.jpg'))).toString('base64')

const vehicle = await startVehicleSite()
if (vehicle.trouble !== '') log({ event: 'no-serial-ports', reason: vehicle.trouble })

const offer = demoOffer({ openEye, lobby: { url: lobby.url, ...viewer }, yard, owt, vehicle, photo })
process.stdout.write(`ready ${JSON.stringify(offer)}\n`)

const chance = chanceFrom(Number(values.seed))
const cameras = places.map((place, index) =>
  startCamera({
    hub,
    deviceId: `demo-${place.name.toLowerCase().replaceAll(' ', '-')}`,
    dialect: 'a',
    seed: Number(values.seed) * 100 + index,
    heartbeatMs: 10_000,
    statusMs: 3000,
    skewMs: 0,
    alertEveryMs: null,
    pictures: 'small',
    duplicates: 0,
    outage: null,
    window: 100,
    log,
    ...place,
  }),
)
const monitor = startMonitor({
  hub,
  deviceId: 'demo-nurse-station',
  name: 'Nurse station',
  group: 'floor-2',
  heartbeatMs: 10_000,
  log,
})

const firstAlertMs = 1200
const alertEveryMs = [20_000, 40_000] as const

function seeNext(afterMs: number): NodeJS.Timeout {
  return setTimeout(() => {
    cameras[Math.floor(chance.next() * cameras.length)]?.see()
    timer = seeNext(chance.between(...alertEveryMs))
  }, afterMs)
}
let timer = seeNext(firstAlertMs)

function end(): void {
  clearTimeout(timer)
  for (const camera of cameras) camera.close()
  monitor.close()
  void Promise.allSettled([
    openEye.close(),
    lobby.close(),
    yard.close(),
    owt.close(),
    vehicle.stop(),
  ]).finally(() => process.exit(0))
}
process.on('SIGINT', end)
process.on('SIGTERM', end)
process.on('disconnect', end)
// A closed output means nobody is left to listen.
process.stdout.on('error', end)
// A pipe ends with its parent; a terminal or /dev/null says nothing about it.
const stdin = fstatSync(0)
if (process.send === undefined && (stdin.isFIFO() || stdin.isSocket())) {
  process.stdin.on('end', end)
  process.stdin.on('close', end)
  process.stdin.resume()
}
