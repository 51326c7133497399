/** What the handlers work with. They are thin: each turns a screen's wish into a store query or an order. */

import type { Credentials } from '../../contract/accounts.ts'
import type { Role } from '../../contract/kinds.ts'
import type { LinkId, LinkProfile, LinkTest } from '../../contract/links.ts'
import type { Rule, RuleTest } from '../../contract/rules.ts'
import type { Settings } from '../../contract/settings.ts'
import type { SerialPortRow } from '../../contract/site.ts'
import type { Analyst } from '../analyst/analyst.ts'
import type { Dispatch } from '../dispatch.ts'
import type { Clock } from '../io/clock.ts'
import type { RunningLink, SiteView } from '../link.ts'
import type { Live } from '../live/live.ts'
import type { Recorder } from '../recorder/recorder.ts'
import type { Store } from '../store/store.ts'
import type { VehicleDesk } from '../vehicles/desk.ts'

export interface ApiParts {
  readonly store: Store
  readonly live: Live
  readonly dispatch: Dispatch
  readonly clock: Clock
  readonly version: string
  readonly shell: 'electron' | 'node'
  readonly settings: () => Settings
  readonly changeSetting: (key: string, value: unknown, by: string) => Promise<void>
  readonly links: {
    save(profile: LinkProfile, by: string): Promise<void>
    remove(id: LinkId, by: string): Promise<void>
    test(profile: LinkProfile, credentials?: Credentials): Promise<LinkTest>
    credentials(id: LinkId, credentials: Credentials | null, by: string): Promise<void>
    retry(id: LinkId): void
    forget(id: LinkId, device: string): void
    running(id: LinkId): RunningLink | undefined
  }
  readonly site: SiteView
  readonly recorder: Pick<Recorder, 'cameras' | 'store' | 'spans' | 'ofAlert' | 'play' | 'remove' | 'exports'>
  readonly analyst: Analyst
  readonly fleet: VehicleDesk
  tryRule(rule: Rule, days: number, signal: AbortSignal): Promise<RuleTest>
  readonly demo: {
    readonly available: boolean
    running(): boolean
    start(): Promise<void>
    stop(): Promise<void>
  }
  readonly access: { links(): readonly { role: Role; url: string }[]; rotate(role: Role): Promise<void> }
  readonly serialPorts: () => Promise<{ ports: SerialPortRow[]; trouble: string }>
}
