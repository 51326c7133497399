/** What the parts of the desk are given, and the words they have in common. */
import { Fault } from '../../contract/fault.ts'
import { LinkId } from '../../contract/links.ts'
import type { TimelineEntry } from '../../contract/timeline.ts'
import type { Dispatch } from '../dispatch.ts'
import type { Ingest } from '../ingest.ts'
import type { Clock } from '../io/clock.ts'
import type { Links } from '../links.ts'
import type { Live } from '../live/live.ts'
import type { Log } from '../log.ts'
import type { Store } from '../store/store.ts'

export interface DeskParts {
  readonly dataDir: string
  readonly store: Store
  readonly live: Live
  readonly clock: Clock
  readonly log: Log
  readonly ingest: Pick<Ingest, 'raise' | 'tell'>
  readonly dispatch: Pick<Dispatch, 'now'>
  readonly links: Pick<Links, 'running' | 'save'>
}

/** The source of what is said by nobody but us. */
export const ownSource = LinkId.parse('watchfloor')

type Noting = {
  readonly store: Pick<Store, 'addTimeline'>
  readonly clock: Clock
  readonly log: Log
}

/** An entry that nobody waits for: what it tells of must not wait for a disk. */
export function note(
  { store, clock, log }: Noting,
  entry: Pick<TimelineEntry, 'type' | 'link' | 'device' | 'by' | 'text'>,
): void {
  store.addTimeline({ at: clock.now(), ...entry }).catch((error: unknown) => {
    log.error('vehicle-note-not-stored', { text: entry.text, error: String(error) })
  })
}

/** What a failure says to people. */
export function wordsOf(error: unknown): string {
  if (error instanceof Fault) return error.message
  return `it failed: ${error instanceof Error ? error.message : String(error)}`
}
