/**
 * One camera as the analyst watches it: its frames, decoded when somebody is to look at them, offered to those who look. Of JPEGs
 * only as many are asked for as are due; of video every unit.
 */
import type { AnalystTasks, BlueReport, DeviceFaces } from '../../contract/analysis.ts'
import type { CameraId, FrameHeader } from '../../contract/cameras.ts'
import type { Client } from '../data/client.ts'
import { type DecoderTrouble, UnitDecoder } from '../paint/unit-decoder.ts'
import { webDecoder } from '../paint/web-decoder.ts'
import { BlueLook, bluePerSecond } from './blue-look.ts'
import type { DeviceFaceEngine } from './device-faces.ts'
import { DeviceLook } from './device-look.ts'
import { Look, type Turns } from './look.ts'
import { ServerLook } from './server-look.ts'
import { type Shot, stillShot, videoShot } from './shot.ts'

export type Task = AnalystTasks['cameras'][number]

export interface EyeParts {
  readonly client: Client
  readonly turns: Turns
  engine(): DeviceFaceEngine | null
  now(): number
  /** What keeps this camera from being looked at; empty when nothing does. */
  trouble(camera: CameraId, text: string): void
  onBug(error: unknown): void
}

/** Units of video on their way while one is decoded: a short stall of the worker costs no key frame. */
const ahead = 4
/** A feed that ended by itself is asked for again after this. */
const reopenMs = 3000
/** Asked for a little before it is due, so that it is not older than a frame when it comes. */
const earlyMs = 40
const probesPerSecond = 1

const troubles: Readonly<Record<DecoderTrouble, string>> = {
  unsupported:
    'The screen that looks at pictures cannot decode its video: open one on the machine itself, or over HTTPS',
  broken: 'Its video cannot be decoded',
  stalled: 'Its video is decoded too slowly on the machine of the screen that looks at pictures',
}

interface Opened {
  readonly look: Look
  close(): void
}

export class Eye {
  readonly #camera: CameraId
  readonly #parts: EyeParts
  readonly #video: UnitDecoder<VideoFrame>
  #server: (Opened & { readonly looking: ServerLook }) | null = null
  #device: Opened | null = null
  #blue: (Opened & { readonly sensitivity: number }) | null = null
  #closeFeed: () => void = () => {}
  #reopening: ReturnType<typeof setTimeout> | undefined
  #isClosed = false
  #told = ''

  constructor(camera: CameraId, parts: EyeParts) {
    this.#camera = camera
    this.#parts = parts
    this.#video = new UnitDecoder(
      webDecoder,
      {
        picture: (frame, header) => {
          this.#trouble('')
          this.#offer(videoShot(header, frame))
        },
        failed: (trouble) => this.#trouble(troubles[trouble]),
        drop: (frame) => frame.close(),
      },
      { after },
    )
    this.#open()
  }

  set task(task: Task) {
    this.#setServer(task)
    this.#setDevice(task)
    this.#setBlue(task)
  }

  /** The engine is there, or is not any more. */
  engineChanged(): void {
    this.#device?.look.tryAgain()
  }

  close(): void {
    this.#isClosed = true
    clearTimeout(this.#reopening)
    this.#closeFeed()
    for (const opened of this.#looks()) opened.close()
    this.#video.close()
  }

  #looks(): Opened[] {
    return [this.#server, this.#device, this.#blue].filter((opened) => opened !== null)
  }

  #open(): void {
    this.#closeFeed = this.#parts.client.feed(
      'cameras.frames',
      { id: this.#camera },
      (header, bytes) => this.#took(header, bytes),
      () => {
        this.#closeFeed()
        this.#reopening = setTimeout(() => {
          if (!this.#isClosed) this.#open()
        }, reopenMs)
      },
      { ahead },
    )
  }

  async #took(header: FrameHeader, bytes: Uint8Array): Promise<void> {
    if (this.#isClosed) return
    if (header.trouble !== '' || bytes.length === 0) return this.#video.broken()
    if (header.video !== null) return this.#video.take(header, bytes)
    this.#trouble('')
    this.#offer(stillShot(header, bytes))
    const now = this.#parts.now()
    const waitMs = Math.min(...this.#looks().map(({ look }) => look.waitMs(now))) - earlyMs
    if (waitMs > earlyMs && Number.isFinite(waitMs)) await later(waitMs)
  }

  #offer(shot: Shot): void {
    const now = this.#parts.now()
    for (const { look } of this.#looks()) look.offer(shot, now)
    shot.drop()
  }

  #setServer({ faces, serverProbe, fit, facesPerSecond }: Task): void {
    if (faces !== 'server' && !serverProbe) {
      this.#server?.close()
      this.#server = null
      return
    }
    const perSecond = serverProbe ? probesPerSecond : facesPerSecond
    this.#server ??= this.#openServer(perSecond, fit)
    this.#server.look.perSecond = perSecond
    this.#server.looking.fit = fit
  }

  #openServer(perSecond: number, fit: Task['fit']) {
    const upload = this.#parts.client.upload(
      'analysis.frames',
      { camera: this.#camera },
      { onRoom: () => look.tryAgain() },
    )
    const looking = new ServerLook(upload, fit)
    const look = new Look(perSecond, looking, this.#parts.onBug)
    const close = () => {
      look.close()
      upload.close()
    }
    return { look, looking, close }
  }

  #setDevice({ faces, facesPerSecond }: Task): void {
    if (faces !== 'device') {
      this.#device?.close()
      this.#device = null
      return
    }
    this.#device ??= this.#openDevice(facesPerSecond)
    this.#device.look.perSecond = facesPerSecond
  }

  #openDevice(perSecond: number): Opened {
    const { client, turns, engine, now, onBug } = this.#parts
    const report = (faces: DeviceFaces) => client.call('analysis.faces', faces).then(ignore, ignore)
    const looking = new DeviceLook({ camera: this.#camera, turns, engine, report, now })
    const look = new Look(perSecond, looking, onBug)
    return { look, close: () => look.close() }
  }

  /** What the detector has learned of the scene stays as long as the sensitivity does. */
  #setBlue({ blueLight, blueSensitivity: sensitivity }: Task): void {
    if (this.#blue !== null && (!blueLight || this.#blue.sensitivity !== sensitivity)) {
      this.#blue.close()
      this.#blue = null
    }
    if (!blueLight || this.#blue !== null) return
    const { client, onBug } = this.#parts
    const report = (told: BlueReport) => client.call('analysis.blue', told).then(ignore, ignore)
    const look = new Look(bluePerSecond, new BlueLook({ camera: this.#camera, sensitivity, report }), onBug)
    this.#blue = { look, sensitivity, close: () => look.close() }
  }

  #trouble(text: string): void {
    if (text === this.#told) return
    this.#told = text
    this.#parts.trouble(this.#camera, text)
  }
}

/** Refused because another screen was chosen meanwhile, or lost with the pipe: both end this work anyway. */
function ignore(): void {}

function after(ms: number, call: () => void): () => void {
  const timer = setTimeout(call, ms)
  return () => clearTimeout(timer)
}

function later(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms))
}
