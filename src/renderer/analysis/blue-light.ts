/**
 * Finds the light of blue beacons in a camera's pictures. Pure: RGBA pixels in, a reading out; no page, no clock of its own. Made for
 * about five pictures a second, 320 px wide.
 *
 * A pixel is blue with hue 200–260°, saturation ≥ 0.3 and value ≥ 0.4 (HSV). Blue that the scene has anyway is learned over 30
 * pictures and subtracted (`blue-scene.ts`); what is left and connected, at least 50 px of it, is a region (`blue-regions.ts`), and
 * regions are followed from picture to picture (`blue-track.ts`).
 *
 * The state changes to blue after three pictures in which the same light shines at least as strongly as the sensitivity asks, when it
 * either was switched on where it is and stands still, or has flashed twice. It changes back after three pictures without it that
 * span at least 1.5 s, as a beacon is dark between its flashes.
 *
 * What a reading says:
 * - `intensity` 0..1: the mean of the region's 50 strongest pixels, each `min(B, 5/3·(B − min(R, G))) / 255`: as bright as it is blue.
 *   Between flashes it is the last flash's, a tenth less for each lit picture that was weaker.
 * - `confidence` 0..1: the mean of three shares: the area (50 px 0.25, 200 px 1), the pictures in which it shone (3 of 10 is 0.3),
 *   and how far the intensity is above what is asked (none 0, half of what is left or more 1).
 * - `durationMs`: from the first picture of the light to this one; 0 unless blue.
 * - `areaPx`: blue pixels in the region, of the picture as it was looked at; `box`: the part of the picture, 0..1, that they span.
 *   The box is told while blue; area, intensity and confidence also of a light that is not proven yet.
 *
 * `sensitivity` is the intensity from which a light counts, as the cameras of the blue-light system have it: less finds weaker
 * lights, and more that is none. Once blue, four fifths of it keep it so.
 *
 * Not found: a light that shines steadily from before the learning began, and one of fewer than 50 px.
 */
import type { BlueReading } from '../../contract/analysis.ts'
import { type Cells, cellsFor, fillCells } from './blue-mask.ts'
import { leastAreaPx, type Region, regionsOf } from './blue-regions.ts'
import { Scene } from './blue-scene.ts'
import { Track } from './blue-track.ts'

/** After a pause this long the scene may be another one. */
const forgetMs = 60_000
/** Less would call every blue shimmer a light. */
const leastSensitivity = 0.1
const keepsShare = 0.8
const mostTracks = 8
const fullAreaPx = 4 * leastAreaPx
const fullFrames = 10

export interface BlueLightOptions {
  readonly sensitivity: number
}

export class BlueLightDetector {
  readonly #threshold: number
  #cells: Cells | null = null
  #scene = new Scene(0)
  #kept = new Uint8Array(0)
  #tracks: Track[] = []
  #lastAt = 0

  constructor({ sensitivity }: BlueLightOptions) {
    this.#threshold = Math.min(1, Math.max(leastSensitivity, sensitivity))
  }

  /** Pictures of one camera in their order. `pixels` is RGBA, row by row. */
  read(pixels: Uint8ClampedArray, widthPx: number, heightPx: number, atMs: number): BlueReading {
    if (widthPx < 1 || heightPx < 1 || pixels.length < widthPx * heightPx * 4) return nothing(false)
    const cells = this.#ready(widthPx, heightPx, atMs)
    fillCells(cells, pixels)
    if (this.#scene.isLearned) this.#follow(regionsOf(cells, this.#scene, pixels), atMs)
    this.#kept.fill(0)
    for (const track of this.#tracks) {
      if (!track.isBlue || !track.isLit) continue
      for (const cell of track.region.cells) this.#kept[cell] = 1
    }
    this.#scene.learn(cells, this.#kept)
    return this.#reading(atMs)
  }

  /** A picture of another size, or after a long pause, or from before: everything is learned anew. */
  #ready(widthPx: number, heightPx: number, atMs: number): Cells {
    const pauseMs = atMs - this.#lastAt
    this.#lastAt = atMs
    const cells = this.#cells
    const isSame = cells !== null && cells.widthPx === widthPx && cells.heightPx === heightPx
    if (isSame && pauseMs >= 0 && pauseMs <= forgetMs) return cells
    const made = isSame ? cells : cellsFor(widthPx, heightPx)
    this.#cells = made
    this.#scene = new Scene(made.count.length)
    this.#kept = new Uint8Array(made.count.length)
    this.#tracks = []
    return made
  }

  #follow(regions: readonly Region[], atMs: number): void {
    const left = regions.filter(({ intensity }) => intensity >= this.#threshold * keepsShare)
    for (const track of this.#tracks) {
      const least = track.isBlue ? this.#threshold * keepsShare : this.#threshold
      // Largest first, so the largest that fits; the smaller ones beside it are parts of the same light.
      const found = left.find((region) => region.intensity >= least && track.fits(region))
      if (found === undefined) track.missed()
      else track.seen(found, atMs)
    }
    this.#tracks = this.#tracks.filter((track) => !track.isOver(atMs))
    for (const region of left) {
      if (this.#tracks.length >= mostTracks) break
      if (region.intensity < this.#threshold || this.#tracks.some((track) => track.fits(region))) continue
      const { widthPx, heightPx } = this.#cells ?? { widthPx: 1, heightPx: 1 }
      this.#tracks.push(new Track(region, atMs, widthPx, heightPx))
    }
    for (const track of this.#tracks) track.isBlue ||= track.isProven
  }

  #reading(atMs: number): BlueReading {
    const isReady = this.#scene.isLearned
    let best: Track | null = null
    for (const track of this.#tracks) if (best === null || isMore(track, best)) best = track
    if (best === null) return nothing(isReady)
    const { region, isBlue } = best
    const { widthPx, heightPx } = this.#cells ?? { widthPx: 1, heightPx: 1 }
    return {
      isBlue,
      isReady,
      intensity: best.intensity,
      confidence: this.#confidence(best),
      durationMs: isBlue ? atMs - this.#firstAt() : 0,
      box: isBlue
        ? {
            x: region.left / widthPx,
            y: region.top / heightPx,
            width: (region.right - region.left) / widthPx,
            height: (region.bottom - region.top) / heightPx,
          }
        : null,
      areaPx: region.areaPx,
    }
  }

  /** One light that takes over from another does not begin anew. */
  #firstAt(): number {
    return this.#tracks.reduce(
      (at, { isBlue, firstAt }) => (isBlue ? Math.min(at, firstAt) : at),
      this.#lastAt,
    )
  }

  #confidence({ region, lit, intensity }: Track): number {
    const area = Math.min(1, region.areaPx / fullAreaPx)
    const frames = Math.min(1, lit / fullFrames)
    const above = (intensity - this.#threshold) / Math.max(0.01, (1 - this.#threshold) / 2)
    return (area + frames + Math.min(1, Math.max(0, above))) / 3
  }
}

function isMore(one: Track, other: Track): boolean {
  if (one.isBlue !== other.isBlue) return one.isBlue
  return one.region.areaPx * one.intensity > other.region.areaPx * other.intensity
}

function nothing(isReady: boolean): BlueReading {
  return { isBlue: false, isReady, intensity: 0, confidence: 0, durationMs: 0, box: null, areaPx: 0 }
}
