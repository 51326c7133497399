/** All dashboards on their sockets: who is let in, and what is told to all of them, each message made once. */
import type { IncomingMessage } from 'node:http'
import { never } from '../../../../contract/fault.ts'
import { socketToken } from '../../../accounts/bearer.ts'
import type { Pass } from '../../../accounts/tokens.ts'
import { Budget } from '../../../io/budget.ts'
import type { Peer, PeerDoors } from '../../../io/peer.ts'
import type { SiteNews } from '../../../link.ts'
import { Dashboard, type House } from './dashboard.ts'
import type { Heard, Topic } from './hear.ts'
import { wireLimits } from './limits.ts'
import { type Parts, show } from './parts.ts'
import { alertWords, eventWords, nestedFigures, time, wireId } from './site-words.ts'

const everyone = 'all dashboards'

export class Dashboards implements House {
  readonly #parts: Parts
  readonly #all = new Set<Dashboard>()
  /** Newcomers of a user are looked at one after the other. */
  readonly #turns = new Map<number, { readonly done: Promise<unknown>; readonly waiting: number }>()
  readonly #changed: () => void
  readonly #undo: (() => void)[]
  /** For changes; the regular figures do not count, or one of them would delay the change right after it. */
  readonly #changes = new Budget(wireLimits.changesPerSecond, wireLimits.changesBurst)
  #cancelFigures: (() => void) | null = null

  /** `changed`: somebody came or went. */
  constructor(parts: Parts, changed: () => void) {
    this.#parts = parts
    this.#changed = changed
    const { clock, site, profile } = parts.context
    this.#undo = [
      site.subscribe((news) => this.#news(news)),
      clock.every(profile.broadcastMs, () => this.#tellFigures()),
    ]
  }

  get count(): number {
    return this.#all.size
  }

  /** Accepted first, so that a browser can read why it is closed; not read before its token was. */
  welcome(peer: Peer, request: IncomingMessage): PeerDoors {
    const { context } = this.#parts
    let dashboard: Dashboard | null = null
    let isGone = false
    peer.pause()
    void this.#admit(peer, request, () => isGone)
      .then((admitted) => {
        dashboard = admitted
        if (admitted !== null) peer.resume(context.clock.monotonic())
      })
      .catch((error: unknown) => {
        context.log.error('openeye-admission', { error: String(error) })
        peer.close(1011, 'internal error')
      })
    return {
      message: (bytes, isBinary) => dashboard?.message(bytes, isBinary),
      closed: () => {
        isGone = true
        dashboard?.closed()
      },
    }
  }

  async #admit(peer: Peer, request: IncomingMessage, isGone: () => boolean): Promise<Dashboard | null> {
    const { tokens } = this.#parts
    const verified = await tokens.verify(socketToken(request))
    if (!verified.ok) return this.#refuse(peer, null, verified.why, 'invalid token')
    const { pass } = verified
    const dashboard = await this.#inTurn(pass, async () => {
      const hasRoom = await this.#hasRoom(pass)
      // Seconds may have passed.
      if (isGone() || !peer.isOpen) return null
      if (!tokens.holds(pass)) return this.#refuse(peer, pass, 'it was ended', 'invalid token')
      if (!hasRoom) return this.#refuse(peer, pass, 'too many connections', 'too_many_connections')
      return this.#let(peer, pass)
    })
    if (dashboard === 'crowded') return this.#refuse(peer, pass, 'too many newcomers', 'too_many_connections')
    return dashboard
  }

  #refuse(peer: Peer, pass: Pass | null, why: string, said: string): null {
    const { book, attempts } = this.#parts
    book.counters.refusedPeers += 1
    attempts.refused('socket', peer.address, pass?.user.user ?? null, why)
    peer.close(1008, said)
    return null
  }

  #let(peer: Peer, pass: Pass): Dashboard {
    const { attempts, book, context } = this.#parts
    const dashboard = new Dashboard(peer, pass, this.#parts, this)
    this.#all.add(dashboard)
    attempts.accepted('socket', peer.address, pass.user.user)
    book.useful(context.clock.now(), context.clock.monotonic())
    this.#changed()
    dashboard.greet()
    dashboard.offer('statistics_update', [], this.#figures(), false)
    return dashboard
  }

  async #inTurn<T>({ user }: Pass, step: () => Promise<T>): Promise<T | 'crowded'> {
    const before = this.#turns.get(user.id)
    const waiting = (before?.waiting ?? 0) + 1
    if (waiting > this.#parts.limits.socketsPerUser + 1) return 'crowded'
    const done = (before?.done ?? Promise.resolve()).then(step)
    const turn = { done: done.catch(() => {}), waiting }
    this.#turns.set(user.id, turn)
    try {
      return await done
    } finally {
      const now = this.#turns.get(user.id)
      if (now === turn) this.#turns.delete(user.id)
      else if (now !== undefined) this.#turns.set(user.id, { ...now, waiting: now.waiting - 1 })
    }
  }

  /** A cable pulled out leaves a socket that looks open: at the limit each has to answer first. */
  async #hasRoom({ user }: Pass): Promise<boolean> {
    const { limits } = this.#parts
    const sockets = [...this.#all].filter(({ pass }) => pass.user.id === user.id)
    if (sockets.length < limits.socketsPerUser) return true
    const answers = await Promise.all(
      sockets.map(async (one) => ({ one, isThere: await one.prove(limits.proveWithinMs) })),
    )
    for (const { one, isThere } of answers) if (!isThere) one.end('no answer to ping')
    const left = [...this.#all].filter(({ pass }) => pass.user.id === user.id)
    return left.length < limits.socketsPerUser
  }

  left(dashboard: Dashboard): void {
    this.#all.delete(dashboard)
    this.#changed()
  }

  notify(text: string, from: string, to: Extract<Heard, { is: 'broadcast' }>['to']): number | null {
    const { vault, context } = this.#parts
    const isMeant = (user: { readonly id: number; readonly user: string }) =>
      to === null || ('user' in to ? user.user === to.user : user.id === to.userId)
    if (to !== null && !vault.users.some(isMeant)) return null
    const message = this.#encode({
      type: 'notification',
      timestamp: time(context.clock.now()),
      data: text,
      from,
    })
    let sockets = 0
    for (const one of this.#all) if (isMeant(one.pass.user) && one.send(message)) sockets += 1
    return sockets
  }

  presenceChanged(): void {
    const { presence, context } = this.#parts
    const message = { type: 'presence', timestamp: time(context.clock.now()), cameras: presence.words() }
    this.#tell('presence', [], message, false)
  }

  #news(news: SiteNews): void {
    const { context, sightings } = this.#parts
    switch (news.is) {
      case 'statistics':
        this.#figuresSoon()
        return
      case 'event': {
        const { event, isNew } = news
        sightings.event(event)
        if (!isNew) return
        const { camera } = event
        const spellings = camera === null ? [] : [camera, wireId(camera)]
        const size = camera === null ? undefined : sightings.size(camera)
        this.#tell('camera_event', spellings, eventWords(event, size), false)
        return
      }
      case 'alert': {
        const { alert, transition } = news.entry
        const id = `${alert.source}/${alert.device}`
        const camera = [...context.site.cameras()].find((one) => one.id === id)
        const spellings = camera === undefined ? [] : [camera.id, wireId(camera.id)]
        const topic = transition.kind === 'raise' ? 'alert' : 'alert_update'
        this.#tell(topic, spellings, alertWords(news.entry, camera), false)
        return
      }
      case 'cameras':
        for (const one of [...this.#all]) one.camerasChanged()
        return
      default:
        never(news, 'news')
    }
  }

  #tell(topic: Topic, camera: readonly string[], words: object, mayMiss: boolean): void {
    if (this.#all.size === 0) return
    const message = this.#encode(words)
    for (const one of [...this.#all]) one.offer(topic, camera, message, mayMiss)
  }

  /** Once for all of them, and once for the inspector. */
  #encode(words: object): Buffer {
    const text = JSON.stringify(words)
    const message = Buffer.from(text)
    show(this.#parts, 'out', everyone, message.length, text)
    return message
  }

  #figures(): Buffer {
    const { clock, site } = this.#parts.context
    const words = {
      type: 'statistics_update',
      timestamp: time(clock.now()),
      data: nestedFigures(site.statistics()),
    }
    return Buffer.from(JSON.stringify(words))
  }

  /** A few changes at once, in a flood of them ten a second. */
  #figuresSoon(): void {
    if (this.#cancelFigures !== null) return
    const { clock } = this.#parts.context
    const tell = () => {
      this.#cancelFigures = null
      this.#changes.take(clock.monotonic())
      this.#tellFigures()
    }
    const waitMs = this.#changes.owedMs(clock.monotonic())
    if (waitMs <= 0) tell()
    else this.#cancelFigures = clock.after(waitMs, tell)
  }

  #tellFigures(): void {
    const { clock, site } = this.#parts.context
    if (this.#all.size === 0) return
    // Each of them answered a ping within the last seconds, or it would be gone.
    this.#parts.book.useful(clock.now(), clock.monotonic())
    const data = nestedFigures(site.statistics())
    this.#tell(
      'statistics_update',
      [],
      { type: 'statistics_update', timestamp: time(clock.now()), data },
      true,
    )
  }

  close(): void {
    this.#cancelFigures?.()
    for (const undo of this.#undo) undo()
  }
}
