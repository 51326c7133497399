/** The log of attempts, bounded: a flood of them is counted, not written line by line. */
import type { LinkContext } from '../../../link.ts'
import type { Attempts } from './parts.ts'
import { Rates } from './rates.ts'

const linesPerMinute = 120

export function logAttempts({
  log,
  clock,
  profile,
}: Pick<LinkContext, 'log' | 'clock' | 'profile'>): Attempts {
  const rates = new Rates(linesPerMinute)
  let suppressed = 0
  function mayWrite(): boolean {
    if (rates.take('', clock.monotonic()).waitMs > 0) {
      suppressed += 1
      return false
    }
    if (suppressed > 0) log.warn('openeye-attempts-not-shown', { link: profile.id, count: suppressed })
    suppressed = 0
    return true
  }
  return {
    accepted(what, address, user) {
      if (mayWrite()) log.info('openeye-accepted', { link: profile.id, what, address, user })
    },
    refused(what, address, user, why) {
      if (mayWrite()) log.warn('openeye-refused', { link: profile.id, what, address, user, why })
    },
  }
}
