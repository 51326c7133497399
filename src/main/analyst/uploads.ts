/**
 * Pictures on their way from the analyst to face servers. A screen may send one only when the server has room, in turns where
 * several cameras share a server; at most one picture per camera waits here.
 */
import type { AnalysisPicture } from '../../contract/analysis.ts'
import type { CameraId } from '../../contract/cameras.ts'
import type { OpenUpload } from '../../rpc/handlers.ts'
import type { Clock } from '../io/clock.ts'
import type { FacePicture, FaceServer } from '../link.ts'

/** A camera asked for a picture and sending none for so long has none: its turn goes to another. */
const turnMs = 250
/** One on its way while another is being sent on. */
const aheadPerCamera = 2

interface Parts {
  readonly clock: Clock
  serverOf(camera: CameraId): FaceServer | undefined
  /** A picture went to its server. */
  onSent(picture: FacePicture): void
}

interface Opened {
  readonly camera: CameraId
  readonly more: (frames: number) => void
  server: FaceServer | undefined
  /** Monotonic times at which pictures were asked for that have not come. */
  readonly asked: number[]
  /** Came when the server had no room after all. */
  held: FacePicture | null
}

export class Uploads {
  readonly #parts: Parts
  /** In turns: who was asked goes to the end. */
  #opened: Opened[] = []
  readonly #listening = new Map<FaceServer, () => void>()
  #stopTurn: (() => void) | null = null

  constructor(parts: Parts) {
    this.#parts = parts
  }

  open(camera: CameraId, more: (frames: number) => void): OpenUpload<AnalysisPicture> {
    const opened: Opened = { camera, more, server: undefined, asked: [], held: null }
    this.#opened.push(opened)
    this.refresh()
    return {
      take: (picture, bytes) => this.#take(opened, { camera, picture, bytes }),
      close: () => {
        this.#opened = this.#opened.filter((one) => one !== opened)
        this.refresh()
      },
    }
  }

  /** Plans and links change: each camera's pictures go to the server it has now. */
  refresh(): void {
    for (const opened of this.#opened) {
      const server = this.#parts.serverOf(opened.camera)
      if (server === opened.server) continue
      opened.server = server
      opened.held = null
    }
    const used = new Set(this.#opened.flatMap(({ server }) => server ?? []))
    for (const [server, stop] of this.#listening) {
      if (used.has(server)) continue
      stop()
      this.#listening.delete(server)
    }
    for (const server of used) {
      if (!this.#listening.has(server))
        this.#listening.set(
          server,
          server.onRoom(() => this.#pump(server)),
        )
      this.#pump(server)
    }
  }

  close(): void {
    this.#opened = []
    this.refresh()
    this.#stopTurn?.()
  }

  #take(opened: Opened, picture: FacePicture): void {
    opened.asked.shift()
    const { server } = opened
    if (server === undefined) return
    if (server.room > 0 && opened.held === null) this.#send(server, picture)
    else opened.held = picture
    this.#pump(server)
  }

  #send(server: FaceServer, picture: FacePicture): void {
    this.#parts.onSent(picture)
    server.send(picture)
  }

  #pump(server: FaceServer): void {
    for (const opened of this.#turns(server)) {
      const { held } = opened
      if (held === null || server.room <= 0) continue
      opened.held = null
      this.#send(server, held)
    }
    let free = server.room - this.#due(server)
    while (free > 0) {
      const next = this.#next(server)
      if (next === undefined) break
      this.#opened = [...this.#opened.filter((one) => one !== next), next]
      next.asked.push(this.#parts.clock.monotonic())
      next.more(1)
      free--
    }
    this.#watchTurns()
  }

  /** Whoever owes the fewest pictures; among those, who was asked longest ago. */
  #next(server: FaceServer): Opened | undefined {
    const owes = ({ asked, held }: Opened) => asked.length + (held === null ? 0 : 1)
    return this.#turns(server)
      .filter((one) => owes(one) < aheadPerCamera)
      .sort((a, b) => owes(a) - owes(b))[0]
  }

  #turns(server: FaceServer): Opened[] {
    return this.#opened.filter((one) => one.server === server)
  }

  /** Pictures that will need room soon. */
  #due(server: FaceServer): number {
    const since = this.#parts.clock.monotonic() - turnMs
    const due = this.#turns(server).map(
      ({ asked, held }) => asked.filter((at) => at > since).length + (held === null ? 0 : 1),
    )
    return due.reduce((sum, one) => sum + one, 0)
  }

  /** Only where a camera waits for another's turn to run out. */
  #watchTurns(): void {
    if (this.#stopTurn !== null || !this.#opened.some(({ asked }) => asked.length === 0)) return
    if (!this.#opened.some(({ asked }) => asked.length > 0)) return
    this.#stopTurn = this.#parts.clock.after(turnMs + 1, () => {
      this.#stopTurn = null
      for (const server of this.#listening.keys()) this.#pump(server)
    })
  }
}
