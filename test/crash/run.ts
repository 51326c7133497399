/**
 * `npm run test:crash -- [--cycles N] [--seed S]`: kills the app with SIGKILL at random moments, start-up included, while cameras
 * send alerts, and compares what was acknowledged with what is on disk. SIGKILL is a dead process, not a dead machine: what a power
 * cut does to unflushed writes is shown by counting fsyncs, not here.
 */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { Camera } from '../fakes/camera.ts'
import { ensureBuilt, Headless } from '../fakes/headless.ts'
import { Ledger, type Verdict } from '../fakes/ledger.ts'
import { Random } from '../fakes/random.ts'
import { checkFiles } from './files.ts'
import { Load } from './load.ts'

const { values } = parseArgs({
  options: {
    cycles: { type: 'string', default: '100' },
    seed: { type: 'string' },
    every: { type: 'string', default: '100' },
    keep: { type: 'boolean', default: false },
  },
})
const cycles = Number(values.cycles)
const every = Number(values.every)
const seed = values.seed === undefined ? Date.now() % 1_000_000_007 : Number(values.seed)
if (![cycles, every, seed].every((n) => Number.isSafeInteger(n) && n >= 0) || cycles < 1 || every < 1) {
  console.error('--cycles, --every and --seed take whole numbers')
  process.exit(2)
}

ensureBuilt()
const random = new Random(seed)
const ledger = new Ledger()
const dataDir = mkdtempSync(join(tmpdir(), 'watchfloor-crash-'))
const cameras = Array.from(
  { length: 4 },
  (_, n) => new Camera({ deviceId: `crash-camera-${n}`, groupId: n < 2 ? 'north' : 'south', ledger }),
)
const flags = ['--alerts-per-minute', '1000000']
const tally = { duringStart: 0, underLoad: 0, checks: 0, failed: 0 }
const startUpsMs: number[] = []
let stored: string[] = []
let lastSeq = 0
const startedAt = performance.now()

console.log(`crash run: ${cycles} cycles, seed ${seed}, ${dataDir}`)

/** One life of the app, from its start to its kill. */
async function life(): Promise<void> {
  const spawnedAt = performance.now()
  const app = new Headless({ dataDir, flags })
  const typicalStartMs = startUpsMs.at(-1) ?? 400
  if (random.chance(0.2)) {
    // A kill while it opens, recovers and checkpoints the file the last kill left behind.
    await after(random.next() * typicalStartMs * 1.1)
    tally.duringStart += 1
    await app.kill()
    return
  }
  const { hub } = await app.ready
  startUpsMs.push(performance.now() - spawnedAt)
  const load = new Load(cameras, random)
  await load.start(hub)
  // From right after the first acknowledgement to deep in the flow; short lives are the likelier ones.
  await after(5 + random.next() ** 2 * 300)
  tally.underLoad += 1
  await app.kill()
  await load.end()
}

/** The whole meaning of a random moment is its time, so here a timer is not a sleep in disguise. */
function after(delayMs: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, delayMs))
}

function report(passed: boolean, what: string): void {
  tally.checks += 1
  if (!passed) tally.failed += 1
  console.log(`${passed ? 'ok  ' : 'FAIL'} ${what}`)
}

/** Starts the app once more, lets every camera deliver what it still holds, and compares. */
async function judge(cycle: number): Promise<Verdict> {
  const app = new Headless({ dataDir, flags })
  try {
    const { hub } = await app.ready
    await Promise.all(cameras.map((camera) => camera.connect(hub)))
    await Promise.all(cameras.map((camera) => camera.settled()))
    const fresh = (await app.alerts(lastSeq)).filter((row) => row.kind === 'blue-light')
    stored = stored.concat(fresh.map((row) => row.sourceId))
    lastSeq = fresh.at(-1)?.seq ?? lastSeq
    const health = await app.get('/api/health')
    report(health.ok, `cycle ${cycle}: /api/health answers ${health.status}`)
  } finally {
    await app.kill()
    await Promise.all(cameras.map((camera) => camera.closed()))
  }
  const verdict = ledger.judge(stored)
  const { sent, acked, lost, duplicated, invented } = verdict
  const figures = `${sent} sent, ${acked} acknowledged, ${verdict.stored} stored, ${lost.length} lost, ${duplicated.length} duplicated`
  report(
    lost.length === 0 && invented.length === 0,
    `cycle ${cycle}: nothing acknowledged is lost (${figures})`,
  )
  report(duplicated.length === 0, `cycle ${cycle}: nothing is stored twice`)
  for (const id of [...lost.slice(0, 5), ...duplicated.slice(0, 5)]) console.log(`     ${id}`)
  const files = await checkFiles(dataDir)
  report(files.integrity === 'ok', `cycle ${cycle}: integrity_check says ${files.integrity}`)
  report(
    files.blueLight === stored.length,
    `cycle ${cycle}: ${files.blueLight} rows in the file, ${stored.length} in the history`,
  )
  report(files.setAside === 0, `cycle ${cycle}: ${files.setAside} databases were put aside as corrupt`)
  return verdict
}

let verdict = ledger.judge([])
try {
  for (let cycle = 1; cycle <= cycles; cycle += 1) {
    await life()
    if (cycle % every === 0 || cycle === cycles) verdict = await judge(cycle)
  }
} catch (error) {
  report(false, error instanceof Error ? (error.stack ?? error.message) : String(error))
}
for (const camera of cameras) camera.cut()
const seconds = (performance.now() - startedAt) / 1000
const median = startUpsMs.toSorted((a, b) => a - b)[Math.floor(startUpsMs.length / 2)] ?? Number.NaN
console.log(
  `\n${cycles} cycles in ${seconds.toFixed(0)} s (${(cycles / seconds).toFixed(1)}/s): ${tally.duringStart} killed during start-up, ` +
    `${tally.underLoad} under load; start to ready ${median.toFixed(0)} ms (median); seed ${seed}`,
)
console.log(
  `alerts: ${verdict.sent} sent, ${verdict.acked} acknowledged, ${verdict.stored} stored, ` +
    `${verdict.lost.length} lost, ${verdict.duplicated.length} duplicated`,
)
if (values.keep || tally.failed > 0) console.log(`kept: ${dataDir}`)
else rmSync(dataDir, { recursive: true, force: true })
console.log(`${tally.checks - tally.failed} passed, ${tally.failed} failed, 0 skipped`)
process.exit(tally.failed === 0 ? 0 : 1)
