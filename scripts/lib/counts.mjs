/** Counts of passed, failed and skipped tests, read from the reports the runners write. */
import { existsSync, readFileSync } from 'node:fs'

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

/** Titles of tests Vitest did not run, with their file. */
export function vitestSkipped(file) {
  const report = readReport(file)
  if (report === null) return []
  return report.testResults.flatMap((each) =>
    each.assertionResults
      .filter((test) => test.status !== 'passed' && test.status !== 'failed')
      .map((test) => `${test.fullName} (${each.name.replace(`${process.cwd()}/`, '')})`),
  )
}

export function playwrightCounts(file, ok) {
  const report = readReport(file)
  if (report === null) return orOneFailure({ passed: 0, failed: 0, skipped: 0 }, ok)
  // A flaky test needed a second try; retries are off, so there are none, and one would be a failure.
  const { expected, unexpected, flaky, skipped } = report.stats
  return orOneFailure({ passed: expected, failed: unexpected + flaky, skipped }, ok)
}

/** The line `N passed, N failed, N skipped` at the end of a command's output. */
export function lineCounts(output, ok) {
  const found = [...output.matchAll(/^(\d+) passed, (\d+) failed, (\d+) skipped$/gm)].at(-1)
  const [, passed = 0, failed = 0, skipped = 0] = (found ?? []).map(Number)
  return orOneFailure({ passed, failed, skipped }, ok)
}
