/** An analyst with its live tables and a clock moved by hand; screens reach it over real rpc on pipes in memory. */

import type {
  AnalysisPicture,
  AnalystTasks,
  BlueReport,
  DeviceFaces,
} from '../../../../src/contract/analysis.ts'
import { type Api, api } from '../../../../src/contract/api.ts'
import type { CameraId } from '../../../../src/contract/cameras.ts'
import type { Fault } from '../../../../src/contract/fault.ts'
import type { Role } from '../../../../src/contract/kinds.ts'
import { LinkId, type LinkState } from '../../../../src/contract/links.ts'
import { type CameraPlan, planFor } from '../../../../src/contract/plans.ts'
import { Analyst } from '../../../../src/main/analyst/analyst.ts'
import { analysisHandlers } from '../../../../src/main/api/analysis.ts'
import type { ApiParts } from '../../../../src/main/api/parts.ts'
import type { DeviceEngine, FacePicture, FaceServer, RunningLink } from '../../../../src/main/link.ts'
import { createLive, type Live } from '../../../../src/main/live/live.ts'
import type { Client, Upload } from '../../../../src/rpc/client.ts'
import { serve } from '../../../../src/rpc/server.ts'
import { HandClock } from '../../drivers/blue-light/hand-clock.ts'
import { cameraId, cameraRow, linkRow, noon } from '../detections.ts'
import { screen } from '../screen.ts'

export const owt = LinkId.parse('owt')
export const deviceLink = LinkId.parse('device')
export const door = cameraId()
export const yard = cameraId('yard')

const running = {
  deliver: async () => ({ is: 'refused' as const, reason: '' }),
  retry() {},
  forget() {},
  async close() {},
}

/** Takes what it has room for and keeps it. */
export class Server implements FaceServer {
  readonly got: FacePicture[] = []
  readonly #listeners = new Set<() => void>()
  #room = 0

  get room(): number {
    return this.#room
  }

  send(picture: FacePicture): void {
    if (this.#room === 0) throw new Error('sent without room')
    this.#room--
    this.got.push(picture)
  }

  onRoom(listener: () => void): () => void {
    this.#listeners.add(listener)
    return () => this.#listeners.delete(listener)
  }

  get listeners(): number {
    return this.#listeners.size
  }

  free(room: number): void {
    const wasFull = this.#room === 0
    this.#room = room
    if (wasFull && room > 0) for (const listener of this.#listeners) listener()
  }
}

export class Engine implements DeviceEngine {
  readonly got: DeviceFaces[] = []
  readonly taught: { id: string; embedding: Float32Array | null; reason: string }[] = []
  wanted: string[] = []
  readonly #listeners = new Set<() => void>()

  found(faces: DeviceFaces): void {
    this.got.push(faces)
  }
  photos(): readonly string[] {
    return this.wanted
  }
  async photo(id: string): Promise<Uint8Array> {
    return new TextEncoder().encode(`picture of ${id}`)
  }
  async learned(id: string, embedding: Float32Array | null, reason: string): Promise<void> {
    this.taught.push({ id, embedding, reason })
  }
  onPhotos(listener: () => void): () => void {
    this.#listeners.add(listener)
    return () => this.#listeners.delete(listener)
  }
  want(...ids: string[]): void {
    this.wanted = ids
    for (const listener of this.#listeners) listener()
  }
}

/** One screen: what it was told, and what it sends. */
export class Desk {
  readonly client: Client<Api>
  readonly told: AnalystTasks[] = []
  readonly faults: Fault[] = []
  #wake: () => void = () => {}

  constructor(client: Client<Api>, decodesVideo: boolean) {
    this.client = client
    client.feed(
      'analysis.tasks',
      { decodesVideo },
      (tasks) => {
        this.told.push(tasks)
        this.#wake()
      },
      (fault) => {
        this.faults.push(fault)
        this.#wake()
      },
    )
  }

  get tasks(): AnalystTasks | undefined {
    return this.told.at(-1)
  }

  /** Resolves as soon as what this screen was told, or was refused, fits. */
  async until(fits: (desk: this) => boolean): Promise<void> {
    while (!fits(this)) await new Promise<void>((resolve) => (this.#wake = resolve))
  }

  upload(camera: CameraId): Upload<AnalysisPicture> {
    return this.client.upload('analysis.frames', { camera }, { onFault: (fault) => this.#fault(fault) })
  }

  #fault(fault: Fault): void {
    this.faults.push(fault)
    this.#wake()
  }

  /** Whatever was said before has arrived once this is answered. */
  async settled(): Promise<void> {
    await this.client.call('analysis.trouble', { camera: null, text: '' }).catch(() => {})
  }
}

export interface Stand {
  readonly clock: HandClock
  readonly live: Live
  readonly analyst: Analyst
  readonly server: Server
  readonly engine: Engine
  readonly blue: BlueReport[]
  readonly links: Map<LinkId, RunningLink>
  desk(options?: { role?: Role; user?: string; decodesVideo?: boolean }): Promise<Desk>
  plan(id: CameraId, more: Partial<CameraPlan>): void
  state(state: LinkState): void
  /** The row that stands in `analysis.now`. */
  now(id?: CameraId): ReturnType<Live['analysis']['get']>
  close(): void
}

export function stand(): Stand {
  const clock = new HandClock(noon)
  const live = createLive({ clock, refillAlerts: async () => [], sourceOf: () => undefined })
  const server = new Server()
  const engine = new Engine()
  const blue: BlueReport[] = []
  const links = new Map<LinkId, RunningLink>([
    [owt, { ...running, faceServer: server }],
    [deviceLink, { ...running, deviceEngine: engine }],
  ])
  live.cameras.set(cameraRow(), cameraRow('yard'))
  live.links.set({ ...linkRow(owt), name: 'OWT' }, { ...linkRow(deviceLink), name: 'This machine' })
  const analyst = new Analyst({
    clock,
    live,
    running: (id) => links.get(id),
    blueSensitivity: () => 0.5,
    blue: (report) => blue.push(report),
  })
  const parts = { live, analyst } as unknown as ApiParts
  // Only the names of this file are asked for; that none is missing is checked where the app is built.
  const handlers = analysisHandlers(parts) as Parameters<typeof serve<Api>>[1]
  const clients: Client<Api>[] = []
  return {
    clock,
    live,
    analyst,
    server,
    engine,
    blue,
    links,
    async desk({ role = 'operator', user = 'Linh', decodesVideo = true } = {}) {
      const client = await screen(
        (wire, session) => serve(api, handlers, wire, session, { onBug: String }),
        role,
        user,
      )
      clients.push(client)
      return new Desk(client, decodesVideo)
    },
    plan: (id, more) => live.plans.set({ ...planFor(id), ...more }),
    state(state) {
      const link = live.links.get(owt)
      if (link !== undefined) live.links.set({ ...link, state })
    },
    now: (id = door) => live.analysis.get(id),
    close() {
      for (const client of clients) client.close()
      analyst.close()
    },
  }
}

export function picture(frame: number, more: Partial<AnalysisPicture> = {}): AnalysisPicture {
  const excerpt = { box: { x: 0, y: 0, width: 1, height: 1 } }
  return { frame, receivedAt: noon + frame, widthPx: 640, heightPx: 640, excerpt, ...more }
}
