/**
 * Pictures of a film in any order. A JPEG stands by itself; a unit of video needs those from the key frame before it. Going on from what
 * was decoded last costs one unit, anything else begins anew at the key frame.
 */
import { plain } from './page-surface.ts'
import type { Film } from './playback-film.ts'

export type FilmPicture = ImageBitmap | VideoFrame

interface Shown {
  picture(picture: FilmPicture, index: number): void
  /** It cannot be decoded; `isUnsupported`: none of its kind can, in this browser. */
  failed(index: number, isUnsupported: boolean): void
}

/** Beyond this the decoder has enough to do. */
const mostWaiting = 12

export class FilmDecoder {
  readonly #film: Film
  readonly #on: Shown
  #decoder: VideoDecoder | null = null
  #codec = ''
  /** The last unit the decoder was given; null: it needs a key frame. */
  #fed: number | null = null
  /** Units before it are only decoded, not shown. */
  #showFrom = 0
  #jpegWanted: number | null = null
  #isDecodingJpeg = false
  #isClosed = false

  constructor(film: Film, on: Shown) {
    this.#film = film
    this.#on = on
  }

  /** `isStill`: nothing follows soon, so the decoder must give out all it holds. */
  show(index: number, isStill: boolean): void {
    const frame = this.#film.frames[index]
    if (frame === undefined || this.#isClosed) return
    if (frame.video === null) this.#jpeg(index)
    else this.#video(index, frame.video.codec, isStill)
  }

  close(): void {
    this.#isClosed = true
    this.#end()
  }

  /** The newest that is wanted; one at a time. */
  #jpeg(index: number): void {
    this.#jpegWanted = index
    if (!this.#isDecodingJpeg) void this.#decodeJpegs()
  }

  async #decodeJpegs(): Promise<void> {
    this.#isDecodingJpeg = true
    while (this.#jpegWanted !== null && !this.#isClosed) {
      const index = this.#jpegWanted
      this.#jpegWanted = null
      const { bytes } = this.#film.frames[index] ?? {}
      if (bytes === undefined) continue
      try {
        const picture = await createImageBitmap(new Blob([plain(bytes)], { type: 'image/jpeg' }))
        if (this.#isClosed) picture.close()
        else this.#on.picture(picture, index)
      } catch {
        this.#on.failed(index, false)
      }
    }
    this.#isDecodingJpeg = false
  }

  #video(index: number, codec: string, isStill: boolean): void {
    if (!('VideoDecoder' in window)) {
      this.#on.failed(index, true)
      return
    }
    const key = this.#film.keyBefore(index)
    if (key === null) {
      this.#on.failed(index, false)
      return
    }
    const goesOn = this.#fed !== null && this.#fed <= index && key <= this.#fed && codec === this.#codec
    if (goesOn && this.#fed === index && !isStill) return
    if (!goesOn && !this.#begin(codec, index)) return
    const decoder = this.#decoder
    if (decoder === null || (decoder.decodeQueueSize > mostWaiting && !isStill)) return
    if (!goesOn || isStill) this.#showFrom = index
    try {
      for (let place = goesOn ? (this.#fed as number) + 1 : key; place <= index; place++)
        this.#feed(decoder, place)
      if (!isStill) return
      // After a flush a decoder takes nothing but a key frame.
      this.#fed = null
      decoder.flush().catch(() => {})
    } catch {
      this.#fail(index, false)
    }
  }

  #feed(decoder: VideoDecoder, place: number): void {
    const frame = this.#film.frames[place]
    if (frame?.video == null) return
    const type = frame.video.isKey ? 'key' : 'delta'
    decoder.decode(new EncodedVideoChunk({ type, timestamp: place, data: plain(frame.bytes) }))
    this.#fed = place
  }

  #begin(codec: string, index: number): boolean {
    this.#end()
    this.#codec = codec
    try {
      const decoder = new VideoDecoder({
        output: (picture) => {
          const place = picture.timestamp
          if (decoder === this.#decoder && place >= this.#showFrom) this.#on.picture(picture, place)
          else picture.close()
        },
        error: (error) => {
          if (decoder === this.#decoder) this.#fail(index, error.name === 'NotSupportedError')
        },
      })
      this.#decoder = decoder
      decoder.configure({ codec, optimizeForLatency: true })
      return true
    } catch {
      this.#fail(index, true)
      return false
    }
  }

  #fail(index: number, isUnsupported: boolean): void {
    this.#end()
    this.#on.failed(index, isUnsupported)
  }

  #end(): void {
    const decoder = this.#decoder
    this.#decoder = null
    this.#fed = null
    if (decoder !== null && decoder.state !== 'closed') decoder.close()
  }
}
