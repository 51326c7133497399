/** A real gateway on a real port, over vehicles the test moves by hand, and clients on real sockets. */
import { EventEmitter, once } from 'node:events'
import { type ClientOptions, WebSocket } from 'ws'
import { LinkId, type LinkState } from '../../../../src/contract/links.ts'
import type { Role } from '../../../../src/contract/roles.ts'
import { type Settings, settingsTable } from '../../../../src/contract/settings.ts'
import { Gateway } from '../../../../src/main/drivers/oht50-gateway/gateway.ts'
import { type GatewayLimits, gatewayLimits } from '../../../../src/main/drivers/oht50-gateway/limits.ts'
import type { GatewayProfile } from '../../../../src/main/drivers/oht50-gateway/profile.ts'
import type { Fact } from '../../../../src/main/fact.ts'
import { type Clock, systemClock } from '../../../../src/main/io/clock.ts'
import type { LinkContext, SecretSlot } from '../../../../src/main/link.ts'
import type { Log, LogFields } from '../../../../src/main/log.ts'
import { slotWith } from '../../../fakes/link-parts.ts'
import { Vehicles } from '../../../fakes/vehicles.ts'

const settings = Object.fromEntries(
  Object.entries(settingsTable).map(([key, setting]) => [key, setting.fallback]),
) as Settings

export const password = 'Canary-Passw0rd!'

export interface Stand {
  readonly gateway: Gateway
  readonly vehicles: Vehicles
  readonly facts: Fact[]
  readonly logged: string[]
  /** Refused commands as they come to the timeline, oldest first: `<by>| <text>`. */
  refused(): string[]
  /** Resolves when so many were told. */
  untilRefused(count: number): Promise<string[]>
  readonly slot: SecretSlot
  readonly profile: GatewayProfile
  readonly url: string
  readonly port: number
  state(): LinkState
  /** Resolves when the link says so. */
  until(is: LinkState['is']): Promise<LinkState>
  login(user?: string, pass?: string): Promise<Response>
  token(user?: string): Promise<string>
  get(path: string, init?: RequestInit): Promise<Response>
}

interface StandOptions {
  readonly users?: Readonly<Record<string, Role>>
  readonly limits?: Partial<GatewayLimits>
  readonly profile?: Partial<GatewayProfile>
  readonly clock?: Clock
  readonly slot?: SecretSlot
}

const open: (() => void | Promise<void>)[] = []

export async function closeAll(): Promise<void> {
  for (const close of open.splice(0).reverse()) await close()
}

export function later(close: () => void | Promise<void>): void {
  open.push(close)
}

export async function startStand(options: StandOptions = {}): Promise<Stand> {
  const [vehicles, slot, facts, logged] = [
    new Vehicles(),
    options.slot ?? slotWith(),
    [] as Fact[],
    [] as string[],
  ]
  const told = new EventEmitter()
  told.setMaxListeners(0)
  const note = (event: string, fields?: LogFields) => {
    logged.push(JSON.stringify({ event, ...fields }))
  }
  const log: Log = { error: note, warn: note, info: note, debug: note }
  const profile: GatewayProfile = {
    id: LinkId.parse('gate'),
    driver: 'oht50-gateway',
    name: 'Gateway',
    enabled: true,
    host: '127.0.0.1',
    port: 0,
    origins: ['https://wall.example'],
    viewersNeedToken: true,
    tokenMinutes: 30,
    ...options.profile,
  }
  const context: LinkContext<GatewayProfile> = {
    profile,
    settings,
    clock: options.clock ?? systemClock,
    log,
    knownDevices: [],
    secret: slot,
    site: vehicles.site,
    vehicles: { knownModules: [], registerMaps: [], monitored: () => false, view: vehicles },
    inspected: () => true,
    raise: () => Promise.reject(new Error('a gateway raises nothing')),
    tell(fact) {
      facts.push(fact)
      told.emit('fact')
    },
  }
  const quick = {
    scryptCost: 1024,
    loginsPerMinute: 1000,
    requestsPerMinute: 100_000,
    statusMs: 1e9,
    ...options.limits,
  }
  const gateway = await Gateway.open(context, vehicles, { ...gatewayLimits, ...quick })
  open.push(() => gateway.close())
  const users = options.users ?? { ann: 'viewer', olga: 'operator' }
  for (const [user, role] of Object.entries<Role>(users)) await gateway.accounts.save(user, role, password)
  await gateway.start()
  const reports = () => facts.filter((fact) => fact.type === 'link-reported')
  const state = () => reports().at(-1)?.state ?? { is: 'stopped' as const }
  const refused = () =>
    facts.flatMap((fact) => (fact.type === 'command-refused' ? [`${fact.by ?? '-'}| ${fact.text}`] : []))
  const address = () => (reports().at(-1)?.address ?? '').replace('ws:', 'http:')
  const login = (user = 'ann', pass = password) =>
    fetch(`${address()}/api/v1/auth/login`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ username: user, password: pass }),
    })
  return {
    gateway,
    vehicles,
    facts,
    logged,
    refused,
    async untilRefused(count) {
      while (refused().length < count) await once(told, 'fact')
      return refused()
    },
    slot,
    profile,
    get url() {
      return address()
    },
    get port() {
      return Number(new URL(address()).port)
    },
    state,
    async until(is) {
      while (state().is !== is) await once(told, 'fact')
      return state()
    },
    login,
    async token(user = 'ann') {
      const said = (await (await login(user)).json()) as { access_token: string }
      return said.access_token
    },
    get: (path, init) => fetch(`${address()}${path}`, init),
  }
}

export interface Told {
  readonly type: string
  readonly [name: string]: unknown
}

export function dataOf(told: Told | undefined): Record<string, unknown> {
  return (told?.data ?? {}) as Record<string, unknown>
}

const known = new WeakMap<Stand, Map<string, Promise<string>>>()

/** A client's end of a socket. */
export class Screen {
  readonly heard: Told[] = []
  readonly socket: WebSocket
  readonly closed: Promise<{ code: number; reason: string }>
  readonly #events = new EventEmitter()

  constructor(stand: Pick<Stand, 'url'>, protocols: string[] = [], options: ClientOptions = {}, path = '/') {
    this.socket = new WebSocket(`${stand.url.replace('http', 'ws')}${path}`, protocols, options)
    open.push(() => this.socket.terminate())
    this.socket.on('error', () => {})
    this.socket.on('message', (bytes: Buffer) => {
      this.heard.push(JSON.parse(bytes.toString()))
      this.#events.emit('heard')
    })
    this.closed = new Promise((resolve) =>
      this.socket.on('close', (code, reason) => {
        resolve({ code, reason: reason.toString() })
        this.#events.emit('heard')
      }),
    )
  }

  static async open(stand: Stand, user = 'ann'): Promise<Screen> {
    const tokens = known.get(stand) ?? new Map<string, Promise<string>>()
    known.set(stand, tokens)
    // Many log in at once in some tests; the product computes only a few passwords at a time.
    const token = tokens.get(user) ?? stand.token(user)
    tokens.set(user, token)
    const screen = new Screen(stand, [], { headers: { authorization: `Bearer ${await token}` } })
    await screen.until('ready')
    return screen
  }

  say(message: unknown): void {
    this.socket.send(typeof message === 'string' ? message : JSON.stringify(message))
  }

  of(type: string): Told[] {
    return this.heard.filter((told) => told.type === type)
  }

  async when<T>(look: () => T | undefined | false): Promise<T> {
    for (;;) {
      const found = look()
      if (found !== undefined && found !== false) return found
      if (this.socket.readyState === WebSocket.CLOSED)
        throw new Error(`closed; heard ${JSON.stringify(this.heard).slice(-600)}`)
      await once(this.#events, 'heard')
    }
  }

  until(type: string, count = 1): Promise<Told> {
    return this.when(() => this.of(type)[count - 1])
  }

  /** Everything said before has been answered when this is. */
  async settled(): Promise<void> {
    const mark = `mark ${Math.random()}`
    this.say({ type: 'ping', timestamp: mark })
    await this.when(() => this.heard.find((told) => told.type === 'pong' && told.timestamp === mark))
  }

  /** The answers to a command so far. */
  answers(id: unknown): Told[] {
    return this.heard.filter((told) => told.type === 'commands' && told.id === id)
  }

  answer(id: unknown, count = 1): Promise<Told> {
    return this.when(() => this.answers(id)[count - 1])
  }
}
