/** Looking with a face server: each picture as the square JPEG it wants, sent up when it has room. */
import type { AnalysisPicture } from '../../contract/analysis.ts'
import type { FrameHeader } from '../../contract/cameras.ts'
import type { Upload } from '../../rpc/client.ts'
import { type Canvas, drawSquare, jpegOf, makeCanvas, sizeOf } from './draw.ts'
import { excerptOf, squarePx } from './fit.ts'
import type { Looking } from './look.ts'
import type { Image } from './shot.ts'

/** What the servers' documents ask for. */
const quality = 0.85

export class ServerLook implements Looking {
  readonly #upload: Upload<AnalysisPicture>
  #canvas: Canvas | null = null
  fit: 'letterbox' | 'crop'

  constructor(upload: Upload<AnalysisPicture>, fit: 'letterbox' | 'crop') {
    this.#upload = upload
    this.fit = fit
  }

  isReady(): boolean {
    return this.#upload.room > 0
  }

  async look(image: Image, { frame, receivedAt }: FrameHeader, passedOver: number): Promise<void> {
    const { width, height } = sizeOf(image)
    const box = excerptOf({ width, height }, this.fit)
    this.#canvas ??= makeCanvas(squarePx, squarePx)
    drawSquare(this.#canvas, image, box)
    const bytes = await jpegOf(this.#canvas, quality)
    this.#upload.send(
      { frame, receivedAt, widthPx: squarePx, heightPx: squarePx, excerpt: { box }, passedOver },
      bytes,
    )
  }
}
