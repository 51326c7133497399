/** A real server on a real port, over a site the test moves by hand: figures, cameras, frames, news. */
import { EventEmitter, once } from 'node:events'
import { WebSocket } from 'ws'
import { type Camera, CameraId, type FrameHeader } from '../../../../../src/contract/cameras.ts'
import type { FacesNow } from '../../../../../src/contract/faces.ts'
import type { Fault } from '../../../../../src/contract/fault.ts'
import { LinkId } from '../../../../../src/contract/links.ts'
import type { Role } from '../../../../../src/contract/roles.ts'
import { type Settings, settingsTable } from '../../../../../src/contract/settings.ts'
import type { Statistics } from '../../../../../src/contract/statistics.ts'
import { type ServerLimits, serverLimits } from '../../../../../src/main/drivers/openeye/server/limits.ts'
import type { ServerProfile } from '../../../../../src/main/drivers/openeye/server/profile.ts'
import { Server } from '../../../../../src/main/drivers/openeye/server/server.ts'
import type { Fact } from '../../../../../src/main/fact.ts'
import { type Clock, systemClock } from '../../../../../src/main/io/clock.ts'
import type { FrameSlot, LinkContext, SecretSlot, SiteNews, SiteView } from '../../../../../src/main/link.ts'
import type { Log, LogFields } from '../../../../../src/main/log.ts'

const settings = Object.fromEntries(
  Object.entries(settingsTable).map(([key, setting]) => [key, setting.fallback]),
) as Settings

export const password = 'Canary-Passw0rd!'
export const jpeg = (sizeBytes: number, fill = 0x55) =>
  Buffer.concat([Buffer.from([0xff, 0xd8]), Buffer.alloc(sizeBytes - 4, fill), Buffer.from([0xff, 0xd9])])

export function cameraOf(id: string, more: Partial<Camera> = {}): Camera {
  const link = LinkId.parse(id.slice(0, id.indexOf('/')))
  const camera = id.slice(id.indexOf('/') + 1)
  const row = { location: null, kind: 'rtsp', can: ['stream', 'snapshot'] as const, isActive: true }
  const more2 = { isRunning: true, isRecording: false, findsFaces: true, fps: 10, lastFrameAt: null }
  return {
    ...row,
    ...more2,
    id: CameraId.parse(id),
    link,
    camera,
    name: camera,
    can: [...row.can],
    trouble: '',
    heardAt: 0,
    budgetMs: 1e9,
    ...more,
  }
}

interface Viewer {
  readonly wake: () => void
  pending: NonNullable<ReturnType<FrameSlot['take']>> | null
}

export class Site implements SiteView {
  figures: Statistics = {
    id: 'site',
    totalPeople: 5,
    recognitionsToday: 42,
    unknownFacesToday: 3,
    lastRecognitionAt: Date.parse('2025-10-10T11:59:30.000Z'),
    totalCameras: 2,
    activeCameras: 2,
    recordingCameras: 1,
    at: Date.parse('2025-10-10T12:00:00.000Z'),
    receivedAt: 0,
    budgetMs: 15_000,
    via: 'here',
  }
  rows: Camera[] = [cameraOf('eye/door'), cameraOf('eye/yard')]
  faces: FacesNow[] = []
  snapshotError: Fault | null = null
  taken = 0
  readonly viewers = new Map<string, Set<Viewer>>()
  readonly events = new EventEmitter()
  readonly #listeners = new Set<(news: SiteNews) => void>()
  #frame = 0
  statistics = () => this.figures
  cameras = () => this.rows
  facesNow = () => this.faces
  people = () => [{ id: 'eye/Ann', link: LinkId.parse('eye'), name: 'Ann', photoCount: 4, heardAt: 1 }]

  frames(camera: CameraId, wake: () => void): FrameSlot {
    const viewer: Viewer = { wake, pending: null }
    const all = this.viewers.get(camera) ?? new Set()
    this.viewers.set(camera, all.add(viewer))
    this.events.emit('viewers')
    return {
      take: () => {
        const taken = viewer.pending
        viewer.pending = null
        if (taken !== null) this.taken += 1
        return taken
      },
      close: () => {
        all.delete(viewer)
        this.events.emit('viewers')
      },
    }
  }

  async watched(camera: string, count: number): Promise<void> {
    while ((this.viewers.get(camera)?.size ?? 0) !== count) await once(this.events, 'viewers')
  }

  show(camera: string, bytes: Uint8Array, trouble = ''): void {
    this.#frame += 1
    const size = trouble === '' ? { widthPx: 640, heightPx: 480 } : { widthPx: 0, heightPx: 0 }
    const plain = { capturedAt: null, video: null, dropped: 0, fps: 1 }
    const header: FrameHeader = { ...plain, ...size, frame: this.#frame, receivedAt: Date.now(), trouble }
    for (const viewer of this.viewers.get(camera) ?? []) {
      viewer.pending = { header, bytes }
      viewer.wake()
    }
  }

  async snapshot() {
    if (this.snapshotError !== null) throw this.snapshotError
    const bytes = jpeg(1000)
    const evidence = {
      sha256: '0'.repeat(64),
      mime: 'image/jpeg' as const,
      widthPx: 2,
      heightPx: 2,
      sizeBytes: 1000,
    }
    return { bytes, evidence }
  }
  subscribe(listener: (news: SiteNews) => void): () => void {
    this.#listeners.add(listener)
    return () => this.#listeners.delete(listener)
  }
  tell(news: SiteNews): void {
    for (const listener of this.#listeners) listener(news)
  }
}

export class Slot implements SecretSlot {
  text: string | null = null
  async read() {
    return this.text
  }
  async write(text: string | null) {
    this.text = text
  }
}

export interface Stand {
  readonly server: Server
  readonly context: LinkContext<ServerProfile>
  readonly site: Site
  readonly slot: Slot
  readonly facts: Fact[]
  readonly logged: string[]
  readonly url: string
  readonly port: number
  login(user?: string, pass?: string): Promise<Response>
  token(user?: string): Promise<string>
  get(path: string, token?: string, init?: RequestInit): Promise<Response>
}

interface StandOptions {
  readonly users?: Readonly<Record<string, Role>>
  readonly limits?: Partial<ServerLimits>
  readonly profile?: Partial<ServerProfile>
  readonly clock?: Clock
  readonly slot?: Slot
}

const open: (() => void | Promise<void>)[] = []

export async function closeAll(): Promise<void> {
  for (const close of open.splice(0).reverse()) await close()
}

export async function startStand(options: StandOptions = {}): Promise<Stand> {
  const [site, slot, facts, logged] = [new Site(), options.slot ?? new Slot(), [] as Fact[], [] as string[]]
  const note = (event: string, fields?: LogFields) => {
    logged.push(JSON.stringify({ event, ...fields }))
  }
  const log: Log = { error: note, warn: note, info: note, debug: note }
  const profile: ServerProfile = {
    id: LinkId.parse('serve'),
    driver: 'openeye-server',
    name: 'Dashboards',
    enabled: true,
    host: '127.0.0.1',
    port: 0,
    origins: ['https://wall.example'],
    broadcastMs: 60_000,
    tokenMinutes: 30,
    ...options.profile,
  }
  const context: LinkContext<ServerProfile> = {
    profile,
    settings,
    clock: options.clock ?? systemClock,
    log,
    knownDevices: [],
    secret: slot,
    site,
    inspected: () => true,
    raise: () => Promise.reject(new Error('a server raises nothing')),
    tell: (fact) => facts.push(fact),
  }
  const limits = { ...serverLimits, scryptCost: 1024, loginsPerMinute: 1000, requestsPerMinute: 10_000 }
  const server = await Server.open(context, { ...limits, ...options.limits })
  open.push(() => server.close())
  for (const [user, role] of Object.entries<Role>(options.users ?? { ann: 'viewer', boss: 'admin' }))
    await server.accounts.save(user, role, password)
  await server.start()
  const address = facts.filter((fact) => fact.type === 'link-reported').at(-1)?.address ?? ''
  const login = (user = 'ann', pass = password) =>
    fetch(`${address}/api/token`, {
      method: 'POST',
      body: new URLSearchParams({ username: user, password: pass }),
    })
  return {
    server,
    context,
    site,
    slot,
    facts,
    logged,
    url: address,
    port: Number(new URL(address).port),
    login,
    async token(user = 'ann') {
      const reply = (await (await login(user)).json()) as { access_token: string }
      return reply.access_token
    },
    get: (path, token, init = {}) =>
      fetch(`${address}${path}`, {
        ...init,
        headers: { ...(token === undefined ? {} : { authorization: `Bearer ${token}` }), ...init.headers },
      }),
  }
}

export interface Told {
  readonly type: string
  readonly [name: string]: unknown
}

/** A dashboard's end of a socket. */
export class Screen {
  readonly heard: Told[] = []
  readonly binary: Buffer[] = []
  readonly socket: WebSocket
  readonly closed: Promise<{ code: number; reason: string }>
  readonly #events = new EventEmitter()

  constructor(stand: Stand, query: string, protocols: string[] = [], options: object = {}) {
    const url = `${stand.url.replace('http', 'ws')}/api/ws/statistics${query}`
    this.socket = new WebSocket(url, protocols, { ...options })
    open.push(() => this.socket.terminate())
    this.socket.on('error', () => {})
    this.socket.on('message', (bytes: Buffer, isBinary) => {
      if (isBinary) this.binary.push(bytes)
      else this.heard.push(JSON.parse(bytes.toString()))
      this.#events.emit('heard')
    })
    this.closed = new Promise((resolve) =>
      this.socket.on('close', (code, reason) => resolve({ code, reason: reason.toString() })),
    )
  }

  static async open(stand: Stand, user = 'ann', options: object = {}): Promise<Screen> {
    const screen = new Screen(stand, `?token=${await stand.token(user)}`, [], options)
    await screen.until('statistics_update')
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
      await once(this.#events, 'heard')
    }
  }
  until(type: string, count = 1): Promise<Told> {
    return this.when(() => this.of(type)[count - 1])
  }

  /** Everything sent before has been answered when this is. */
  async settled(): Promise<void> {
    const mark = `mark ${this.heard.length}`
    this.say({ type: 'ping', timestamp: mark })
    await this.when(() => this.heard.find((told) => told.type === 'pong' && told.timestamp === mark))
  }
}
