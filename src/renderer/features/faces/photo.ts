/**
 * Makes a photo fit one request to a face server: turned upright, at most 1024 px, JPEG, below the contract's limit. It is always
 * encoded anew: a camera's turned photo would be learned lying on its side, and its place and owner are nobody's business.
 */
import type { PhotoUpload } from '../../../contract/faces.ts'

export const mostSidePx = 1024
/** The contract's limit on the text. */
export const mostBase64Chars = 240_000

export interface Attempt {
  readonly widthPx: number
  readonly heightPx: number
  readonly quality: number
}

/** Below this a face has too few pixels to be learned. */
const leastSidePx = 96
const qualities = [0.92, 0.8, 0.65]

/** What to try, best first: quality is given up before size, and both only until it fits. */
export function attempts(widthPx: number, heightPx: number): Attempt[] {
  const out: Attempt[] = []
  const longest = Math.max(widthPx, heightPx)
  for (let side = Math.min(longest, mostSidePx); side >= Math.min(leastSidePx, longest); side *= 0.75) {
    const scale = side / longest
    for (const quality of qualities) {
      out.push({
        widthPx: Math.max(1, Math.round(widthPx * scale)),
        heightPx: Math.max(1, Math.round(heightPx * scale)),
        quality,
      })
    }
  }
  return out
}

export function base64Length(sizeBytes: number): number {
  return 4 * Math.ceil(sizeBytes / 3)
}

/** The first attempt that fits; null when even the smallest does not. */
export async function firstFitting(
  tries: readonly Attempt[],
  encode: (attempt: Attempt) => Promise<Uint8Array>,
): Promise<Uint8Array | null> {
  for (const attempt of tries) {
    const bytes = await encode(attempt)
    if (base64Length(bytes.length) < mostBase64Chars) return bytes
  }
  return null
}

export function toBase64(bytes: Uint8Array): string {
  // In pieces: the letters of a whole photo do not fit the arguments of one call.
  const pieceBytes = 0x6000
  let text = ''
  for (let at = 0; at < bytes.length; at += pieceBytes) {
    text += btoa(String.fromCharCode(...bytes.subarray(at, at + pieceBytes)))
  }
  return text
}

export type PhotoTrouble = 'not-a-picture' | 'too-large'

/** The whole of a picture, or a part of it, ready to send. */
export async function photoOf(
  source: ImageBitmap | HTMLImageElement,
  part: { readonly x: number; readonly y: number; readonly width: number; readonly height: number },
): Promise<PhotoUpload | PhotoTrouble> {
  if (part.width < 1 || part.height < 1) return 'not-a-picture'
  const canvas = document.createElement('canvas')
  const bytes = await firstFitting(attempts(part.width, part.height), async (attempt) => {
    canvas.width = attempt.widthPx
    canvas.height = attempt.heightPx
    const pen = canvas.getContext('2d')
    if (pen === null) throw new Error('this browser cannot draw')
    pen.drawImage(source, part.x, part.y, part.width, part.height, 0, 0, canvas.width, canvas.height)
    const blob = await new Promise<Blob | null>((done) => canvas.toBlob(done, 'image/jpeg', attempt.quality))
    if (blob === null) throw new Error('this browser cannot write JPEG')
    return new Uint8Array(await blob.arrayBuffer())
  })
  return bytes === null ? 'too-large' : { mime: 'image/jpeg', base64: toBase64(bytes) }
}

/** A file somebody chose or dropped. */
export async function photoOfFile(file: Blob): Promise<PhotoUpload | PhotoTrouble> {
  let bitmap: ImageBitmap
  try {
    bitmap = await createImageBitmap(file, { imageOrientation: 'from-image' })
  } catch {
    return 'not-a-picture'
  }
  try {
    return await photoOf(bitmap, { x: 0, y: 0, width: bitmap.width, height: bitmap.height })
  } finally {
    bitmap.close()
  }
}

/** A part of a picture that is on the screen already. */
export async function photoOfUrl(
  url: string,
  partOf: (widthPx: number, heightPx: number) => { x: number; y: number; width: number; height: number },
): Promise<PhotoUpload | PhotoTrouble> {
  const image = new Image()
  image.src = url
  try {
    await image.decode()
  } catch {
    return 'not-a-picture'
  }
  return photoOf(image, partOf(image.naturalWidth, image.naturalHeight))
}
