/** Looking with the engine in this screen, which all cameras share: they take turns, each with its newest picture. */
import type { DeviceFaces } from '../../contract/analysis.ts'
import type { CameraId, FrameHeader } from '../../contract/cameras.ts'
import { toBase64 } from '../features/faces/photo.ts'
import type { DeviceFaceEngine, Found } from './device-faces.ts'
import { reportPicture } from './draw.ts'
import { FaceTracks } from './face-tracks.ts'
import type { Looking, Turns } from './look.ts'
import type { Image } from './shot.ts'

interface Parts {
  readonly camera: CameraId
  readonly turns: Turns
  /** Null while it is being loaded, or cannot be. */
  engine(): DeviceFaceEngine | null
  report(faces: DeviceFaces): Promise<void>
  now(): number
}

export class DeviceLook implements Looking {
  readonly #parts: Parts
  readonly #tracks = new FaceTracks()

  constructor(parts: Parts) {
    this.#parts = parts
  }

  isReady(): boolean {
    return this.#parts.engine() !== null
  }

  turn(): Promise<() => void> {
    return this.#parts.turns.take()
  }

  async look(image: Image, { frame, receivedAt }: FrameHeader, passedOver: number): Promise<void> {
    const { camera, engine, report, now } = this.#parts
    const began = now()
    const found = (await engine()?.look(image, this.#tracks.at(began))) ?? []
    const tookMs = now() - began
    const isWorthAPicture = found.some(({ embedding }) => embedding !== null)
    const picture = isWorthAPicture ? await reportPicture(image) : null
    // Not waited for: the next camera's turn need not wait for the pipe. More than one picture is never on its way.
    void report({
      camera,
      frame,
      receivedAt,
      passedOver,
      tookMs,
      faces: found.slice(0, mostFaces).map(faceOf),
      picture,
    })
  }
}

/** The contract takes so many; the surest come first. */
const mostFaces = 50

function faceOf({ box, score, embedding }: Found): DeviceFaces['faces'][number] {
  return { box, score, embedding: embedding === null ? null : numbersText(embedding) }
}

/** Little-endian, as every machine that runs a browser has it. */
export function numbersText(numbers: Float32Array): string {
  return toBase64(new Uint8Array(numbers.buffer, numbers.byteOffset, numbers.byteLength))
}
