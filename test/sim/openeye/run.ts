/**
 * A simulated OpenEye server from the command line: `node test/sim/openeye/run.ts --port 8000 --cameras 4 --seed 1`.
 * The first line it prints says where it is and who may log in; then one JSON line per event.
 */
import { parseArgs } from 'node:util'
import { camerasOf } from './options.ts'
import { startOpenEye } from './server.ts'

const usage = `--port N              where to listen (8000; 0: any)
--host ADDRESS        (127.0.0.1)
--cameras N           how many (the four of the demo)
--seed N              repeatable behaviour (1)
--user, --password    who may log in (operator, made up at start)
--fps N               frames per second of a stream (30)
--see-every-ms N      from one sighting to the next (8000; 0: never)
--event-every-ms N    from one camera_event to the next (0: never, as deployed)
--statistics-ms N     (5000)
--token-life-s N      (1800)
--requests-per-minute N  (100)
--document            speak as the guide says, not as deployed
--built-in WORD       none, memory or row: the built-in test camera (none)
--not-set-up          as before its first user
--unknown-today N     unknown_faces_today (0, as deployed)
--statistics-error    figures cannot be collected
--mute                sockets open and nothing is said
--refuse-sockets      403 for every handshake
--fail-requests       500 for every request
--stalled-streams     streams open and bring no frames
--slow-ms N           every answer comes later`

const { values } = parseArgs({
  options: {
    port: { type: 'string', default: '8000' },
    host: { type: 'string', default: '127.0.0.1' },
    cameras: { type: 'string' },
    seed: { type: 'string', default: '1' },
    user: { type: 'string', default: 'operator' },
    password: { type: 'string' },
    fps: { type: 'string', default: '30' },
    'see-every-ms': { type: 'string', default: '8000' },
    'event-every-ms': { type: 'string', default: '0' },
    'statistics-ms': { type: 'string', default: '5000' },
    'token-life-s': { type: 'string', default: '1800' },
    'requests-per-minute': { type: 'string', default: '100' },
    document: { type: 'boolean', default: false },
    'built-in': { type: 'string', default: 'none' },
    'not-set-up': { type: 'boolean', default: false },
    'unknown-today': { type: 'string', default: '0' },
    'statistics-error': { type: 'boolean', default: false },
    mute: { type: 'boolean', default: false },
    'refuse-sockets': { type: 'boolean', default: false },
    'fail-requests': { type: 'boolean', default: false },
    'stalled-streams': { type: 'boolean', default: false },
    'slow-ms': { type: 'string', default: '0' },
    help: { type: 'boolean', default: false },
  },
})

if (values.help) {
  console.log(usage)
  process.exit(0)
}

const print = (entry: object) => process.stdout.write(`${JSON.stringify(entry)}\n`)
const { 'built-in': builtIn, password } = values
const sim = await startOpenEye({
  host: values.host,
  port: Number(values.port),
  seed: Number(values.seed),
  dialect: values.document ? 'document' : 'deployed',
  cameras: camerasOf(values.cameras === undefined ? undefined : Number(values.cameras)),
  builtIn: builtIn === 'memory' || builtIn === 'row' ? builtIn : 'none',
  statisticsMs: Number(values['statistics-ms']),
  tokenLifeS: Number(values['token-life-s']),
  framesPerSecond: Number(values.fps),
  isSetUp: !values['not-set-up'],
  requestsPerMinute: Number(values['requests-per-minute']),
  seeEveryMs: Number(values['see-every-ms']) || null,
  eventEveryMs: Number(values['event-every-ms']) || null,
  ...(password === undefined ? {} : { users: [{ user: values.user, password, role: 'admin' }] }),
  faults: {
    statisticsError: values['statistics-error'],
    unknownToday: Number(values['unknown-today']),
    mute: values.mute,
    refuseSockets: values['refuse-sockets'] ? 403 : 0,
    failRequests: values['fail-requests'] ? 500 : 0,
    stalledStreams: values['stalled-streams'],
    slowMs: Number(values['slow-ms']),
  },
  log: print,
})
print({ event: 'ready', url: sim.url, user: sim.user, password: sim.password })

function end(): void {
  void sim.close().then(() => process.exit(0))
}
process.on('SIGINT', end)
process.on('SIGTERM', end)
