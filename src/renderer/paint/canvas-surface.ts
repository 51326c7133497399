/** A canvas as the place of a camera's frames: where video cannot be fed, as over plain HTTP from another machine. */
import { atNextBeat } from './beat.ts'
import { type PageSurface, plain } from './page-surface.ts'
import type { MakeDecoder } from './unit-decoder.ts'
import { canDecodeVideo, webDecoder } from './web-decoder.ts'

export function canvasSurface(canvas: HTMLCanvasElement): PageSurface<ImageBitmap> {
  const context = canvas.getContext('bitmaprenderer', { alpha: false })
  if (context === null) throw new Error('this browser cannot show bitmaps')
  let waiting: ImageBitmap | null = null
  return {
    decode: (bytes) => createImageBitmap(new Blob([plain(bytes)], { type: 'image/jpeg' }), decoding),
    decoder: canDecodeVideo() ? bitmapDecoder : null,
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

/** This kind of canvas takes bitmaps only. */
const bitmapDecoder: MakeDecoder<ImageBitmap> = (codec, on) =>
  webDecoder(codec, {
    ...on,
    picture(frame, timestamp) {
      createImageBitmap(frame)
        .then((bitmap) => on.picture(bitmap, timestamp))
        .catch(() => on.failed(false))
        .finally(() => frame.close())
    },
  })

/** As it is: no conversion of colours and no alpha, both of which cost. */
const decoding: ImageBitmapOptions = {
  colorSpaceConversion: 'none',
  premultiplyAlpha: 'none',
}
