/** A straight line through figures taken one after the other, and how far its slope may be off. */

export type Point = readonly [x: number, y: number]

export interface Slope {
  readonly slope: number
  /** Twice its standard error. */
  readonly noise: number
}

/**
 * By least squares. What is left beside the line is seldom independent from one point to the next: a memory that moves in steps stays where
 * it stepped to. So the number of points counts as less, by how much each resembles the one before it (AR(1): n · (1 − r) / (1 + r)).
 */
export function slopeOf(points: readonly Point[]): Slope {
  const n = points.length
  const mean = (of: 0 | 1) => points.reduce((sum, point) => sum + point[of], 0) / n
  const [meanX, meanY] = [mean(0), mean(1)]
  const spread = points.reduce((sum, [x]) => sum + (x - meanX) ** 2, 0)
  const slope = points.reduce((sum, [x, y]) => sum + (x - meanX) * (y - meanY), 0) / spread
  const rest = points.map(([x, y]) => y - meanY - slope * (x - meanX))
  const squares = rest.reduce((sum, one) => sum + one ** 2, 0)
  const following = rest.reduce((sum, one, at) => sum + one * (rest[at - 1] ?? 0), 0)
  const alike = squares === 0 ? 0 : Math.max(0, following / squares)
  const independent = Math.max(3, (n * (1 - alike)) / (1 + alike))
  return { slope, noise: 2 * Math.sqrt(squares / spread / (independent - 2)) }
}
