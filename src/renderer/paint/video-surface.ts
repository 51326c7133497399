/**
 * A video element as the place of a camera's frames. Each JPEG, and each unit of video, becomes a `VideoFrame` (WebCodecs) and goes
 * through a track made by hand. Chromium has that track; it is not in the standard, so whoever uses this asks `canFeedVideo` first.
 */
import { type PageSurface, plain } from './page-surface.ts'
import { canDecodeVideo, webDecoder } from './web-decoder.ts'

interface FrameTrack extends MediaStreamTrack {
  readonly writable: WritableStream<VideoFrame>
}

declare global {
  interface Window {
    readonly MediaStreamTrackGenerator?: new (init: { kind: 'video' }) => FrameTrack
  }
}

/** Both need a secure context: this machine's own address is one, a plain-HTTP address of another is not. */
export function canFeedVideo(): boolean {
  return window.MediaStreamTrackGenerator !== undefined && 'ImageDecoder' in window
}

/** Of two pictures within one refresh of the screen the video drops one: those that came in a bunch are spread. */
const gapMs = 18
/** Never later than this: a camera faster than the screen loses pictures, not time. */
const mostWaitMs = 3 * gapMs

export function videoSurface(video: HTMLVideoElement): PageSurface<VideoFrame> {
  const Generator = window.MediaStreamTrackGenerator
  if (Generator === undefined) throw new Error('this browser cannot be fed with video frames')
  const track = new Generator({ kind: 'video' })
  const frames = track.writable.getWriter()
  video.srcObject = new MediaStream([track])
  video.play().catch(() => {}) // refused only when the element has left the page meanwhile
  let freeAt = 0
  const write = (frame: VideoFrame, shown: () => void) => {
    frames.write(frame).then(shown, () => frame.close()) // refused: the surface was closed meanwhile
  }
  return {
    async decode(bytes) {
      const decoder = new ImageDecoder({
        data: plain(bytes),
        type: 'image/jpeg',
        colorSpaceConversion: 'none',
      })
      try {
        const { image } = await decoder.decode()
        // Without a time of its own every frame would be the first.
        const frame = new VideoFrame(image, { timestamp: Math.round(performance.now() * 1000) })
        image.close()
        return frame
      } finally {
        decoder.close()
      }
    },
    decoder: canDecodeVideo() ? webDecoder : null,
    show(frame, shown) {
      // Being told of each presentation (requestVideoFrameCallback) makes the page lay itself out for each: 40 % of a core at
      // eight cameras. What was handed over and never presented is counted below instead.
      const now = performance.now()
      const waitMs = freeAt - now
      freeAt = Math.min(Math.max(freeAt, now) + gapMs, now + mostWaitMs)
      if (waitMs <= 0) write(frame, shown)
      else setTimeout(write, waitMs, frame, shown)
    },
    drop: (frame) => frame.close(),
    missed: () => video.getVideoPlaybackQuality().droppedVideoFrames,
    close() {
      frames.close().catch(() => {})
      track.stop()
      video.srcObject = null
    },
  }
}
