/**
 * What a scene looks like without the light that is looked for: per cell, how much blue usually shines there and how much that varies.
 * It learns over 30 frames and goes on learning: upwards slowly, so that a wall becomes scenery, downwards quickly, so that a light
 * that flashes does not.
 */
import { type Cells, fewestInCell } from './blue-mask.ts'

export const learningFrames = 30

const up = 1 / learningFrames
const down = 0.3
/** Four pixels that shine weakly: the least that counts as new. */
const leastMore = fewestInCell * 70
/** A flickering screen in the scene may widen its own margin by this much and no more. */
const mostMargin = 1000
/** A cell whose mean green moved by more than this changed its lighting. */
const litDifferently = 25 * 16

export class Scene {
  readonly #usual: Float32Array
  readonly #varies: Float32Array
  readonly #green: Uint16Array
  #frames = 0

  constructor(size: number) {
    this.#usual = new Float32Array(size)
    this.#varies = new Float32Array(size)
    this.#green = new Uint16Array(size)
  }

  get isLearned(): boolean {
    return this.#frames >= learningFrames
  }

  /** More blue shines here than usual. */
  isNew(cells: Cells, cell: number): boolean {
    if ((cells.count[cell] as number) < fewestInCell) return false
    const usual = this.#usual[cell] as number
    const margin = Math.min(mostMargin, 3 * (this.#varies[cell] as number)) + usual / 4
    return (cells.shine[cell] as number) - usual >= Math.max(leastMore, margin)
  }

  /** Learns this picture. `kept`: cells with 1 in it stay as they were known, as the light that is reported shines there. */
  learn(cells: Cells, kept: Uint8Array): void {
    const isFirst = this.#frames === 0
    const isAnother = !isFirst && this.#isLitDifferently(cells)
    const usual = this.#usual
    const varies = this.#varies
    for (let cell = 0; cell < usual.length; cell++) {
      const shine = cells.shine[cell] as number
      if (isFirst || (isAnother && kept[cell] === 0)) {
        usual[cell] = shine
        continue
      }
      if (kept[cell] === 1) continue
      const more = shine - (usual[cell] as number)
      usual[cell] = (usual[cell] as number) + more * (more > 0 ? up : down)
      varies[cell] = (varies[cell] as number) + (Math.abs(more) - (varies[cell] as number)) * up
    }
    this.#green.set(cells.green)
    this.#frames++
  }

  /** A lamp was switched, the camera turned or balanced its colours anew: most of the picture changed at once. */
  #isLitDifferently(cells: Cells): boolean {
    const { green } = cells
    let changed = 0
    for (let cell = 0; cell < green.length; cell++)
      if (Math.abs((green[cell] as number) - (this.#green[cell] as number)) > litDifferently) changed++
    return changed * 2 > green.length
  }
}
