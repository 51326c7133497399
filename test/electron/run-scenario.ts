/** A child process of the tests: loads the built bundle with the stand-in for `electron`, plays one scenario, reports its result. */
import { scenarios } from './scenarios.ts'

const scenario = scenarios[process.argv[2] ?? '']
if (scenario === undefined) throw new Error(`no scenario named ${process.argv[2]}`)
try {
  const result = await scenario()
  process.send?.({ result }, () => process.exit(0))
} catch (error) {
  // The bundle catches what nobody caught; a scenario's own failure must not end there.
  console.error(error)
  process.exit(1)
}
