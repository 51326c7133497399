/** A simulated RPLIDAR from the command line. `socat pty,raw,echo=0,link=/tmp/lidar pty,raw,echo=0,link=/tmp/lidar-far`, then `node test/sim/rplidar/run.ts --path /tmp/lidar-far`. */
import { parseArgs } from 'node:util'
import type { Fault } from './device.ts'
import { startRplidar } from './server.ts'

const usage = `--path PATH   its end of the pseudo terminal pair; the app opens the other one
--model WORD  c1 or a1 (c1)
--hz N        turns per second (10)
--points N    measurements per turn (500)
--no-express  legacy express scans are not answered
Type a fault and Enter while it runs: none, slip, flip, stall, health-warning, health-error, health-broken, wrong-device, silent, flood`

const { values } = parseArgs({
  options: {
    path: { type: 'string' },
    model: { type: 'string', default: 'c1' },
    hz: { type: 'string', default: '10' },
    points: { type: 'string', default: '500' },
    'no-express': { type: 'boolean', default: false },
    help: { type: 'boolean', default: false },
  },
})
if (values.help || values.path === undefined) {
  console.log(usage)
  process.exit(values.help ? 0 : 2)
}
const sim = await startRplidar({
  path: values.path,
  model: values.model === 'a1' ? 'a1' : 'c1',
  hz: Number(values.hz),
  pointsPerTurn: Number(values.points),
  knowsExpress: !values['no-express'],
})
console.log(JSON.stringify({ event: 'ready', path: values.path }))
process.stdin.setEncoding('utf8').on('data', (text: string) => sim.set(text.trim() as Fault))
const end = () => void sim.stop().then(() => process.exit(0))
process.on('SIGINT', end)
process.on('SIGTERM', end)
