/** A canvas as the place of a camera's frames: where video cannot be fed, as over plain HTTP from another machine. */
import { atNextBeat } from './beat.ts'
import { type PageSurface, plain } from './page-surface.ts'

export function canvasSurface(canvas: HTMLCanvasElement): PageSurface<ImageBitmap> {
  const context = canvas.getContext('bitmaprenderer', { alpha: false })
  if (context === null) throw new Error('this browser cannot show bitmaps')
  let waiting: ImageBitmap | null = null
  return {
    decode: (bytes) => createImageBitmap(new Blob([plain(bytes)], { type: 'image/jpeg' }), decoding),
    show(bitmap, shown) {
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
    close: () => {},
  }
}

/** As it is: no conversion of colours and no alpha, both of which cost. */
const decoding: ImageBitmapOptions = {
  colorSpaceConversion: 'none',
  premultiplyAlpha: 'none',
}
