/** `npm run check`: types, lint and format, dead code, and the unit tests with the arrows. Everything that needs no running app. */
import './runtime.mjs'
import { staticChecks } from './lib/static-checks.mjs'
import { runSteps } from './lib/steps.mjs'

const startedAt = performance.now()
const steps = [
  // The longest first, so that the short ones fill the time beside it.
  { name: 'unit tests and arrows', command: 'vitest', args: ['run', '--project', 'unit', '--reporter=dot'] },
  ...staticChecks,
]
const results = await runSteps(steps)
const failed = results.filter((result) => !result.ok)
const seconds = ((performance.now() - startedAt) / 1000).toFixed(1)
console.log(
  failed.length === 0
    ? `\n${results.length} checks passed in ${seconds} s`
    : `\n${failed.length} of ${results.length} checks failed in ${seconds} s: ${failed.map((each) => each.name).join(', ')}`,
)
process.exit(failed.length === 0 ? 0 : 1)
