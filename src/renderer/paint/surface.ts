/** The page's own surface: JPEG to bitmap off the main thread, and the bitmap handed to the canvas without copying or layout. */
import { atNextBeat } from './beat.ts'
import type { Surface } from './painter.ts'

export function canvasSurface(canvas: HTMLCanvasElement): Surface<ImageBitmap> {
  const context = canvas.getContext('bitmaprenderer', { alpha: false })
  if (context === null) throw new Error('this browser cannot show bitmaps')
  let waiting: ImageBitmap | null = null
  return {
    decode: (bytes) => createImageBitmap(new Blob([plain(bytes)], { type: 'image/jpeg' }), decoding),
    show: (bitmap, shown) => {
      waiting?.close()
      waiting = bitmap
      atNextBeat(canvas, () => {
        waiting = null
        // Only when the camera changes its size: setting it lays the page out anew.
        if (canvas.width !== bitmap.width) canvas.width = bitmap.width
        if (canvas.height !== bitmap.height) canvas.height = bitmap.height
        context.transferFromImageBitmap(bitmap)
        shown()
      })
    },
    drop: (bitmap) => bitmap.close(),
  }
}

/** As it is: no conversion of colours and no alpha, both of which cost. */
const decoding: ImageBitmapOptions = {
  colorSpaceConversion: 'none',
  premultiplyAlpha: 'none',
}

/** A Blob takes no shared memory; our pipes never deliver any, so this copies nothing. */
function plain(bytes: Uint8Array): Uint8Array<ArrayBuffer> {
  return bytes.buffer instanceof ArrayBuffer
    ? new Uint8Array(bytes.buffer, bytes.byteOffset, bytes.byteLength)
    : new Uint8Array(bytes)
}
