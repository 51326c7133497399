/**
 * Which faces of a camera are worth a closer look now. Telling whose a face is costs more than finding it, and whose it is
 * does not change from picture to picture: a face is looked at closely when it is new, when it has moved away from where it
 * was, and once a second.
 */
import type { Box } from '../../contract/events.ts'
import { overlap } from './face-square.ts'

interface Track {
  box: Box
  lookedAt: number
  seenAt: number
}

const lookAgainMs = 1000
const forgottenMs = 2000
/** Less in common than this with every face of the last pictures: a new face. */
const sameFace = 0.3
/** In one picture: a crowd is taken over several pictures, so that none takes long. */
export const mostAtOnce = 2
const mostTracks = 50

export class FaceTracks {
  #tracks: Track[] = []

  /** Asked once for each face of the picture at `nowMs`, the surest face first. */
  at(nowMs: number): (face: Box) => boolean {
    this.#tracks = this.#tracks.filter(({ seenAt }) => nowMs - seenAt < forgottenMs)
    let given = 0
    return (face) => {
      const track = this.#nearest(face)
      if (track !== null) {
        track.box = face
        track.seenAt = nowMs
        if (nowMs - track.lookedAt < lookAgainMs || given >= mostAtOnce) return false
        track.lookedAt = nowMs
        given += 1
        return true
      }
      if (given >= mostAtOnce || this.#tracks.length >= mostTracks) return false
      this.#tracks.push({ box: face, lookedAt: nowMs, seenAt: nowMs })
      given += 1
      return true
    }
  }

  #nearest(face: Box): Track | null {
    let best: Track | null = null
    let most = sameFace
    for (const track of this.#tracks) {
      const common = overlap(track.box, face)
      if (common < most) continue
      most = common
      best = track
    }
    return best
  }
}
