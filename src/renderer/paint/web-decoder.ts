/**
 * The browser's own video decoder (WebCodecs). It works off the main thread by itself; a worker around it bought nothing that could be
 * measured (docs/decisions/0006-video.md).
 */
import { plain } from './page-surface.ts'
import type { MakeDecoder } from './unit-decoder.ts'

/** Browsers decode only in a secure context: this machine's own address is one, a plain-HTTP address of another is not. */
export function canDecodeVideo(): boolean {
  return 'VideoDecoder' in window
}

export const webDecoder: MakeDecoder<VideoFrame> = (codec, on) => {
  const decoder = new VideoDecoder({
    output: (frame) => on.picture(frame, frame.timestamp),
    error: (error) => on.failed(error.name === 'NotSupportedError'),
  })
  decoder.ondequeue = () => on.room()
  // Without a description the units are Annex B with their parameter sets in them (AVC registration, W3C).
  decoder.configure({ codec, optimizeForLatency: true })
  return {
    decode({ isKey, timestamp, bytes }) {
      decoder.decode(new EncodedVideoChunk({ type: isKey ? 'key' : 'delta', timestamp, data: plain(bytes) }))
    },
    get waiting() {
      return decoder.decodeQueueSize
    },
    close() {
      if (decoder.state !== 'closed') decoder.close()
    },
  }
}
