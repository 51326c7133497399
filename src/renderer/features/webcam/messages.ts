/** What the page and the worker that makes JPEGs of a webcam say to each other. */

export type ToWorker =
  /** Frames as the browser gives them out. */
  | { readonly is: 'frames'; readonly frames: ReadableStream<VideoFrame> }
  /** One, where the browser gives out none: taken because it was wanted. */
  | { readonly is: 'frame'; readonly frame: ImageBitmap }
  /** So many pictures more. */
  | { readonly is: 'want'; readonly pictures: number }

export type FromWorker =
  | {
      readonly is: 'picture'
      readonly bytes: ArrayBuffer
      readonly widthPx: number
      readonly heightPx: number
      /** This machine's clock, epoch ms, when the frame came out of the camera. */
      readonly at: number
    }
  /** Frames have stopped coming. */
  | { readonly is: 'ended' }
