/** A real link to a simulated face server, with lists in place of the store. */
import { EventEmitter, once } from 'node:events'
import { onTestFinished } from 'vitest'
import { CameraId } from '../../../../src/contract/cameras.ts'
import { LinkId, type LinkState } from '../../../../src/contract/links.ts'
import { type Settings, settingsTable } from '../../../../src/contract/settings.ts'
import { owtClient } from '../../../../src/main/drivers/owt/index.ts'
import type { OwtProfile } from '../../../../src/main/drivers/owt/profile.ts'
import type { FacesFound, Fact } from '../../../../src/main/fact.ts'
import { type Clock, systemClock } from '../../../../src/main/io/clock.ts'
import type { FacePicture, FaceServer, LinkContext, RunningLink } from '../../../../src/main/link.ts'
import type { Log, LogFields } from '../../../../src/main/log.ts'
import { emptySite, slotWith } from '../../../fakes/link-parts.ts'
import { look } from '../../../sim/owt/look.ts'
import type { OwtOptions } from '../../../sim/owt/options.ts'
import { type OwtSim, startOwt } from '../../../sim/owt/server.ts'
import { numbered, type Painted } from './pictures.ts'

// The decoder's first picture takes a tenth of a second: no test's budget should pay for that.
look(numbered(0).bytes)

export const camera = CameraId.parse('hall/door')
export const link = LinkId.parse('faces')

const settings = Object.fromEntries(
  Object.entries(settingsTable).map(([key, setting]) => [key, setting.fallback]),
) as Settings

export function profileOf(url: string, more: Partial<OwtProfile> = {}): OwtProfile {
  return {
    id: link,
    driver: 'owt-client',
    name: 'Face server',
    enabled: true,
    url,
    dialect: 'auto',
    boxFormat: 'auto',
    ladder: 'lan',
    zone: 'utc',
    ...more,
  }
}

export async function serve(options: OwtOptions = {}): Promise<OwtSim> {
  const sim = await startOwt(options)
  onTestFinished(() => sim.close())
  return sim
}

export function pictureOf(
  frame: number,
  { bytes, widthPx, heightPx }: Painted = numbered(frame),
): FacePicture {
  const excerpt = { box: { x: 0, y: 0, width: 1, height: 1 } }
  return { camera, picture: { frame, receivedAt: Date.now(), widthPx, heightPx, excerpt }, bytes }
}

/** Runs ten or a hundred times as fast, so that a budget of seconds takes no seconds. */
export function quickClock(times: number): Clock {
  return {
    now: () => Date.now(),
    monotonic: () => performance.now() * times,
    after: (delayMs, run) => systemClock.after(delayMs / times, run),
    every: (periodMs, run) => systemClock.every(Math.max(1, periodMs / times), run),
  }
}

export class Stand {
  readonly facts: Fact[] = []
  readonly logged: string[] = []
  readonly #news = new EventEmitter()
  running!: RunningLink

  tell(fact: Fact): void {
    this.facts.push(fact)
    this.#news.emit('fact')
  }

  get server(): FaceServer {
    if (this.running.faceServer === undefined) throw new Error('this link takes no pictures')
    return this.running.faceServer
  }

  get found(): FacesFound[] {
    return this.of('faces-found')
  }

  of<T extends Fact['type']>(type: T): Extract<Fact, { type: T }>[] {
    return this.facts.filter((fact): fact is Extract<Fact, { type: T }> => fact.type === type)
  }

  get report() {
    const report = this.of('link-reported').at(-1)
    if (report === undefined) throw new Error('nothing reported yet')
    return report
  }

  /** The states it went through, without repeats. */
  get states(): string[] {
    const all = this.of('link-reported').map(({ state }) => state.is)
    return all.filter((is, n) => is !== all[n - 1])
  }

  async until<T>(look: () => T | undefined | false): Promise<T> {
    for (;;) {
      const found = look()
      if (found !== undefined && found !== false) return found
      await once(this.#news, 'fact')
    }
  }

  is<S extends LinkState['is']>(is: S): Promise<Extract<LinkState, { is: S }>> {
    return this.until(() => {
      const state = this.of('link-reported').at(-1)?.state
      return state?.is === is ? (state as Extract<LinkState, { is: S }>) : undefined
    })
  }

  async room(): Promise<void> {
    const { server } = this
    if (server.room > 0) return
    await new Promise<void>((resolve) => {
      const undo = server.onRoom(() => {
        undo()
        resolve()
      })
    })
  }

  /** Sends one picture and waits for its answer; again when that was lost, as on a machine too busy for a budget cut short. */
  async ask(frame: number, painted?: Painted): Promise<FacesFound> {
    const send = () => this.server.send(pictureOf(frame, painted))
    await this.room()
    send()
    const again = setInterval(send, 3000)
    try {
      return await this.until(() => this.found.find((fact) => fact.frame === frame))
    } finally {
      clearInterval(again)
    }
  }
}

interface StandOptions {
  readonly profile?: Partial<OwtProfile>
  readonly key?: string
  readonly clock?: Clock
}

export async function connect(url: string, options: StandOptions = {}): Promise<Stand> {
  const stand = new Stand()
  const note = (event: string, fields?: LogFields) => {
    stand.logged.push(JSON.stringify({ event, ...fields }))
  }
  const log: Log = { error: note, warn: note, info: note, debug: note }
  const kept = options.key === undefined ? null : JSON.stringify({ is: 'token', token: options.key })
  const context: LinkContext<OwtProfile> = {
    profile: profileOf(url, options.profile),
    settings,
    clock: options.clock ?? systemClock,
    log,
    knownDevices: [],
    secret: slotWith(kept),
    site: emptySite,
    inspected: () => true,
    raise: async () => ({ seq: 1, duplicate: false }),
    tell: (fact) => stand.tell(fact),
  }
  stand.running = await owtClient.open(context)
  onTestFinished(() => stand.running.close())
  return stand
}
