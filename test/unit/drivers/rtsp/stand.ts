/** A real RTSP link against a camera on a real socket, with a ledger in place of the store. */
import { EventEmitter, once } from 'node:events'
import type { Credentials } from '../../../../src/contract/accounts.ts'
import { CameraId } from '../../../../src/contract/cameras.ts'
import { LinkId, type LinkState } from '../../../../src/contract/links.ts'
import { type Settings, settingsTable } from '../../../../src/contract/settings.ts'
import { rtspCamera } from '../../../../src/main/drivers/rtsp/index.ts'
import type { RtspProfile } from '../../../../src/main/drivers/rtsp/profile.ts'
import type { Fact, FrameArrived } from '../../../../src/main/fact.ts'
import { type Clock, systemClock } from '../../../../src/main/io/clock.ts'
import type { CameraSource, LinkContext, RunningLink } from '../../../../src/main/link.ts'
import type { LogFields } from '../../../../src/main/log.ts'
import { emptySite, slotWith } from '../../../fakes/link-parts.ts'

const settings = Object.fromEntries(
  Object.entries(settingsTable).map(([key, setting]) => [key, setting.fallback]),
) as Settings

export const camera = CameraId.parse('door/main')

export class Ledger {
  readonly facts: Fact[] = []
  readonly logged: string[] = []
  readonly #events = new EventEmitter()

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

  get state(): LinkState | undefined {
    return this.of('link-reported').at(-1)?.state
  }

  is<S extends LinkState['is']>(is: S): Promise<Extract<LinkState, { is: S }>> {
    return this.until(() => {
      const { state } = this
      return state?.is === is ? (state as Extract<LinkState, { is: S }>) : undefined
    })
  }

  /** The first so many frames. */
  async frames(count: number): Promise<FrameArrived[]> {
    return this.until(() => {
      const frames = this.of('frame-arrived')
      return frames.length >= count ? frames.slice(0, count) : undefined
    })
  }

  trouble(words: string): Promise<string> {
    return this.until(
      () => this.of('stream-troubled').find(({ trouble }) => trouble.includes(words))?.trouble,
    )
  }

  /** What the inspector showed. */
  get crossed(): string {
    return this.of('message-crossed')
      .map(({ message }) => message.text)
      .join('\n')
  }
}

export function profileOf(url: string): RtspProfile {
  return {
    id: LinkId.parse('door'),
    driver: 'rtsp-camera',
    name: 'Door',
    enabled: true,
    url,
    location: ' Hall ',
    ladder: 'lan',
  }
}

export function kept(user: string, password: string): string {
  const credentials: Credentials = { is: 'password', user, password }
  return rtspCamera.keepCredentials?.(credentials) ?? ''
}

export interface Opened {
  readonly link: RunningLink
  readonly cameras: CameraSource
  readonly ledger: Ledger
}

export async function openCamera(
  url: string,
  options: { readonly secret?: string; readonly clock?: Clock } = {},
): Promise<Opened> {
  const ledger = new Ledger()
  const note = (event: string, fields?: LogFields) => {
    ledger.logged.push(JSON.stringify({ event, ...fields }))
  }
  const context: LinkContext<RtspProfile> = {
    profile: profileOf(url),
    settings,
    clock: options.clock ?? systemClock,
    log: { error: note, warn: note, info: note, debug: note },
    knownDevices: [],
    secret: slotWith(options.secret ?? null),
    site: emptySite,
    inspected: () => true,
    raise: async () => ({ seq: 1, duplicate: false }),
    tell: (fact) => ledger.tell(fact),
  }
  const link = await rtspCamera.open(context)
  if (link.cameras === undefined) throw new Error('the link brings no camera')
  return { link, cameras: link.cameras, ledger }
}
