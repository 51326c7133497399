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
/** More than these do not wait: a camera faster than the screen loses pictures, not time. */
const mostWaiting = 3

export function videoSurface(video: HTMLVideoElement): PageSurface<VideoFrame> {
  const Generator = window.MediaStreamTrackGenerator
  if (Generator === undefined) throw new Error('this browser cannot be fed with video frames')
  const track = new Generator({ kind: 'video' })
  const frames = track.writable.getWriter()
  video.srcObject = new MediaStream([track])
  video.play().catch(() => {}) // refused only when the element has left the page meanwhile
  let freeAt = 0
  let passedOver = 0
  let isTimed = false
  /** In order: a picture that comes while others wait, or while their timer is late, must not go before them. */
  const waiting: { readonly frame: VideoFrame; readonly shown: () => void }[] = []
  const write = () => {
    isTimed = false
    const next = waiting.shift()
    if (next === undefined) return
    freeAt = performance.now() + gapMs
    frames.write(next.frame).then(next.shown, () => next.frame.close()) // refused: the surface was closed meanwhile
    if (waiting.length > 0) timed()
  }
  const timed = () => {
    isTimed = true
    setTimeout(write, Math.max(0, freeAt - performance.now()))
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
      waiting.push({ frame, shown })
      if (waiting.length > mostWaiting) {
        waiting.shift()?.frame.close()
        passedOver++
      }
      if (isTimed) return
      if (freeAt <= performance.now()) write()
      else timed()
    },
    drop: (frame) => frame.close(),
    missed: () => video.getVideoPlaybackQuality().droppedVideoFrames + passedOver,
    close() {
      for (const { frame } of waiting.splice(0)) frame.close()
      frames.close().catch(() => {})
      track.stop()
      video.srcObject = null
    },
  }
}
