/** The log of attempts, bounded: a flood of them is counted, not written line by line. */
import type { LinkContext } from '../link.ts'
import { Rates } from './rates.ts'

const linesPerMinute = 120

/** Every attempt to log in or connect, told to the log: who, from where, why not. Never a token, never an unknown name. */
export interface Attempts {
  accepted(what: string, address: string, user: string): void
  refused(what: string, address: string, user: string | null, why: string): void
}

/** `stem`: how the lines begin, `openeye-refused`. */
export function logAttempts(
  { log, clock, profile }: Pick<LinkContext, 'log' | 'clock' | 'profile'>,
  stem: string,
): Attempts {
  const rates = new Rates(linesPerMinute)
  let suppressed = 0
  function mayWrite(): boolean {
    if (rates.take('', clock.monotonic()).waitMs > 0) {
      suppressed += 1
      return false
    }
    if (suppressed > 0) log.warn(`${stem}-attempts-not-shown`, { link: profile.id, count: suppressed })
    suppressed = 0
    return true
  }
  return {
    accepted(what, address, user) {
      if (mayWrite()) log.info(`${stem}-accepted`, { link: profile.id, what, address, user })
    },
    refused(what, address, user, why) {
      if (mayWrite()) log.warn(`${stem}-refused`, { link: profile.id, what, address, user, why })
    },
  }
}
