/** Counts of passed, failed and skipped tests, read from the reports the runners write. */
import { existsSync, readFileSync } from 'node:fs'
import { stripVTControlCharacters } from 'node:util'

/** A runner that died before it could report is one failure, never nothing. */
function orOneFailure(counts, ok) {
  return ok || counts.failed > 0 ? counts : { ...counts, failed: 1 }
}

function readReport(file) {
  return existsSync(file) ? JSON.parse(readFileSync(file, 'utf8')) : null
}

export function vitestCounts(file, ok) {
  const report = readReport(file)
  if (report === null) return orOneFailure({ passed: 0, failed: 0, skipped: 0 }, ok)
  const { numPassedTests, numFailedTests, numPendingTests, numTodoTests = 0 } = report
  const counts = { passed: numPassedTests, failed: numFailedTests, skipped: numPendingTests + numTodoTests }
  return orOneFailure(counts, ok)
}

function vitestTests(file) {
  const files = readReport(file)?.testResults ?? []
  return files.flatMap((each) =>
    each.assertionResults.map((test) => ({
      ...test,
      title: `${test.fullName} (${each.name.replace(`${process.cwd()}/`, '')})`,
    })),
  )
}

/** Titles of tests Vitest did not run, with their file. */
export function vitestSkipped(file) {
  return vitestTests(file)
    .filter((test) => test.status !== 'passed' && test.status !== 'failed')
    .map((test) => test.title)
}

/** Titles of tests that passed at their second try, with what the first one said. */
export function vitestUnsteady(file) {
  return vitestTests(file)
    .filter((test) => test.status === 'passed' && test.failureMessages.length > 0)
    .map((test) => `${test.title}: ${firstLine(test.failureMessages[0])}`)
}

function firstLine(text) {
  return stripVTControlCharacters(text).trim().split('\n', 1)[0]
}

export function playwrightCounts(file, ok) {
  const report = readReport(file)
  if (report === null) return orOneFailure({ passed: 0, failed: 0, skipped: 0 }, ok)
  const { expected, unexpected, flaky, skipped } = report.stats
  return orOneFailure({ passed: expected + flaky, failed: unexpected, skipped }, ok)
}

/** Titles of specs that passed at their second try, with what the first one said. */
export function playwrightUnsteady(file) {
  const specs = (suite) => [...(suite.specs ?? []), ...(suite.suites ?? []).flatMap(specs)]
  return (readReport(file)?.suites ?? [])
    .flatMap(specs)
    .flatMap((spec) =>
      spec.tests
        .filter((test) => test.status === 'flaky')
        .map((test) => `${spec.title} (${spec.file}): ${firstLine(test.results[0]?.error?.message ?? '')}`),
    )
}

/** The line `N passed, N failed, N skipped` at the end of a command's output. */
export function lineCounts(output, ok) {
  const found = [...output.matchAll(/^(\d+) passed, (\d+) failed, (\d+) skipped$/gm)].at(-1)
  const [, passed = 0, failed = 0, skipped = 0] = (found ?? []).map(Number)
  return orOneFailure({ passed, failed, skipped }, ok)
}
