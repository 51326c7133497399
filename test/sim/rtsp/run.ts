/** A simulated RTSP camera from the command line: `node test/sim/rtsp/run.ts --port 8554 --auth digest`. */
import { parseArgs } from 'node:util'
import type { Auth, Faults } from './options.ts'
import { startRtsp } from './server.ts'

const usage = `--port N              where to listen (8554; 0: any)
--host ADDRESS        (127.0.0.1)
--path PATH           of the stream (live/main)
--auth WORD           none, basic, digest or digest-sha256 (none)
--user, --password    who may look (viewer, Canary-Passw0rd!)
--fps N               frames per second (30)
--seed N              repeatable faults (1)
--session-timeout-s N (60)
--report-ms N         from one RTCP sender report to the next (1000; 0: none)
--payload-bytes N     largest RTP payload (1400); small ones make FU-A of everything
--dribble-bytes N     bytes per write (0: whole packets)
--lose-one-in N       packets not sent
--swap-one-in N       packets that change places
--garbage-one-in N    random bytes between packets
--sdp WORD            right, no-video, h265, mpeg4, no-sets, garbage or bad-control (right)
--redirects N         302 that many times
--stall --refuse-all --stale-nonces --huge-body --huge-packet --absolute-controls --no-markers --mute --deaf-to-keep-alive`

const text = { type: 'string' } as const
const flag = { type: 'boolean', default: false } as const
const { values } = parseArgs({
  options: {
    port: { ...text, default: '8554' },
    host: { ...text, default: '127.0.0.1' },
    path: { ...text, default: 'live/main' },
    auth: { ...text, default: 'none' },
    user: { ...text, default: 'viewer' },
    password: text,
    fps: { ...text, default: '30' },
    seed: { ...text, default: '1' },
    'session-timeout-s': { ...text, default: '60' },
    'report-ms': { ...text, default: '1000' },
    'payload-bytes': { ...text, default: '1400' },
    'dribble-bytes': { ...text, default: '0' },
    'lose-one-in': { ...text, default: '0' },
    'swap-one-in': { ...text, default: '0' },
    'garbage-one-in': { ...text, default: '0' },
    sdp: { ...text, default: 'right' },
    redirects: { ...text, default: '0' },
    stall: flag,
    'refuse-all': flag,
    'stale-nonces': flag,
    'huge-body': flag,
    'huge-packet': flag,
    'absolute-controls': flag,
    'no-markers': flag,
    mute: flag,
    'deaf-to-keep-alive': flag,
    help: flag,
  },
})

if (values.help) {
  console.log(usage)
  process.exit(0)
}

const print = (entry: object) => process.stdout.write(`${JSON.stringify(entry)}\n`)
const sim = await startRtsp({
  host: values.host,
  port: Number(values.port),
  path: values.path,
  auth: values.auth as Auth,
  user: values.user,
  ...(values.password === undefined ? {} : { password: values.password }),
  framesPerSecond: Number(values.fps),
  seed: Number(values.seed),
  sessionTimeoutS: Number(values['session-timeout-s']),
  reportMs: Number(values['report-ms']),
  faults: {
    payloadBytes: Number(values['payload-bytes']),
    dribbleBytes: Number(values['dribble-bytes']),
    loseOneIn: Number(values['lose-one-in']),
    swapOneIn: Number(values['swap-one-in']),
    garbageOneIn: Number(values['garbage-one-in']),
    sdp: values.sdp as Faults['sdp'],
    redirects: Number(values.redirects),
    stall: values.stall,
    refuseAll: values['refuse-all'],
    staleNonces: values['stale-nonces'],
    hugeBody: values['huge-body'],
    hugePacket: values['huge-packet'],
    absoluteControls: values['absolute-controls'],
    noMarkers: values['no-markers'],
    mute: values.mute,
    deafToKeepAlive: values['deaf-to-keep-alive'],
  },
  log: print,
})
print({ event: 'ready', url: sim.url, user: sim.user, password: sim.password })

function end(): void {
  void sim.close().then(() => process.exit(0))
}
process.on('SIGINT', end)
process.on('SIGTERM', end)
