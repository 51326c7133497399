/** `npm test`: everything that can be tested on this machine, from types to the browser. Says what it left out and why; last line: the counts. */
import './runtime.mjs'
import { mkdirSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import {
  lineCounts,
  playwrightCounts,
  playwrightUnsteady,
  vitestCounts,
  vitestSkipped,
  vitestUnsteady,
} from './lib/counts.mjs'
import { findElectron } from './lib/electron-binary.mjs'
import { root, run } from './lib/run.mjs'
import { staticChecks } from './lib/static-checks.mjs'
import { indent, line, runSteps, withoutPassed } from './lib/steps.mjs'
import { findChromium, provideSystemPackages } from './lib/system-packages.mjs'

/** Thirteen minutes on two idle cores, and a second try for what was late. */
const endToEndMs = 2_400_000

const startedAt = performance.now()
const reports = join(root, 'test-results', 'reports')
const total = { passed: 0, failed: 0, skipped: 0 }
const left = []
const unsteady = []

function add(counts) {
  for (const name of Object.keys(total)) total[name] += counts[name]
}

function leave(count, reason) {
  total.skipped += count
  left.push(reason)
}

function finish() {
  if (left.length > 0) console.log(`\nnot run:\n${left.map((reason) => `  ${reason}`).join('\n')}`)
  if (unsteady.length > 0) {
    console.log(`\npassed only at the second try:\n${unsteady.map((title) => `  ${title}`).join('\n')}`)
  }
  const seconds = (performance.now() - startedAt) / 1000
  console.log(`\n${Math.floor(seconds / 60)} min ${Math.round(seconds % 60)} s`)
  console.log(`${total.passed} passed, ${total.failed} failed, ${total.skipped} skipped`)
  process.exit(total.failed === 0 ? 0 : 1)
}

/** Runs one group of tests and prints its line; `count` reads what came of it. */
async function group(name, command, args, count, options = {}) {
  const result = await run(command, args, options)
  const counts = count(result)
  add(counts)
  const { passed, failed, skipped } = counts
  const detail = `${passed} passed${failed > 0 ? `, ${failed} failed` : ''}${skipped > 0 ? `, ${skipped} skipped` : ''}`
  line(result.ok && failed === 0, name, result.seconds, detail)
  if (!result.ok || failed > 0) console.log(indent(withoutPassed(result.output)))
  return counts
}

async function vitest(project) {
  const report = join(reports, `${project}.json`)
  const args = [
    'run',
    '--project',
    project,
    '--reporter=default',
    '--reporter=json',
    `--outputFile.json=${report}`,
  ]
  // Real sockets, ports and disks, mostly waited for, one file after the other: eleven minutes on two cores.
  const timeoutMs = 1_500_000
  await group(`${project} tests`, 'vitest', args, ({ ok }) => vitestCounts(report, ok), { timeoutMs })
  left.push(...vitestSkipped(report))
  unsteady.push(...vitestUnsteady(report))
}

async function endToEnd() {
  const chromium = findChromium()
  if (chromium === null) {
    leave(1, 'end-to-end tests: no Chromium; set CHROMIUM to one, or install it')
    return
  }
  const report = join(reports, 'e2e.json')
  const env = { PLAYWRIGHT_JSON_OUTPUT_NAME: report, CHROMIUM: chromium }
  const args = ['test', '--reporter=list,json', '--project=node-shell']
  const counts = await group(
    'end-to-end, Node shell',
    'playwright',
    args,
    ({ ok }) => playwrightCounts(report, ok),
    {
      env,
      timeoutMs: endToEndMs,
    },
  )
  unsteady.push(...playwrightUnsteady(report))
  const electron = findElectron()
  if (electron === null) {
    leave(counts.passed + counts.failed, 'end-to-end, Electron window: not run: no Electron binary')
    return
  }
  const onElectron = ['test', '--reporter=list,json', '--project=electron']
  await group('end-to-end, Electron', 'playwright', onElectron, ({ ok }) => playwrightCounts(report, ok), {
    env: { ...env, ELECTRON_BINARY: electron },
    timeoutMs: endToEndMs,
  })
  unsteady.push(...playwrightUnsteady(report))
}

rmSync(reports, { recursive: true, force: true })
mkdirSync(reports, { recursive: true })
await provideSystemPackages()

const built = await run('node', ['scripts/build.mjs'])
line(built.ok, 'build', built.seconds)
add({ passed: built.ok ? 1 : 0, failed: built.ok ? 0 : 1, skipped: 0 })
if (!built.ok) {
  console.log(indent(built.output))
  leave(0, 'everything that starts the built app: the build failed')
}

const checked = await runSteps(staticChecks)
const bad = checked.filter((step) => !step.ok).length
add({ passed: checked.length - bad, failed: bad, skipped: 0 })

// One group after the other: what measures time gets both cores.
await vitest('unit')
if (built.ok) {
  await vitest('integration')
  await vitest('electron')
  await vitest('bad-input')
  await group(
    'crash run, 30 cycles',
    'node',
    ['test/crash/run.ts', '--cycles', '30', '--every', '15'],
    ({ ok, output }) => lineCounts(output, ok),
  )
  await endToEnd()
}
finish()
