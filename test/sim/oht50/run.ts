/**
 * A simulated OHT-50 vehicle from the command line: `node test/sim/oht50/run.ts --http-port 8080 --socket-port 8081 --backend-port 8000`.
 * The first line it prints says where it is; then one JSON line per order and change of state.
 */
import { parseArgs } from 'node:util'
import { startVehicle } from './server.ts'

const usage = `--http-port N         the firmware's HTTP (8080; 0: any)
--socket-port N       the firmware's WebSocket (8081)
--backend-port N      the backend's WebSocket (8000)
--host ADDRESS        (127.0.0.1)
--firmware WORD       main or september (main)
--state WORD          in which it starts (IDLE)
--token TOKEN         accepted for orders (the three of the deployed firmware)
--says WORD           on the socket: modules, everything or nothing (everything)
--every-ms N          how often that is said (1000)
--no-lidar
--no-idle-drop        clients that say nothing for 2 s are kept
--comments            telemetry with comments in its JSON goes out too
--mute                sockets open and nothing is said
--hang                HTTP takes requests and never answers
--slow-ms N           HTTP answers that much later (0)
--emergency WORD      works, ignored, or ms until ESTOP (works)`

const text = { type: 'string' } as const
const flag = { type: 'boolean', default: false } as const
const { values } = parseArgs({
  options: {
    'http-port': { ...text, default: '8080' },
    'socket-port': { ...text, default: '8081' },
    'backend-port': { ...text, default: '8000' },
    host: { ...text, default: '127.0.0.1' },
    firmware: { ...text, default: 'main' },
    state: { ...text, default: 'IDLE' },
    token: text,
    says: { ...text, default: 'everything' },
    'every-ms': { ...text, default: '1000' },
    'no-lidar': flag,
    'no-idle-drop': flag,
    comments: flag,
    mute: flag,
    hang: flag,
    'slow-ms': { ...text, default: '0' },
    emergency: { ...text, default: 'works' },
    help: flag,
  },
})

if (values.help) {
  console.log(usage)
  process.exit(0)
}

function oneOf<T extends string>(value: string, words: readonly T[]): T {
  const found = words.find((word) => word === value)
  if (found !== undefined) return found
  console.error(`"${value}" is none of ${words.join(', ')}`)
  process.exit(2)
}

function emergencyOf(value: string): 'works' | 'ignored' | number {
  if (/^\d+$/.test(value)) return Number(value)
  return oneOf<'works' | 'ignored'>(value, ['works', 'ignored'])
}

const print = (entry: object) => process.stdout.write(`${JSON.stringify(entry)}\n`)
const sim = await startVehicle({
  host: values.host,
  httpPort: Number(values['http-port']),
  socketPort: Number(values['socket-port']),
  backendPort: Number(values['backend-port']),
  firmware: oneOf(values.firmware, ['main', 'september']),
  state: oneOf(values.state, ['IDLE', 'MOVE', 'DOCK', 'FAULT', 'ESTOP', 'PAUSED', 'SAFE']),
  ...(values.token === undefined ? {} : { tokens: [values.token] }),
  says: oneOf(values.says, ['modules', 'everything', 'nothing']),
  everyMs: Number(values['every-ms']),
  hasLidar: !values['no-lidar'],
  faults: {
    idleDrop: !values['no-idle-drop'],
    comments: values.comments,
    mute: values.mute,
    hang: values.hang,
    slowMs: Number(values['slow-ms']),
    emergency: emergencyOf(values.emergency),
  },
  log: print,
})
print({ event: 'ready', http: sim.httpUrl, socket: sim.socketUrl, backend: sim.backendUrl })

function end(): void {
  void sim.stop().then(() => process.exit(0))
}
process.on('SIGINT', end)
process.on('SIGTERM', end)
