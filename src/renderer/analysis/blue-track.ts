/** One light followed from picture to picture, and what speaks for its being one: that it is switched on in place, or that it flashes. */
import type { Region } from './blue-regions.ts'

/** Pictures that must agree before the state changes. */
export const consistentFrames = 3
/** A light that flashes is dark for a while: up to this long it is still the same light. */
export const holdMs = 1500

/** What came in over the edge of the picture, or fills much of it, must stand still this long: a vehicle does not. */
const framesAtEdge = 15
/** So many times dark and lit again, within the hold each time. */
const provenFlashes = 2
/** A light reaches half its size at once; what drives in grows. */
const mostGrowth = 2
/** How far its middle may move, in its own widths and heights. */
const mostDrift = 0.2
const hugeShare = 0.5

export class Track {
  readonly first: Region
  readonly firstAt: number
  region: Region
  lastLitAt: number
  lit = 1
  flashes = 0
  isBlue = false
  #isDark = false
  #darkFrames = 0
  readonly #widthPx: number
  readonly #heightPx: number
  #strongest: number

  constructor(region: Region, atMs: number, widthPx: number, heightPx: number) {
    this.first = region
    this.region = region
    this.firstAt = atMs
    this.lastLitAt = atMs
    this.#widthPx = widthPx
    this.#heightPx = heightPx
    this.#strongest = region.intensity
  }

  /** The strongest it has been over its last flashes: a reading taken between two is not a weak light. */
  get intensity(): number {
    return this.#strongest
  }

  get isLit(): boolean {
    return !this.#isDark
  }

  /** Overlaps, after both have been given a little room: a light on a vehicle moves between two flashes. */
  fits(region: Region): boolean {
    const own = this.region
    const roomX = (own.right - own.left) / 2 + this.#widthPx / 32
    const roomY = (own.bottom - own.top) / 2 + this.#heightPx / 32
    return (
      region.left < own.right + roomX &&
      region.right > own.left - roomX &&
      region.top < own.bottom + roomY &&
      region.bottom > own.top - roomY
    )
  }

  seen(region: Region, atMs: number): void {
    if (this.#isDark) this.flashes++
    this.#isDark = false
    this.#darkFrames = 0
    this.#strongest = Math.max(region.intensity, this.#strongest * 0.9)
    this.region = region
    this.lastLitAt = atMs
    this.lit++
  }

  missed(): void {
    this.#isDark = true
    this.#darkFrames++
  }

  isOver(atMs: number): boolean {
    return this.#darkFrames >= consistentFrames && atMs - this.lastLitAt >= holdMs
  }

  /** Whether what was seen so far can only be a light. */
  get isProven(): boolean {
    if (this.lit < consistentFrames) return false
    return this.flashes >= provenFlashes || (this.#isStill() && this.lit >= this.#framesNeeded())
  }

  #isStill(): boolean {
    const { first, region } = this
    if (region.areaPx > first.areaPx * mostGrowth) return false
    const driftX = Math.abs(region.left + region.right - first.left - first.right) / 2
    const driftY = Math.abs(region.top + region.bottom - first.top - first.bottom) / 2
    return (
      driftX <= Math.max(2, (region.right - region.left) * mostDrift) &&
      driftY <= Math.max(2, (region.bottom - region.top) * mostDrift)
    )
  }

  /** Infinite for what fills the picture: only flashing proves that to be a light. */
  #framesNeeded(): number {
    const { left, top, right, bottom, areaPx } = this.region
    if (areaPx > this.#widthPx * this.#heightPx * hugeShare) return Number.POSITIVE_INFINITY
    const { first } = this
    const isAtEdge =
      Math.min(left, top, first.left, first.top) <= 0 ||
      Math.max(right, first.right) >= this.#widthPx ||
      Math.max(bottom, first.bottom) >= this.#heightPx
    return isAtEdge ? framesAtEdge : consistentFrames
  }
}
