/** The alarm of a recorder that has stopped. It clears by itself when recording goes on. */
import { LinkId } from '../../contract/links.ts'
import type { AlertRaised, Fact, Stored } from '../fact.ts'
import type { Clock } from '../io/clock.ts'
import type { Log } from '../log.ts'
import { type RingTrouble, troubleWords } from './trouble.ts'

/** The part of ingest that the recorder speaks to. */
export interface Teller {
  raise(fact: AlertRaised): Promise<Stored>
  tell(fact: Extract<Fact, { type: 'alert-cleared' }>): void
}

interface Parts {
  readonly clock: Clock
  readonly log: Log
  readonly ingest: Teller
}

const source = LinkId.parse('watchfloor')

export class RecorderAlarm {
  readonly #parts: Parts
  #raising: Promise<unknown> = Promise.resolve()

  constructor(parts: Parts) {
    this.#parts = parts
  }

  /** An alarm of the run before would stand for ever: what is still wrong is told anew with the next write. */
  begin(): void {
    this.#clear(this.#parts.clock.now(), 'the recorder was started again')
  }

  tell(trouble: RingTrouble | null): void {
    const { clock, log } = this.#parts
    const at = clock.now()
    // In turn: an alarm must not clear before it is raised.
    this.#raising = this.#raising
      .then(() => this.#say(trouble, at))
      .catch((error: unknown) => log.error('recorder-alarm', { error: String(error) }))
  }

  async #say(trouble: RingTrouble | null, at: number): Promise<void> {
    if (trouble !== null) await this.#parts.ingest.raise(alarmOf(trouble, at))
    else this.#clear(at, 'recording goes on')
  }

  #clear(at: number, note: string): void {
    this.#parts.ingest.tell({ type: 'alert-cleared', source, kind: 'storage', device: null, at, note })
  }
}

function alarmOf(trouble: RingTrouble, at: number): AlertRaised {
  return {
    type: 'alert-raised',
    source,
    sourceId: `recorder:${trouble.is}:${at}`,
    kind: 'storage',
    priority: 'medium',
    device: null,
    deviceName: null,
    group: null,
    location: null,
    text: troubleWords(trouble),
    raisedAt: at,
    receivedAt: at,
    late: false,
    clockSuspect: false,
    blue: null,
    picture: null,
    raw: null,
  }
}
