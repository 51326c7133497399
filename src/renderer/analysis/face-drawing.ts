/** The small canvases that pictures are drawn onto before a model sees them. */

export type LookedAt = ImageBitmap | OffscreenCanvas | VideoFrame

export interface Drawing {
  readonly side: number
  readonly context: OffscreenCanvasRenderingContext2D
}

export function drawingOf(side: number): Drawing {
  const context = new OffscreenCanvas(side, side).getContext('2d', { willReadFrequently: true })
  if (context === null) throw new Error('this browser has no canvas in workers')
  context.imageSmoothingQuality = 'medium'
  return { side, context }
}

export function blank({ side, context }: Drawing): void {
  context.resetTransform()
  context.fillStyle = '#000'
  context.fillRect(0, 0, side, side)
}

export function pixelsOf({ side, context }: Drawing): ImageData {
  return context.getImageData(0, 0, side, side)
}

export function sizeOf(image: VideoFrame | { width: number; height: number }): {
  width: number
  height: number
} {
  return 'displayWidth' in image
    ? { width: image.displayWidth, height: image.displayHeight }
    : { width: image.width, height: image.height }
}
