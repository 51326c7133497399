/** A real client against a test server, with a ledger in place of the store. */

import { EventEmitter, once } from 'node:events'
import type { Credentials } from '../../../../../src/contract/accounts.ts'
import { LinkId, type LinkState } from '../../../../../src/contract/links.ts'
import { type Settings, settingsTable } from '../../../../../src/contract/settings.ts'
import type { ClientProfile } from '../../../../../src/main/drivers/openeye/client/profile.ts'
import { openEyeClient } from '../../../../../src/main/drivers/openeye/index.ts'
import type { AlertRaised, Fact, Stored } from '../../../../../src/main/fact.ts'
import { type Clock, systemClock } from '../../../../../src/main/io/clock.ts'
import type { LinkContext, RunningLink, SecretSlot, SiteView } from '../../../../../src/main/link.ts'
import type { Log, LogFields } from '../../../../../src/main/log.ts'

export const settings = Object.fromEntries(
  Object.entries(settingsTable).map(([key, setting]) => [key, setting.fallback]),
) as Settings

export class Ledger {
  readonly facts: Fact[] = []
  readonly committed = new Set<string>()
  readonly logged: string[] = []
  failsToStore = 0
  readonly #events = new EventEmitter()

  async raise(fact: AlertRaised): Promise<Stored> {
    if (this.failsToStore > 0) {
      this.failsToStore -= 1
      throw new Error('the disk is full')
    }
    const duplicate = this.committed.has(fact.sourceId)
    this.committed.add(fact.sourceId)
    if (!duplicate) this.tell(fact)
    return { seq: this.committed.size, duplicate }
  }

  tell(fact: Fact): void {
    this.facts.push(fact)
    this.#events.emit('fact')
  }

  of<T extends Fact['type']>(type: T): Extract<Fact, { type: T }>[] {
    return this.facts.filter((fact): fact is Extract<Fact, { type: T }> => fact.type === type)
  }

  async until<T>(look: () => T | undefined | false): Promise<T> {
    for (;;) {
      const found = look()
      if (found !== undefined && found !== false) return found
      await once(this.#events, 'fact')
    }
  }

  state(): LinkState | undefined {
    return this.of('link-reported').at(-1)?.state
  }

  is<S extends LinkState['is']>(is: S): Promise<Extract<LinkState, { is: S }>> {
    return this.until(() => {
      const state = this.state()
      return state?.is === is ? (state as Extract<LinkState, { is: S }>) : undefined
    })
  }

  /** Waits for a state whose reason says this. */
  reason(words: string): Promise<LinkState> {
    return this.until(() => {
      const state = this.state()
      return state !== undefined && 'reason' in state && state.reason.includes(words) ? state : undefined
    })
  }
}

export function slotOf(credentials: Credentials | null): SecretSlot {
  let text = credentials === null ? null : JSON.stringify(credentials)
  return {
    read: async () => text,
    write: async (next) => {
      text = next
    },
  }
}

export const ward: Credentials = { is: 'password', user: 'ward', password: 'Canary-Passw0rd!' }

export function profileOf(url: string, more: Partial<ClientProfile> = {}): ClientProfile {
  return {
    id: LinkId.parse('eye'),
    driver: 'openeye-client',
    name: 'Entrance',
    enabled: true,
    url,
    ladder: 'lan',
    pollMs: 2000,
    zone: 'utc',
    recognitionZone: 'local',
    keepStreams: false,
    ...more,
  }
}

function noSite(): never {
  throw new Error('this driver serves nobody')
}

const site: SiteView = {
  statistics: noSite,
  cameras: noSite,
  facesNow: noSite,
  people: noSite,
  frames: noSite,
  snapshot: noSite,
  subscribe: noSite,
}

export interface ClientOptions {
  readonly credentials?: Credentials | null
  readonly slot?: SecretSlot
  readonly profile?: Partial<ClientProfile>
  readonly clock?: Clock
}

export async function openClient(
  url: string,
  options: ClientOptions = {},
): Promise<{ link: RunningLink; ledger: Ledger; slot: SecretSlot }> {
  const ledger = new Ledger()
  const note = (event: string, fields?: LogFields) => {
    ledger.logged.push(JSON.stringify({ event, ...fields }))
  }
  const log: Log = { error: note, warn: note, info: note, debug: note }
  const slot = options.slot ?? slotOf(options.credentials === undefined ? ward : options.credentials)
  const context: LinkContext<ClientProfile> = {
    profile: profileOf(url, options.profile),
    settings,
    clock: options.clock ?? systemClock,
    log,
    knownDevices: [],
    secret: slot,
    site,
    inspected: () => true,
    raise: (fact) => ledger.raise(fact),
    tell: (fact) => ledger.tell(fact),
  }
  return { link: await openEyeClient.open(context), ledger, slot }
}
