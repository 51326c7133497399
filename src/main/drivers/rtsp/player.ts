/** Plays one camera: SETUP, PLAY, pictures, reports, keep-alive, TEARDOWN. Ends by itself when no pictures come. */
import { randomInt } from 'node:crypto'
import { Fault } from '../../../contract/fault.ts'
import type { Connection, ConnectionParts } from './connection.ts'
import { type Described, describe, troubleOf } from './describe.ts'
import { type Pictures, picturesOf, type VideoFrame } from './pictures.ts'
import { Reception, readRtcp, readRtp } from './rtp.ts'
import { header, type Reply } from './wire.ts'

export const stallMs = 5000
/** Pictures come, but no key frame to begin with: some cameras send one every ten seconds, and none at the start. */
const keyWithinMs = 20_000
const watchEveryMs = 500
const reportEveryMs = 5000
const usualTimeoutS = 60

export interface PlayedFrame extends VideoFrame {
  /** Epoch ms by the camera's clock; undefined before its first report. */
  readonly capturedAt: number | undefined
}

export interface PlayerDoors {
  readonly opened: () => void
  readonly frame: (frame: PlayedFrame) => void
  /** It comes to nothing for now, and is being waited for: a word for the screen. */
  readonly troubled: (trouble: string) => void
  readonly lost: (pictures: number) => void
  /** Once, unless it was closed. */
  readonly failed: (fault: Fault) => void
}

type Parts = Omit<ConnectionParts, 'packet' | 'ended'>

export class Player {
  readonly #parts: Parts
  readonly #doors: PlayerDoors
  readonly #undo: (() => void)[] = []
  readonly #ourSource = randomInt(2 ** 32 - 1)
  #connection: Connection | null = null
  #described: Described | null = null
  #pictures: Pictures | null = null
  #reception: Reception | null = null
  #session = ''
  #channel = 0
  #pictureMono = 0
  #keyMono = 0
  #units = 0
  #lost = 0
  #isOver = false

  constructor(parts: Parts, doors: PlayerDoors) {
    this.#parts = parts
    this.#doors = doors
  }

  start(): void {
    this.#run().catch((error: unknown) => {
      this.#fail(error instanceof Fault ? error : new Fault('link-down', String(error)))
    })
  }

  async #run(): Promise<void> {
    const parts: ConnectionParts = {
      ...this.#parts,
      packet: (channel, bytes) => this.#packet(channel, bytes),
      ended: (fault) => this.#fail(fault),
    }
    const described = await describe(parts, (connection) => {
      if (this.#isOver) connection.close()
      this.#connection = connection
    })
    if (this.#isOver) return
    this.#described = described
    this.#doors.opened()
    const { video, connection } = described
    this.#pictures = picturesOf(video, {
      frame: (frame) => this.#frame(frame),
      failed: (fault) => this.#fail(fault),
    })
    this.#reception = new Reception(video.clockRate)
    await this.#setUp(connection, described)
    if (this.#isOver) return
    const now = this.#parts.clock.monotonic()
    this.#pictureMono = now
    this.#keyMono = now
    const played = await connection.ask('PLAY', described.sessionUrl, {
      Session: this.#session,
      Range: 'npt=0.000-',
    })
    if (played.status !== 200) throw troubleOf(played, 'PLAY')
  }

  async #setUp(connection: Connection, { trackUrl, sessionUrl, methods }: Described): Promise<void> {
    const reply = await connection.ask('SETUP', trackUrl, {
      Transport: 'RTP/AVP/TCP;unicast;interleaved=0-1',
    })
    if (reply.status !== 200) throw troubleOf(reply, 'SETUP')
    const agreed = /interleaved\s*=\s*(\d{1,3})/i.exec(header(reply.headers, 'transport') ?? '')
    this.#channel = Math.min(254, Number(agreed?.[1] ?? 0))
    connection.channels.add(this.#channel)
    connection.channels.add(this.#channel + 1)
    const { id, timeoutS } = sessionOf(reply)
    this.#session = id
    if (this.#isOver) return
    const { clock } = this.#parts
    const method = methods.has('GET_PARAMETER') ? 'GET_PARAMETER' : 'OPTIONS'
    this.#undo.push(
      clock.every((timeoutS * 1000) / 2, () => {
        connection.remind(method, sessionUrl, { Session: id }).catch((error: unknown) => {
          if (error instanceof Fault) this.#fail(error)
        })
      }),
      clock.every(reportEveryMs, () => {
        const report = this.#reception?.write(this.#ourSource, clock.monotonic())
        if (report) connection.packet(this.#channel + 1, report)
      }),
      clock.every(watchEveryMs, () => this.#watch()),
    )
  }

  #packet(channel: number, bytes: Buffer): void {
    const { clock } = this.#parts
    if (channel === this.#channel + 1) {
      const { reports, isBye } = readRtcp(bytes)
      for (const report of reports) this.#reception?.sender(report, clock.monotonic())
      if (isBye) this.#fail(new Fault('link-down', 'the camera ended the stream'))
      return
    }
    const packet = channel === this.#channel ? readRtp(bytes) : null
    if (packet === null || this.#pictures === null) return
    this.#reception?.packet(packet, clock.monotonic())
    this.#pictures.push(packet, clock.now())
    const { units, lost } = this.#pictures.counts
    if (units + lost > this.#units) {
      this.#units = units + lost
      this.#pictureMono = clock.monotonic()
    }
    if (lost > this.#lost) {
      this.#doors.lost(lost - this.#lost)
      this.#lost = lost
    }
  }

  #frame(frame: VideoFrame): void {
    if (this.#isOver) return
    this.#keyMono = this.#parts.clock.monotonic()
    this.#doors.frame({ ...frame, capturedAt: this.#reception?.takenAt(frame.timestamp) })
  }

  #watch(): void {
    const now = this.#parts.clock.monotonic()
    if (now - this.#pictureMono >= stallMs)
      this.#fail(new Fault('link-down', `the camera sends no pictures for ${stallMs / 1000} s`))
    else if (now - this.#keyMono >= keyWithinMs)
      this.#fail(
        new Fault('link-down', `no picture can be shown: no key frame within ${keyWithinMs / 1000} s`),
      )
    else if (now - this.#keyMono >= stallMs)
      this.#doors.troubled(
        'pictures come, but no key frame to begin with: set the I-frame interval of the camera to 1 or 2 s',
      )
  }

  #fail(fault: Fault): void {
    if (this.#isOver) return
    this.close()
    this.#doors.failed(fault)
  }

  close(): void {
    if (this.#isOver) return
    this.#isOver = true
    for (const undo of this.#undo) undo()
    this.#pictures?.close()
    if (this.#described === null || this.#session === '') this.#connection?.close()
    else
      this.#connection?.close({
        method: 'TEARDOWN',
        url: this.#described.sessionUrl,
        headers: { Session: this.#session },
      })
  }
}

function sessionOf(reply: Reply): { readonly id: string; readonly timeoutS: number } {
  const text = header(reply.headers, 'session') ?? ''
  const id = (text.split(';')[0] ?? '').trim().slice(0, 200)
  const said = Number(/timeout\s*=\s*(\d{1,6})/i.exec(text)?.[1] ?? usualTimeoutS)
  return { id, timeoutS: Math.max(2, Math.min(600, said)) }
}
