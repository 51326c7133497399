/** Makes JPEGs of a webcam's frames, off the page's thread, and only as many as are wanted. */
import type { FromWorker, ToWorker } from './messages.ts'

const quality = 0.85

let wanted = 0
let canvas: OffscreenCanvas | null = null

function tell(message: FromWorker, transfer: Transferable[] = []): void {
  postMessage(message, { transfer })
}

addEventListener('message', ({ data }: MessageEvent<ToWorker>) => {
  switch (data.is) {
    case 'want':
      wanted += data.pictures
      return
    case 'frame':
      void encode(data.frame, data.frame.width, data.frame.height)
      return
    case 'frames':
      void read(data.frames)
  }
})

async function read(frames: ReadableStream<VideoFrame>): Promise<void> {
  const reader = frames.getReader()
  try {
    for (;;) {
      const { value: frame, done } = await reader.read()
      if (done) break
      // What nobody wants is thrown away at once: the camera has only a few buffers.
      if (wanted === 0) frame.close()
      else await encode(frame, frame.displayWidth, frame.displayHeight)
    }
  } catch {
    // The camera was unplugged: said below, as a stream that ends is.
  }
  tell({ is: 'ended' })
}

async function encode(frame: VideoFrame | ImageBitmap, widthPx: number, heightPx: number): Promise<void> {
  const at = Date.now()
  wanted = Math.max(0, wanted - 1)
  if (canvas?.width !== widthPx || canvas.height !== heightPx) canvas = new OffscreenCanvas(widthPx, heightPx)
  canvas.getContext('2d', { alpha: false })?.drawImage(frame, 0, 0, widthPx, heightPx)
  frame.close()
  const blob = await canvas.convertToBlob({ type: 'image/jpeg', quality })
  const bytes = await blob.arrayBuffer()
  tell({ is: 'picture', bytes, widthPx, heightPx, at }, [bytes])
}
