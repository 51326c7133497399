/** When each picture of an exported film is shown: the times of the recording, to the millisecond, with its pauses. */

export interface TimedFrame {
  /** When it reached us, epoch ms. */
  readonly at: number
  /** The camera's own time of it; in this order pictures are shown where they are not sent in it. */
  readonly capturedAt: number | null
  readonly isKey: boolean
  /** Refers to a picture shown after it, as only B slices do: it was sent out of its turn. */
  readonly isBidirectional: boolean
}

export interface Timing {
  /** Ms from the first picture to the decoding of each; ascending, no two the same. */
  readonly decodeMs: readonly number[]
  /** Ms from its decoding to its being shown, per picture; null where all are shown as they came. */
  readonly offsetMs: readonly number[] | null
  /** How long the film is, with the last picture's time. */
  readonly lengthMs: number
  /** How often the clock had been set back: the pictures after it follow at once. */
  readonly setBacks: number
}

/** Later than the one before by no more than this, nothing is missing. */
const shortestGapMs = 1000
/** A camera that sends a picture a second, or one in twenty seconds, has no gap between each two. */
const gapSteps = 3
/** What the last picture is shown for where there is no other to tell by. */
const onlyPictureMs = 40

export function timingOf(frames: readonly TimedFrame[]): Timing {
  const decodeMs: number[] = []
  let setBacks = 0
  let shiftMs = 0
  for (const [place, { at }] of frames.entries()) {
    const first = frames[0]?.at ?? at
    const before = frames[place - 1]
    const earliest = place === 0 ? 0 : (decodeMs[place - 1] ?? 0) + 1
    if (before !== undefined && at < before.at) {
      setBacks++
      // From here on the film goes on by the new clock.
      shiftMs = earliest - Math.round(at - first)
    }
    decodeMs.push(Math.max(earliest, Math.round(at - first) + shiftMs))
  }
  const lastMs = Math.max(1, Math.round(usualStep(frames) ?? onlyPictureMs))
  const lengthMs = frames.length === 0 ? 0 : (decodeMs.at(-1) ?? 0) + lastMs
  return { decodeMs, offsetMs: offsetsOf(frames, decodeMs), lengthMs, setBacks }
}

/** Between a key picture and the next, those with B slices are shown by the camera's times, at the moments at which pictures came. */
function offsetsOf(frames: readonly TimedFrame[], decodeMs: readonly number[]): number[] | null {
  if (!frames.some(({ isBidirectional }) => isBidirectional)) return null
  const offsets = decodeMs.map(() => 0)
  for (let start = 0; start < frames.length; ) {
    let end = start + 1
    while (end < frames.length && frames[end]?.isKey === false) end++
    const group = frames.slice(start, end)
    if (
      group.some(({ isBidirectional }) => isBidirectional) &&
      group.every(({ capturedAt }) => capturedAt !== null)
    ) {
      const order = group.map((_, place) => place)
      order.sort((a, b) => (group[a]?.capturedAt ?? 0) - (group[b]?.capturedAt ?? 0))
      for (const [turn, place] of order.entries())
        offsets[start + place] = (decodeMs[start + turn] ?? 0) - (decodeMs[start + place] ?? 0)
    }
    start = end
  }
  return offsets
}

export interface Gap {
  readonly fromAt: number
  readonly toAt: number
}

/** Where nothing was recorded of what was asked for: before the first picture, between two, after the last. */
export function gapsOf(times: readonly number[], fromAt: number, toAt: number): Gap[] {
  const longest = Math.max(shortestGapMs, gapSteps * (middle(stepsOf(times)) ?? 0))
  const gaps: Gap[] = []
  let before = fromAt
  for (const at of [...times, toAt]) {
    if (at - before > longest) gaps.push({ fromAt: before, toAt: at })
    before = Math.max(fromAt, at)
  }
  return gaps
}

function usualStep(frames: readonly TimedFrame[]): number | null {
  return middle(stepsOf(frames.map(({ at }) => at)))
}

function stepsOf(times: readonly number[]): number[] {
  return times.slice(1).map((at, place) => at - (times[place] ?? at))
}

/** The median of those that are a step at all. */
function middle(steps: readonly number[]): number | null {
  const sorted = steps.filter((step) => step > 0).sort((a, b) => a - b)
  return sorted[Math.floor(sorted.length / 2)] ?? null
}
