/** Canvases of the worker: pictures drawn smaller or into a square, and made into JPEGs, without the page's thread. */
import type { Box } from '../../contract/events.ts'
import { toBase64 } from '../features/faces/photo.ts'
import { squarePx, toSquare, within } from './fit.ts'
import type { Image } from './shot.ts'

export function sizeOf(image: Image): { width: number; height: number } {
  return 'displayWidth' in image
    ? { width: image.displayWidth, height: image.displayHeight }
    : { width: image.width, height: image.height }
}

export interface Canvas {
  readonly canvas: OffscreenCanvas
  readonly context: OffscreenCanvasRenderingContext2D
}

/** Kept in memory, not on a graphics card: every picture drawn on it is read back. */
export function makeCanvas(width: number, height: number): Canvas {
  const canvas = new OffscreenCanvas(width, height)
  const context = canvas.getContext('2d', { alpha: false, willReadFrequently: true })
  if (context === null) throw new Error('this browser has no canvas in workers')
  return { canvas, context }
}

const whole: Box = { x: 0, y: 0, width: 1, height: 1 }

/** The excerpt fills the square; what it has beyond the picture is black. */
export function drawSquare({ context }: Canvas, image: Image, excerpt: Box): void {
  context.fillStyle = '#000'
  context.fillRect(0, 0, squarePx, squarePx)
  const { x, y, width, height } = toSquare(whole, excerpt)
  context.drawImage(image, x * squarePx, y * squarePx, width * squarePx, height * squarePx)
}

/** The whole picture, no side longer than `longest`, on a canvas of just that size. */
export function drawWithin(before: Canvas | null, image: Image, longest: number): Canvas {
  const { width, height } = within(sizeOf(image), longest)
  const isSame = before?.canvas.width === width && before.canvas.height === height
  const drawn = isSame ? before : makeCanvas(width, height)
  drawn.context.drawImage(image, 0, 0, width, height)
  return drawn
}

export async function jpegOf({ canvas }: Canvas, quality: number): Promise<Uint8Array> {
  return new Uint8Array(await (await canvas.convertToBlob({ type: 'image/jpeg', quality })).arrayBuffer())
}

const reportPx = 640
/** The contract takes 200,000 letters of base64. */
const mostReportBytes = 149_000

/** A picture that goes with a report; null when even a poor one of it is too large. */
export async function reportPicture(
  image: Image,
): Promise<{ base64: string; widthPx: number; heightPx: number } | null> {
  const drawn = drawWithin(null, image, reportPx)
  for (const quality of [0.85, 0.6, 0.3]) {
    const bytes = await jpegOf(drawn, quality)
    if (bytes.length > mostReportBytes) continue
    return { base64: toBase64(bytes), widthPx: drawn.canvas.width, heightPx: drawn.canvas.height }
  }
  return null
}
