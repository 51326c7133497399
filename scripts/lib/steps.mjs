/** Runs named commands a few at a time and prints one line each; what a failed one said follows at once. */
import { availableParallelism } from 'node:os'
import { run } from './run.mjs'

export function line(ok, name, seconds, detail = '') {
  const word = ok ? 'ok  ' : 'FAIL'
  console.log(
    `${word} ${name.padEnd(28)} ${seconds.toFixed(1).padStart(6)} s${detail === '' ? '' : `  ${detail}`}`,
  )
}

export function indent(text) {
  return text
    .trimEnd()
    .split('\n')
    .map((each) => `     ${each}`)
    .join('\n')
}

/** What a runner said without its lines of tests that passed: where a log is cut, what failed must be in it. */
export function withoutPassed(text) {
  return text
    .split('\n')
    .filter((each) => !/^\s*✓/.test(each))
    .join('\n')
}

/** Resolves to the steps with `ok`, `output` and `seconds`, in the order given. */
export async function runSteps(steps, width = Math.max(2, availableParallelism())) {
  const results = new Array(steps.length)
  let next = 0
  async function worker() {
    for (let at = next++; at < steps.length; at = next++) {
      const step = steps[at]
      const result = await run(step.command, step.args, step)
      results[at] = { ...step, ...result }
      line(result.ok, step.name, result.seconds)
      if (!result.ok) console.log(indent(result.output))
    }
  }
  await Promise.all(Array.from({ length: Math.min(width, steps.length) }, worker))
  return results
}
