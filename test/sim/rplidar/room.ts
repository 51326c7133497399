/** What the simulated LiDAR sees: a room with straight walls, and somebody walking about in it. Angles clockwise from the front, mm. */

export interface Obstacle {
  readonly angleDeg: number
  /** Of its nearest point. */
  readonly rangeMm: number
}

/** Where it is at a time; null: the room is empty. */
export type Walker = (ms: number) => Obstacle | null

const walls = { front: 3500, right: 2600, back: 4500, left: 3400 }
const radiusMm = 180
const farthestMm = 12_000

/** Round the device once in 40 s, coming nearer and going away: through every zone but the innermost. */
export const strolling: Walker = (ms) => ({
  angleDeg: ((ms / 40_000) * 360) % 360,
  rangeMm: 1450 + 850 * Math.sin(ms / 7000),
})

function toWall(angle: number): number {
  const ahead = Math.cos(angle)
  const aside = Math.sin(angle)
  const x = ahead > 0 ? walls.front / ahead : ahead < 0 ? walls.back / -ahead : Number.POSITIVE_INFINITY
  const y = aside > 0 ? walls.right / aside : aside < 0 ? walls.left / -aside : Number.POSITIVE_INFINITY
  return Math.min(x, y)
}

function toObstacle(angle: number, obstacle: Obstacle): number {
  const centre = obstacle.rangeMm + radiusMm
  const between = angle - (obstacle.angleDeg * Math.PI) / 180
  const along = centre * Math.cos(between)
  const beside = centre * Math.sin(between)
  if (along <= 0 || Math.abs(beside) > radiusMm) return Number.POSITIVE_INFINITY
  return along - Math.sqrt(radiusMm ** 2 - beside ** 2)
}

/** 0: no echo. */
export function rangeAt(angleDeg: number, obstacle: Obstacle | null): number {
  const angle = (angleDeg * Math.PI) / 180
  const range = Math.min(
    toWall(angle),
    obstacle === null ? Number.POSITIVE_INFINITY : toObstacle(angle, obstacle),
  )
  return range > farthestMm ? 0 : Math.round(range)
}
