/** Seeded chance, so that a run can be repeated. */
export interface Chance {
  /** 0..1 */
  next(): number
  between(low: number, high: number): number
}

/** Mulberry32: small, and good enough to decide when a lamp lights up. */
export function chanceFrom(seed: number): Chance {
  let state = seed >>> 0
  const next = () => {
    state = (state + 0x6d2b79f5) >>> 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296
  }
  return { next, between: (low, high) => low + (high - low) * next() }
}
