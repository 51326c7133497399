/** The cameras' pictures: streams that are open while somebody wants them, and single pictures on request. */
import { CameraId } from '../../../../contract/cameras.ts'
import { Fault } from '../../../../contract/fault.ts'
import type { Picture } from '../../../fact.ts'
import type { HttpClient } from '../../../io/http-client.ts'
import { pictureLimits, readPicture } from '../../../io/picture.ts'
import type { CameraSource, LinkContext } from '../../../link.ts'
import type { PictureSize } from './box.ts'
import { CameraStream, notRunning, notStreamed } from './camera-stream.ts'
import type { KeptFrame } from './frame-ring.ts'
import type { RequestBudget } from './request-budget.ts'
import type { Rest } from './rest.ts'
import type { Session } from './session.ts'

/** A frame of an open stream this fresh is as good as a new picture, and costs the server nothing. */
const freshMs = 1000
const snapshotWithinMs = 8000

interface Parts {
  readonly context: Pick<LinkContext, 'profile' | 'clock' | 'tell'>
  readonly http: HttpClient
  readonly rest: Rest
  readonly session: Session
  readonly budget: RequestBudget
  /** Why the server does not give this camera's pictures; empty: it does. */
  readonly noted: (camera: string, trouble: string) => void
}

interface Held {
  readonly stream: CameraStream
  viewers: number
  kept: boolean
}

export class Streams implements CameraSource {
  readonly #parts: Parts
  readonly #held = new Map<string, Held>()
  /** Of the newest picture of each camera, however it came. */
  readonly #sizes = new Map<string, PictureSize>()
  #closed = false

  constructor(parts: Parts) {
    this.#parts = parts
  }

  open(camera: CameraId): () => void {
    const own = this.#ownId(camera)
    const held = this.#hold(own)
    held.viewers += 1
    held.stream.start()
    let isOpen = true
    return () => {
      if (!isOpen) return
      isOpen = false
      held.viewers -= 1
      this.#release(own, held)
    }
  }

  /** Keeps exactly these open, whether or not anybody looks. */
  keep(cameras: ReadonlySet<string>): void {
    if (this.#closed) return
    for (const [camera, held] of [...this.#held]) {
      if (!held.kept || cameras.has(camera)) continue
      held.kept = false
      this.#release(camera, held)
    }
    for (const camera of cameras) {
      const held = this.#hold(camera)
      held.kept = true
      held.stream.start()
    }
  }

  /** Something was changed at the camera. */
  changed(camera: string): void {
    this.#held.get(camera)?.stream.retry()
  }

  isOpen(camera: string): boolean {
    return this.#held.has(camera)
  }

  sizeOf(camera: string): PictureSize | undefined {
    return this.#sizes.get(camera)
  }

  /** The kept frame nearest to an instant of our clock. */
  frameNear(camera: string, at: number): KeptFrame | null {
    return this.#held.get(camera)?.stream.ring.nearest(at) ?? null
  }

  async snapshot(camera: CameraId): Promise<Picture> {
    const own = this.#ownId(camera)
    const newest = this.#held.get(own)?.stream.ring.newest ?? null
    if (newest !== null && this.#parts.context.clock.now() - newest.receivedAt <= freshMs) {
      const read = readPicture(newest.bytes)
      if (read.ok) return read
    }
    return this.take(own, 'order', pictureLimits.sizeBytes)
  }

  /** A picture taken now by the server. */
  async take(camera: string, by: 'poll' | 'order', maxBytes: number): Promise<Picture> {
    const { rest, session } = this.#parts
    const path = `/api/cameras/${encodeURIComponent(camera)}/snapshot`
    const ask = { path, by, timeoutMs: snapshotWithinMs, maxBytes }
    const { status, body } = await rest.send(ask, session.present)
    if (status === 404) {
      this.#parts.noted(camera, notStreamed)
      throw new Fault('not-found', notStreamed, 'Look at the camera in the server itself.')
    }
    if (status === 503) throw new Fault('wrong-state', notRunning)
    if (status !== 200)
      throw new Fault('link-down', `the server answered HTTP ${status} instead of a picture`, 'Try again.')
    const read = readPicture(body)
    if (!read.ok) throw new Fault('link-down', `the server's picture cannot be used: ${read.reason}`)
    this.#sizes.set(camera, read.evidence)
    return { evidence: read.evidence, bytes: read.bytes }
  }

  #ownId(camera: CameraId): string {
    const before = `${this.#parts.context.profile.id}/`
    if (camera.startsWith(before)) return camera.slice(before.length)
    throw new Fault('not-found', `No camera ${camera} on this link`)
  }

  #hold(camera: string): Held {
    const present = this.#held.get(camera)
    if (present !== undefined) return present
    const held: Held = { stream: this.#stream(camera), viewers: 0, kept: false }
    this.#held.set(camera, held)
    return held
  }

  #stream(camera: string): CameraStream {
    const { context, http, rest, session, budget, noted } = this.#parts
    const { clock, profile } = context
    const id = CameraId.parse(`${profile.id}/${camera}`)
    return new CameraStream({
      clock,
      http,
      url: rest.urlOf(`/api/cameras/${encodeURIComponent(camera)}/stream`),
      headers: () => (session.present === null ? {} : { authorization: `Bearer ${session.present}` }),
      // A viewer waits for it; one that is only kept open can wait its turn.
      mayOpen: () =>
        budget.take((this.#held.get(camera)?.viewers ?? 0) > 0 ? 'order' : 'poll', clock.monotonic()),
      opened: (status) => {
        rest.tapStream(camera, status)
        noted(camera, status === 404 ? notStreamed : '')
      },
      frame: ({ bytes, widthPx, heightPx, receivedAt }) => {
        this.#sizes.set(camera, { widthPx, heightPx })
        context.tell({ type: 'frame-arrived', camera: id, bytes, widthPx, heightPx, receivedAt })
      },
      troubled: (trouble) => context.tell({ type: 'stream-troubled', camera: id, trouble }),
    })
  }

  #release(camera: string, held: Held): void {
    if (held.viewers > 0 || held.kept) return
    held.stream.stop()
    this.#held.delete(camera)
  }

  close(): void {
    this.#closed = true
    for (const { stream } of this.#held.values()) stream.stop()
    this.#held.clear()
  }
}
