/**
 * Decodes a camera's H.264 in the worker (WebCodecs). Every unit must be decoded, also where few pictures are looked at; after an
 * error or a gap it goes on at the next key frame.
 */
import type { FrameHeader } from '../../contract/cameras.ts'

/** Units the decoder may have before the next is asked for. */
const mostQueued = 6
/** Units whose pictures have not come; without reordering it is hardly more than one. */
const mostPending = 64

export class VideoReader {
  readonly #onPicture: (header: FrameHeader, frame: VideoFrame) => void
  readonly #onTrouble: (text: string) => void
  #decoder: VideoDecoder | null = null
  #codec = ''
  #needsKey = true
  #isClosed = false
  #count = 0
  /** By the timestamp a unit was given. */
  readonly #pending = new Map<number, FrameHeader>()

  constructor(
    onPicture: (header: FrameHeader, frame: VideoFrame) => void,
    onTrouble: (text: string) => void,
  ) {
    this.#onPicture = onPicture
    this.#onTrouble = onTrouble
  }

  /** Resolves when the next unit may come. */
  async read(header: FrameHeader, bytes: Uint8Array): Promise<void> {
    const { video } = header
    if (video === null || this.#isClosed) return
    if (this.#needsKey && !video.isKey) return
    if (!this.#ready(video.codec)) return
    this.#needsKey = false
    // Only the order matters to the decoder; the number finds the header again.
    const timestamp = ++this.#count * 1000
    this.#pending.set(timestamp, header)
    const [oldest] = this.#pending.keys()
    if (this.#pending.size > mostPending && oldest !== undefined) this.#pending.delete(oldest)
    try {
      const type = video.isKey ? 'key' : 'delta'
      this.#decoder?.decode(new EncodedVideoChunk({ type, timestamp, data: Uint8Array.from(bytes) }))
    } catch (error) {
      this.#failed(error)
    }
    await this.#hasRoom()
  }

  close(): void {
    this.#isClosed = true
    this.#reset()
  }

  #ready(codec: string): boolean {
    if (this.#decoder?.state === 'configured' && codec === this.#codec) return true
    this.#reset()
    if (!('VideoDecoder' in globalThis)) {
      this.#onTrouble('This screen cannot decode video: open it on the machine itself, or over HTTPS')
      return false
    }
    this.#codec = codec
    const decoder: VideoDecoder = new VideoDecoder({
      output: (frame) => this.#decoded(frame),
      error: (error) => {
        if (this.#decoder === decoder) this.#failed(error)
      },
    })
    this.#decoder = decoder
    try {
      // No description: the parameter sets are in the key frames (Annex B).
      decoder.configure({ codec, optimizeForLatency: true })
      return true
    } catch (error) {
      this.#failed(error)
      return false
    }
  }

  #decoded(frame: VideoFrame): void {
    const header = this.#pending.get(frame.timestamp)
    this.#pending.delete(frame.timestamp)
    if (header === undefined || this.#isClosed) {
      frame.close()
      return
    }
    this.#onTrouble('')
    this.#onPicture(header, frame)
  }

  #failed(error: unknown): void {
    this.#onTrouble(`Its video cannot be decoded: ${error instanceof Error ? error.message : String(error)}`)
    this.#reset()
  }

  #reset(): void {
    const decoder = this.#decoder
    this.#decoder = null
    this.#needsKey = true
    this.#pending.clear()
    if (decoder !== null && decoder.state !== 'closed') decoder.close()
  }

  async #hasRoom(): Promise<void> {
    const decoder = this.#decoder
    while (decoder !== null && decoder.state === 'configured' && decoder.decodeQueueSize > mostQueued) {
      await new Promise((resolve) => {
        decoder.addEventListener('dequeue', resolve, { once: true })
        // A decoder that fails meanwhile dequeues no more.
        setTimeout(resolve, 250)
      })
    }
  }
}
