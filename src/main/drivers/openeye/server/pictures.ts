/** Pictures over HTTP: a camera's stream as multipart JPEGs, each with its length, and single snapshots. */
import type { ServerResponse } from 'node:http'
import type { Camera } from '../../../../contract/cameras.ts'
import { Fault, type FaultCode } from '../../../../contract/fault.ts'
import type { Pass } from '../../../accounts/tokens.ts'
import { type Answer, noToken, plainHeaders, trouble } from '../../../io/http-answer.ts'
import type { FrameSlot } from '../../../link.ts'
import { wireLimits } from './limits.ts'
import type { Parts } from './parts.ts'
import { wireId } from './site-words.ts'

type Headers = NonNullable<Answer['headers']>

/** A reader that is not ready gets the newest frame when it is; nothing is queued for it. */
class PictureStream {
  readonly kind = 'stream'
  readonly pass: Pass
  readonly #parts: Parts
  readonly #camera: Camera
  readonly #response: ServerResponse
  readonly #undo: (() => void)[]
  #slot: FrameSlot | null = null
  #isFull = false
  #isOver = false
  #cancelStalled: () => void = () => {}

  constructor(response: ServerResponse, camera: Camera, pass: Pass, parts: Parts) {
    this.pass = pass
    this.#parts = parts
    this.#camera = camera
    this.#response = response
    this.#undo = [parts.sessions.hold(this), parts.presence.watch(camera.id, pass.user.user)]
    response.on('drain', () => {
      this.#isFull = false
      this.#cancelStalled()
      this.#next()
    })
    response.on('close', () => this.#over())
  }

  /** Rejected with an answer when there is already known to be no picture. */
  start(headers: Headers): Answer | null {
    const slot = this.#parts.context.site.frames(this.#camera.id, () => this.#next())
    const first = slot.take()
    if (first !== null && first.header.trouble !== '') {
      slot.close()
      this.#over()
      return trouble(503, first.header.trouble, { 'retry-after': '5' })
    }
    this.#slot = slot
    this.#response.writeHead(200, {
      ...plainHeaders,
      'content-type': 'multipart/x-mixed-replace; boundary=frame',
      connection: 'close',
      ...headers,
    })
    this.#response.flushHeaders()
    if (first !== null) this.#write(first)
    this.#next()
    return null
  }

  #next(): void {
    while (this.#slot !== null && !this.#isFull && !this.#isOver) {
      const frame = this.#slot.take()
      if (frame === null) return
      if (frame.header.trouble === '') this.#write(frame)
      // A client that meets the end connects again; a frozen picture would look live.
      else this.end(frame.header.trouble)
    }
  }

  #write({ header, bytes }: NonNullable<ReturnType<FrameSlot['take']>>): void {
    const { sightings, sessions, context } = this.#parts
    sightings.sized(this.#camera.id, header)
    const head = `--frame\r\nContent-Type: image/jpeg\r\nContent-Length: ${bytes.length}\r\n\r\n`
    // The socket's cork, not the response's: that one calls itself full by its own count, and then no drain may come.
    const { socket } = this.#response
    socket?.cork()
    this.#response.write(head)
    this.#response.write(bytes)
    const takesMore = this.#response.write('\r\n')
    socket?.uncork()
    sessions.usage(this.pass.user.id).bytesOut += head.length + bytes.length + 2
    if (takesMore) return
    this.#isFull = true
    this.#cancelStalled = context.clock.after(wireLimits.stalledMs, () => this.#response.destroy())
  }

  end(_reason: string): void {
    if (this.#isOver) return
    this.#over()
    this.#response.end('--frame--\r\n')
    // What it does not read now it will not read later.
    const { clock } = this.#parts.context
    const cancel = clock.after(2000, () => this.#response.destroy())
    this.#response.on('close', cancel)
  }

  #over(): void {
    if (this.#isOver) return
    this.#isOver = true
    this.#cancelStalled()
    this.#slot?.close()
    for (const undo of this.#undo) undo()
  }
}

/** Null: it runs. */
export function startStream(
  response: ServerResponse,
  camera: Camera,
  pass: Pass,
  parts: Parts,
  headers: Headers,
): Answer | null {
  // Gone while its token was looked at: nothing would tell us again.
  if (response.destroyed) return null
  if (parts.sessions.count(pass.user.id, 'stream') >= parts.limits.streamsPerUser)
    return trouble(429, `At most ${parts.limits.streamsPerUser} streams at once`, { 'retry-after': '5' })
  return new PictureStream(response, camera, pass, parts).start(headers)
}

const snapshotStatus: Readonly<Partial<Record<FaultCode, number>>> = { 'not-found': 404, 'timed-out': 504 }

export async function sendSnapshot(
  response: ServerResponse,
  camera: Camera,
  pass: Pass,
  parts: Parts,
  headers: Headers,
): Promise<Answer | null> {
  try {
    const { bytes, evidence } = await parts.context.site.snapshot(camera.id)
    if (!parts.tokens.holds(pass)) return noToken
    if (response.destroyed) return null
    const extension = evidence.mime.slice('image/'.length)
    const name = `${wireId(camera.id).replace(/[^\w.-]+/g, '_')}.${extension}`
    response.writeHead(200, {
      ...plainHeaders,
      'content-type': evidence.mime,
      'content-length': bytes.length,
      'content-disposition': `attachment; filename="${name}"`,
      ...headers,
    })
    response.end(bytes)
    parts.sessions.usage(pass.user.id).bytesOut += bytes.length
    return null
  } catch (error) {
    if (!(error instanceof Fault)) throw error
    return trouble(snapshotStatus[error.code] ?? 503, `${error.message}. ${error.tip}`.trim())
  }
}
