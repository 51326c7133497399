/**
 * Whose face is whose between two close looks: the engine tells who somebody is once a second, and where faces are thirty times.
 * A face that lies where a named one lay a moment ago is the same person's.
 */
import type { Box } from '../../../contract/events.ts'
import type { Match } from './matching.ts'

interface Track {
  box: Box
  match: Match | null
  /** When it was last looked at closely, and last seen at all. */
  toldAt: number
  seenAt: number
}

/** Twice as long as the engine lets pass between close looks, and a bit. */
const trustedMs = 2500
const sameFace = 0.3
const mostTracks = 50

export class Tracks {
  #tracks: Track[] = []

  /** `match` undefined: not looked at closely in this picture. */
  name(faces: readonly { readonly box: Box; readonly match: Match | null | undefined }[], now: number) {
    this.#tracks = this.#tracks.filter(
      ({ toldAt, seenAt }) => now - toldAt < trustedMs && now - seenAt < trustedMs,
    )
    const free = new Set(this.#tracks)
    return faces.map(({ box, match }) => {
      const track = likest(box, free)
      if (track !== null) {
        free.delete(track)
        track.box = box
        track.seenAt = now
        if (match !== undefined) {
          track.match = match
          track.toldAt = now
        }
        return track.match
      }
      if (match !== undefined && this.#tracks.length < mostTracks)
        this.#tracks.push({ box, match, toldAt: now, seenAt: now })
      return match ?? null
    })
  }
}

function likest(box: Box, tracks: Iterable<Track>): Track | null {
  let best: Track | null = null
  let most = sameFace
  for (const track of tracks) {
    const common = overlap(track.box, box)
    if (common < most) continue
    most = common
    best = track
  }
  return best
}

function overlap(a: Box, b: Box): number {
  const width = Math.min(a.x + a.width, b.x + b.width) - Math.max(a.x, b.x)
  const height = Math.min(a.y + a.height, b.y + b.height) - Math.max(a.y, b.y)
  if (width <= 0 || height <= 0) return 0
  return (width * height) / (a.width * a.height + b.width * b.height - width * height)
}
