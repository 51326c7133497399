/** What a driver is to the rest of main: how it is opened, what it is given, what it gives back. */
import type { Device } from '../contract/devices.ts'
import type { LinkProfile, LinkTest } from '../contract/links.ts'
import type { Settings } from '../contract/settings.ts'
import type { AlertRaised, Fact, Stored } from './fact.ts'
import type { Clock } from './io/clock.ts'
import type { Log } from './log.ts'
import type { Delivery, Order } from './order.ts'

export interface LinkContext<P extends LinkProfile = LinkProfile> {
  readonly profile: P
  readonly settings: Settings
  readonly clock: Clock
  readonly log: Log
  /** Devices this link knew before the restart, so that one that never comes back is missed. */
  readonly knownDevices: readonly Device[]
  /** True while a screen looks at this link's messages. */
  inspected(): boolean
  /** Resolves after the commit. Rejects when the store could not keep it: then the peer gets no acknowledgement. */
  raise(fact: AlertRaised): Promise<Stored>
  tell(fact: Exclude<Fact, AlertRaised>): void
}

export interface RunningLink {
  deliver(order: Order): Promise<Delivery>
  /** Try now, whatever the ladder says. */
  retry(): void
  /** Forget a device the operator removed. */
  forget(device: string): void
  close(): Promise<void>
}

export interface Driver<P extends LinkProfile = LinkProfile> {
  readonly name: P['driver']
  readonly role: 'listens' | 'dials'
  /** Resolves at once; a port in use or an unreachable peer is a link state, not an error. */
  open(context: LinkContext<P>): Promise<RunningLink>
  /** A connection test in words, ending within 10 s, leaving nothing open. */
  test(profile: P): Promise<LinkTest>
}
