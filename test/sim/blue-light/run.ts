/**
 * Simulated cameras from the command line:
 * `node test/sim/blue-light/run.ts --hub ws://127.0.0.1:8765 --cameras 7 --seed 1 --rate calm`. Prints one JSON line per event.
 */
import { parseArgs } from 'node:util'
import { type CameraOptions, startCamera } from './camera.ts'
import type { Dialect } from './write.ts'

const rates = {
  calm: { alertEveryMs: [20_000, 60_000], statusMs: 5000, heartbeatMs: 10_000, pictures: 'small' },
  busy: { alertEveryMs: [1000, 3000], statusMs: 2000, heartbeatMs: 5000, pictures: 'small' },
  flood: { alertEveryMs: [2, 8], statusMs: 0, heartbeatMs: 5000, pictures: 'none' },
} as const satisfies Record<
  string,
  Pick<CameraOptions, 'alertEveryMs' | 'statusMs' | 'heartbeatMs' | 'pictures'>
>

const usage = `--hub URL           where to connect (ws://127.0.0.1:8765)
--cameras N         how many (7)
--seed N            repeatable behaviour (1)
--rate WORD         calm, busy or flood (calm)
--pictures WORD     none, small or large (what the rate says)
--duplicates SHARE  0..1, alerts sent twice (0.05)
--outages           pull each camera's cable now and then
--skew-ms N         its clock minus ours (0)
--dialects LETTERS  given out in turn (aaaabc)
--prefix TEXT       start of the device ids (sim-)
--seconds N         end by itself; otherwise runs until it is ended`

const { values } = parseArgs({
  options: {
    hub: { type: 'string', default: 'ws://127.0.0.1:8765' },
    cameras: { type: 'string', default: '7' },
    seed: { type: 'string', default: '1' },
    rate: { type: 'string', default: 'calm' },
    pictures: { type: 'string' },
    duplicates: { type: 'string', default: '0.05' },
    outages: { type: 'boolean', default: false },
    'skew-ms': { type: 'string', default: '0' },
    dialects: { type: 'string', default: 'aaaabc' },
    prefix: { type: 'string', default: 'sim-' },
    seconds: { type: 'string' },
    help: { type: 'boolean', default: false },
  },
})

function isRate(word: string): word is keyof typeof rates {
  return word in rates
}

function dialectOf(index: number): Dialect {
  const letter = values.dialects[index % values.dialects.length]
  return letter === 'b' || letter === 'c' ? letter : 'a'
}

if (values.help || !isRate(values.rate)) {
  console.log(usage)
  process.exit(values.help ? 0 : 2)
}

const rate = rates[values.rate]
const seed = Number(values.seed)
const { pictures: wanted } = values
const pictures = wanted === 'none' || wanted === 'small' || wanted === 'large' ? wanted : rate.pictures
const cameras = Array.from({ length: Number(values.cameras) }, (_, index) =>
  startCamera({
    ...rate,
    hub: values.hub,
    deviceId: `${values.prefix}${index + 1}`,
    name: `Camera ${index + 1}`,
    location: `Room ${index + 1}`,
    group: index % 2 === 0 ? 'floor-1' : 'floor-2',
    dialect: dialectOf(index),
    seed: seed * 1000 + index,
    skewMs: Number(values['skew-ms']),
    pictures,
    duplicates: Number(values.duplicates),
    outage: values.outages ? { everyMs: 15_000 + 1000 * index, lastsMs: 4000 } : null,
    window: 100,
    log: (entry) => process.stdout.write(`${JSON.stringify(entry)}\n`),
  }),
)

function end(): void {
  const pending = cameras.reduce((sum, camera) => sum + camera.pending, 0)
  for (const camera of cameras) camera.close()
  process.stdout.write(`${JSON.stringify({ event: 'ended', pending })}\n`, () => process.exit(0))
}
process.on('SIGINT', end)
process.on('SIGTERM', end)
if (values.seconds !== undefined) setTimeout(end, Number(values.seconds) * 1000)
