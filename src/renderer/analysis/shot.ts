/**
 * One picture of a camera on its way through those who look at it. Decoded at most once, freed when the last of them lets go:
 * decoded pictures lie outside the JavaScript heap, and a decoder stops when too many of its own are kept.
 */
import type { FrameHeader } from '../../contract/cameras.ts'
import { plain } from '../paint/page-surface.ts'

export type Image = ImageBitmap | VideoFrame

export class Shot {
  readonly header: FrameHeader
  readonly #decode: () => Promise<Image>
  #image: Promise<Image> | null = null
  #holders = 1

  /** `decode` is called when somebody looks, and once. Whoever makes a shot holds it. */
  constructor(header: FrameHeader, decode: () => Promise<Image>) {
    this.header = header
    this.#decode = decode
  }

  /** Rejects when it is no picture. */
  image(): Promise<Image> {
    this.#image ??= this.#decode()
    return this.#image
  }

  hold(): this {
    this.#holders++
    return this
  }

  drop(): void {
    this.#holders--
    if (this.#holders === 0) this.#image?.then((image) => image.close()).catch(() => {}) // never was one
  }
}

/** A JPEG, decoded when it is looked at. */
export function stillShot(header: FrameHeader, bytes: Uint8Array): Shot {
  return new Shot(header, () =>
    createImageBitmap(new Blob([plain(bytes)], { type: 'image/jpeg' }), {
      colorSpaceConversion: 'none',
      premultiplyAlpha: 'none',
    }),
  )
}

/** A picture of a video, decoded already: kept from now on. */
export function videoShot(header: FrameHeader, frame: VideoFrame): Shot {
  const shot = new Shot(header, () => Promise.resolve(frame))
  // Freed with the shot also when nobody looked.
  void shot.image()
  return shot
}
