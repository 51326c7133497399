/** A clip of H.264 as the pictures it is made of. Frame n of the clip shows the number n; the numbers begin again with each loop. */
import { readFileSync } from 'node:fs'

export interface ClipFrame {
  /** NAL units without start codes and delimiters. */
  readonly units: readonly Buffer[]
  readonly isKey: boolean
}

export interface Clip {
  readonly frames: readonly ClipFrame[]
  readonly sps: Buffer
  readonly pps: Buffer
}

export function counterClip(): Uint8Array {
  return readFileSync(new URL('../../assets/counter.h264', import.meta.url))
}

function unitsOf(bytes: Buffer): Buffer[] {
  const starts: number[] = []
  for (let at = bytes.indexOf('\0\0\x01', 0, 'latin1'); at >= 0; ) {
    starts.push(at + 3)
    at = bytes.indexOf('\0\0\x01', at + 3, 'latin1')
  }
  return starts.map((start, index) => {
    const next = starts[index + 1]
    let end = next === undefined ? bytes.length : next - 3
    while (end > start && bytes[end - 1] === 0) end -= 1
    return bytes.subarray(start, end)
  })
}

function typeOf(unit: Buffer | undefined): number {
  return (unit?.[0] ?? 0) & 31
}

export function readClip(bytes: Uint8Array): Clip {
  const frames: { units: Buffer[]; isKey: boolean }[] = []
  const sets = new Map<number, Buffer>()
  for (const unit of unitsOf(Buffer.from(bytes))) {
    const type = typeOf(unit)
    if (type === 9) frames.push({ units: [], isKey: false })
    else {
      const frame = frames.at(-1)
      if (frame === undefined) throw new Error('the clip must begin with an access unit delimiter')
      frame.units.push(unit)
      if (type === 5) frame.isKey = true
      if (type === 7 || type === 8) sets.set(type, unit)
    }
  }
  const sps = sets.get(7)
  const pps = sets.get(8)
  if (sps === undefined || pps === undefined) throw new Error('the clip has no parameter sets')
  return { frames, sps, pps }
}
