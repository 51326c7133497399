/** Pictures with a magenta patch where the simulated server is to find a face, and the box it must be told back with. */
import { encode } from 'jpeg-js'
import type { Box } from '../../../../src/contract/events.ts'
import { patchColour } from '../../../sim/owt/look.ts'
import { greenStep } from '../../../sim/owt/options.ts'

export interface Painted {
  readonly bytes: Uint8Array
  readonly widthPx: number
  readonly heightPx: number
}

export interface Patch {
  readonly x: number
  readonly y: number
  readonly width: number
  readonly height: number
  /** Place in the server's list of people. */
  readonly who: number
}

export function paint(side: number, patches: readonly Patch[]): Painted {
  const data = Buffer.alloc(side * side * 4, 255)
  for (let at = 0; at < data.length; at += 4) data.set([96, 104, 112], at)
  for (const { x, y, width, height, who } of patches)
    for (let row = y; row < y + height; row += 1)
      for (let column = x; column < x + width; column += 1)
        data.set(patchColour(who * greenStep), (row * side + column) * 4)
  const { data: bytes } = encode({ data, width: side, height: side }, 90)
  return { bytes: new Uint8Array(bytes), widthPx: side, heightPx: side }
}

const side = 64
const patchPx = 16

/** Neighbours in time are far from each other in place. */
export function placeOf(frame: number): { readonly x: number; readonly y: number } {
  const n = (frame * 29) % 144
  return { x: (n % 12) * 4, y: Math.floor(n / 12) * 4 }
}

/** A picture whose patch says which frame it is. */
export function numbered(frame: number): Painted {
  return paint(side, [{ ...placeOf(frame), width: patchPx, height: patchPx, who: frame % 4 }])
}

/** Whether a box found by the server is that frame's patch. */
export function isBoxOf(frame: number, box: Box | null): boolean {
  if (box === null) return false
  const { x, y } = placeOf(frame)
  return (
    Math.abs(box.x * side - x) < 2 &&
    Math.abs(box.y * side - y) < 2 &&
    Math.abs(box.width * side - patchPx) < 3 &&
    Math.abs(box.height * side - patchPx) < 3
  )
}
