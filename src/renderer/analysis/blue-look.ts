/** Looking for blue light: each picture small, the state told when it changes, and once a second while it is blue. */
import type { BlueReading, BlueReport } from '../../contract/analysis.ts'
import type { CameraId, FrameHeader } from '../../contract/cameras.ts'
import { BlueLightDetector } from './blue-light.ts'
import { type Canvas, drawWithin, reportPicture } from './draw.ts'
import type { Looking } from './look.ts'
import type { Image } from './shot.ts'

export const bluePerSecond = 5
/** A quarter of the pixels of 640 × 480, and a beacon is still seen across a yard. */
const lookedAtPx = 320
const againMs = 1000

interface Parts {
  readonly camera: CameraId
  readonly sensitivity: number
  report(report: BlueReport): Promise<void>
}

export class BlueLook implements Looking {
  readonly #parts: Parts
  readonly #detector: BlueLightDetector
  #canvas: Canvas | null = null
  #told: { reading: BlueReading; at: number } | null = null

  constructor(parts: Parts) {
    this.#parts = parts
    this.#detector = new BlueLightDetector({ sensitivity: parts.sensitivity })
  }

  isReady(): boolean {
    return true
  }

  async look(image: Image, { receivedAt: at }: FrameHeader): Promise<void> {
    this.#canvas = drawWithin(this.#canvas, image, lookedAtPx)
    const { canvas, context } = this.#canvas
    const { width, height } = canvas
    const reading = this.#detector.read(context.getImageData(0, 0, width, height).data, width, height, at)
    if (!this.#isNews(reading, at)) return
    const begins = reading.isBlue && this.#told?.reading.isBlue !== true
    this.#told = { reading, at }
    const picture = begins ? await reportPicture(image) : null
    await this.#parts.report({ camera: this.#parts.camera, at, reading, picture })
  }

  #isNews(reading: BlueReading, at: number): boolean {
    const told = this.#told
    if (told === null) return true
    if (reading.isBlue !== told.reading.isBlue || reading.isReady !== told.reading.isReady) return true
    return reading.isBlue && at - told.at >= againMs
  }
}
