/**
 * Who looks for a camera's faces at present: the server its plan names, or, while that one is away or silent, the engine in the
 * screen, with the reason in words. A server that is down is still sent a picture a second, or it could never show that it is back.
 */
import type { Link, LinkId } from '../../contract/links.ts'
import type { CameraPlan } from '../../contract/plans.ts'
import type { Clock } from '../io/clock.ts'
import type { RunningLink } from '../link.ts'
import type { Live } from '../live/live.ts'

export interface FaceChoice {
  readonly by: 'nobody' | 'device' | 'server'
  /** Why it is not who the plan names, or why nobody can; empty otherwise. */
  readonly reason: string
  readonly probe: boolean
}

interface Parts {
  readonly clock: Clock
  readonly live: Live
  running(id: LinkId): RunningLink | undefined
}

/** A connection that is made again within this is no reason to wake the engine, which takes a second to load. */
const graceMs = 5000

const here = 'faces are found on this machine'

export class FaceChooser {
  readonly #parts: Parts
  /** Since when a link was not live, monotonic; gone once it is. */
  readonly #notLiveSince = new Map<LinkId, number>()

  constructor(parts: Parts) {
    this.#parts = parts
  }

  /** There was no screen that could have sent a picture: a server that has said nothing has not been silent. */
  begin(): void {
    this.#notLiveSince.clear()
  }

  of(plan: CameraPlan): FaceChoice {
    if (plan.faces === 'off') return { by: 'nobody', reason: '', probe: false }
    if (plan.faces === 'device') return this.#device('')
    const down = plan.faceLink === null ? 'No face server is chosen' : this.#down(plan.faceLink)
    if (down === null) return { by: 'server', reason: '', probe: false }
    if (!plan.fallback) return { by: 'server', reason: down, probe: false }
    return this.#device(down)
  }

  /** The running link whose engine runs in the screen. */
  engine(): RunningLink['deviceEngine'] {
    for (const { id } of this.#parts.live.links.snapshot()) {
      const engine = this.#parts.running(id)?.deviceEngine
      if (engine !== undefined) return engine
    }
    return undefined
  }

  #device(down: string): FaceChoice {
    const probe = down !== ''
    if (this.engine() !== undefined) return { by: 'device', reason: probe ? `${down}: ${here}` : '', probe }
    const off = 'the face engine of this machine is switched off'
    // The server is all there is: it goes on being tried at the full rate.
    return probe
      ? { by: 'server', reason: `${down}, and ${off}`, probe: false }
      : { by: 'nobody', reason: `T${off.slice(1)}: see Links`, probe: false }
  }

  /** Why the server is not to be counted on; null while it is. */
  #down(id: LinkId): string | null {
    const link = this.#parts.live.links.get(id)
    const running = this.#parts.running(id)
    if (link === undefined) return 'The face server was removed'
    if (running === undefined) return `${link.name} is switched off`
    if (running.faceServer === undefined) return `${link.name} is no face server`
    return this.#notLive(link)
  }

  #notLive({ id, name, state }: Link): string | null {
    if (state.is === 'live') {
      this.#notLiveSince.delete(id)
      return null
    }
    const now = this.#parts.clock.monotonic()
    // The link has been patient already before it says one of these.
    const isSure = state.is === 'silent' || state.is === 'refused'
    const since = this.#notLiveSince.get(id) ?? now
    this.#notLiveSince.set(id, isSure ? Math.min(since, now - graceMs) : since)
    if (!isSure && now - since < graceMs) return null
    if (state.is === 'silent') return `${name} is silent`
    if (state.is === 'refused') return `${name} refused us`
    return `${name} cannot be reached`
  }
}
