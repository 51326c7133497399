/**
 * A simulated OWT face server from the command line: `node test/sim/owt/run.ts --port 8081 --finds people`.
 * The first line it prints says where it is; then one JSON line per event.
 */
import { parseArgs } from 'node:util'
import type { BoxWriting, Speaks } from './options.ts'
import { startOwt } from './server.ts'

const usage = `--port N              where to listen (8081; 0: any)
--host ADDRESS        (127.0.0.1)
--seed N              repeatable behaviour (1)
--speaks WORD         deployed, document or both (both)
--finds WORD          patches: magenta ones; people: painted ones too; header: one face in the middle, nothing decoded (people)
--people A,B,C        whom it knows (the people of the simulated OpenEye server)
--latency-ms N|N-M    from a picture to its answer (10)
--api-key KEY         wanted as ?apiKey=
--no-ids              frame ids are not told back
--box WORD            xywh-px, xyxy-px, xywh-norm or tlbr-px (as each form has it)
--mute                sockets open and nothing is said
--lose, --fail, --repeat, --grumble SHARE   of pictures, 0 to 1 (0)
--hang-up-after N     pictures (0: never)`

const text = { type: 'string' } as const
const { values } = parseArgs({
  options: {
    port: { ...text, default: '8081' },
    host: { ...text, default: '127.0.0.1' },
    seed: { ...text, default: '1' },
    speaks: { ...text, default: 'both' },
    finds: { ...text, default: 'people' },
    people: text,
    'latency-ms': { ...text, default: '10' },
    'api-key': text,
    'no-ids': { type: 'boolean', default: false },
    box: text,
    mute: { type: 'boolean', default: false },
    lose: { ...text, default: '0' },
    fail: { ...text, default: '0' },
    repeat: { ...text, default: '0' },
    grumble: { ...text, default: '0' },
    'hang-up-after': { ...text, default: '0' },
    help: { type: 'boolean', default: false },
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

const [least = 0, most] = values['latency-ms'].split('-').map(Number)
const print = (entry: object) => process.stdout.write(`${JSON.stringify(entry)}\n`)
const sim = await startOwt({
  host: values.host,
  port: Number(values.port),
  seed: Number(values.seed),
  speaks: oneOf<Speaks>(values.speaks, ['deployed', 'document', 'both']),
  finds: oneOf(values.finds, ['patches', 'people', 'header']),
  ...(values.people === undefined ? {} : { people: values.people.split(',') }),
  latencyMs: most === undefined ? least : [least, most],
  apiKey: values['api-key'] ?? null,
  echoesIds: !values['no-ids'],
  ...(values.box === undefined
    ? {}
    : { boxWriting: oneOf<BoxWriting>(values.box, ['xywh-px', 'xyxy-px', 'xywh-norm', 'tlbr-px']) }),
  faults: {
    mute: values.mute,
    lose: Number(values.lose),
    fail: Number(values.fail),
    repeat: Number(values.repeat),
    grumble: Number(values.grumble),
    hangUpAfter: Number(values['hang-up-after']),
  },
  log: print,
})
print({ event: 'ready', url: sim.url })

function end(): void {
  void sim.close().then(() => process.exit(0))
}
process.on('SIGINT', end)
process.on('SIGTERM', end)
