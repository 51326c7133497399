/** What networks make of a picture, as it lies in memory: with a frame of zeros, which convolutions look at beyond the edge. */
import type { Workspace } from './workspace.ts'

const float = 4

/** side × side places of so many channels, in a frame one place wide. */
export interface Plane {
  /** Of the frame's first number. */
  readonly at: number
  readonly side: number
  readonly channels: number
  readonly rowStep: number
}

/** The first number of a row within the frame. */
export function inside({ at, rowStep, channels }: Plane, row: number): number {
  return at + (row + 1) * rowStep + channels * float
}

/** The first number that 3 × 3 around a row looks at. An even side needs nothing before its edge where every second place is looked at. */
export function around(plane: Plane, row: number, stride: 1 | 2): number {
  return stride === 1 ? plane.at + row * plane.rowStep : inside(plane, row)
}

/** Planes one after the other. Two of a shape take turns. */
export class Planes {
  readonly #space: Workspace
  #spare: Plane | null = null

  constructor(space: Workspace) {
    this.#space = space
  }

  make(side: number, channels: number): Plane {
    const rowStep = (side + 2) * channels * float
    return { at: this.#space.room((side + 2) ** 2 * channels), side, channels, rowStep }
  }

  /** For what is made of `plane`, which is of no more use then. */
  after(plane: Plane, side: number, channels: number): Plane {
    const fits = this.#spare?.side === side && this.#spare.channels === channels
    const next = this.#spare !== null && fits ? this.#spare : this.make(side, channels)
    this.#spare = plane.side === side && plane.channels === channels ? plane : null
    return next
  }
}
