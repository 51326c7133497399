/**
 * How alike two faces are, and who of the library is most like one. The numbers are those of the library's own measure: the
 * distance between two embeddings, 16 and more apart for strangers, laid on a scale from 0 to 1.
 */
import type { KeptFacePhoto } from '../../../contract/known-faces.ts'

export const numbers = 1024

const perUnit = 0.05
const least = 0.2
const most = 0.8

/** 0..1; a face is 1 to itself. */
export function likeness(a: Float32Array, b: Float32Array): number {
  let sum = 0
  for (let at = 0; at < numbers; at += 1) {
    const apart = (a[at] ?? 0) - (b[at] ?? 0)
    sum += apart * apart
  }
  const scaled = (1 - perUnit * Math.sqrt(sum) - least) / (most - least)
  return Math.min(1, Math.max(0, scaled))
}

/** Null for anything but so many finite numbers: what a screen sends is checked like what a device sends. */
export function embeddingOf(bytes: Uint8Array): Float32Array | null {
  if (bytes.byteLength !== numbers * 4) return null
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  const embedding = Float32Array.from({ length: numbers }, (_, at) => view.getFloat32(at * 4, true))
  return isSound(embedding) ? embedding : null
}

export function isSound(embedding: Float32Array): boolean {
  return embedding.length === numbers && embedding.every((value) => Number.isFinite(value))
}

export interface Match {
  readonly person: string
  readonly score: number
}

/** The person with the likest photo, if it is like enough. */
export function nearest(
  embedding: Float32Array,
  photos: Iterable<KeptFacePhoto>,
  threshold: number,
): Match | null {
  let best: Match | null = null
  for (const photo of photos) {
    if (photo.embedding === null) continue
    const score = likeness(embedding, photo.embedding)
    if (score >= threshold && (best === null || score > best.score)) best = { person: photo.person, score }
  }
  return best
}
