/** What can come back over an RS485 pair instead of the one right answer. Each is played for one request; times are from its last byte. */
import { type Asked, checksum, framed, rightAnswer } from './rtu.ts'

export interface Part {
  readonly afterMs: number
  readonly bytes: Uint8Array
}

/** `turn` counts how often it was played, from 0: bit flips and positions go through all their places. */
export type Hazard = (asked: Asked, turn: number) => readonly Part[]

function once(bytes: Uint8Array, afterMs = 0): readonly Part[] {
  return [{ afterMs, bytes }]
}

function noise(count: number, turn: number): Buffer {
  return Buffer.from(Array.from({ length: count }, (_, n) => (n * 151 + turn * 83 + 19) & 0xff))
}

/** With its checksum made right again. */
function resealed(frame: Buffer, change: (frame: Buffer) => void): Buffer {
  const changed = Buffer.from(frame)
  change(changed)
  changed.writeUInt16LE(checksum(changed.subarray(0, -2)), changed.length - 2)
  return changed
}

export const right: Hazard = (asked) => once(rightAnswer(asked))

export function late(afterMs: number): Hazard {
  return (asked) => once(rightAnswer(asked), afterMs)
}

export function exception(code: number): Hazard {
  return ({ unit, fn }) => once(framed(unit, fn | 0x80, code))
}

/** Byte by byte, with pauses longer than the silence that ends a frame. */
export const split: Hazard = (asked) =>
  [...rightAnswer(asked)].map((byte, n) => ({ afterMs: 4 * n, bytes: Uint8Array.of(byte) }))

export const silence: Hazard = () => []

export const wrongUnit: Hazard = (asked) =>
  once(resealed(rightAnswer(asked), (frame) => frame.writeUInt8((asked.unit % 247) + 1, 0)))

export const wrongFunction: Hazard = (asked) =>
  once(resealed(rightAnswer(asked), (frame) => frame.writeUInt8(asked.fn === 3 ? 4 : 3, 1)))

/** Whole and sealed, with one register fewer or more than asked for; of writes with another address. */
export const wrongLength: Hazard = (asked, turn) =>
  asked.fn <= 4
    ? once(rightAnswer({ ...asked, quantity: Math.max(1, asked.quantity + (turn % 2 === 0 ? 16 : -16)) }))
    : once(resealed(rightAnswer(asked), (frame) => frame.writeUInt16BE((asked.address + 1) & 0xffff, 2)))

/** Sealed and as long as asked for, but saying that it holds another number of bytes. */
export const lyingCount: Hazard = (asked, turn) =>
  once(
    resealed(rightAnswer(asked), (frame) =>
      frame.writeUInt8((frame.readUInt8(2) + 1 + (turn % 7)) & 0xff, 2),
    ),
  )

/** One bit wrong, another each turn. */
export const bitFlip: Hazard = (asked, turn) => {
  const frame = Buffer.from(rightAnswer(asked))
  const bit = turn % (8 * frame.length)
  frame.writeUInt8(frame.readUInt8(bit >> 3) ^ (1 << (bit & 7)), bit >> 3)
  return once(frame)
}

/** Ends after some of its bytes, another number each turn. */
export const cut: Hazard = (asked, turn) => {
  const frame = rightAnswer(asked)
  return once(frame.subarray(0, 1 + (turn % (frame.length - 1))))
}

export const noiseBefore: Hazard = (asked, turn) =>
  once(Buffer.concat([noise(1 + (turn % 5), turn), rightAnswer(asked)]))

export const noiseAfter: Hazard = (asked, turn) =>
  once(Buffer.concat([rightAnswer(asked), noise(1 + (turn % 5), turn)]))

export const noiseInside: Hazard = (asked, turn) => {
  const frame = rightAnswer(asked)
  const at = 1 + (turn % (frame.length - 1))
  return once(Buffer.concat([frame.subarray(0, at), noise(1, turn), frame.subarray(at)]))
}

/** The right answer, and noise after it in the pause before the next request. */
export const noiseBetween: Hazard = (asked, turn) => [
  ...once(rightAnswer(asked)),
  { afterMs: 8, bytes: noise(1 + (turn % 9), turn) },
]

/** Twice, the second time with other words. */
export const twoAnswers: Hazard = (asked) =>
  once(Buffer.concat([rightAnswer(asked), rightAnswer({ ...asked, address: asked.address ^ 0x100 })]))

/** As an adapter does that hears itself. */
export const echoed: Hazard = (asked) => [...once(asked.frame), { afterMs: 3, bytes: rightAnswer(asked) }]

/** Nobody there, on such an adapter. */
export const echoOnly: Hazard = (asked) => once(asked.frame)

/** By name, for the command line and for tables. */
export const hazards: Readonly<Record<string, Hazard>> = {
  right,
  'late-150': late(150),
  'late-450': late(450),
  exception: exception(2),
  busy: exception(6),
  split,
  silence,
  'wrong-unit': wrongUnit,
  'wrong-function': wrongFunction,
  'wrong-length': wrongLength,
  'lying-count': lyingCount,
  'bit-flip': bitFlip,
  cut,
  'noise-before': noiseBefore,
  'noise-after': noiseAfter,
  'noise-inside': noiseInside,
  'noise-between': noiseBetween,
  'two-answers': twoAnswers,
  echo: echoed,
  'echo-only': echoOnly,
}
