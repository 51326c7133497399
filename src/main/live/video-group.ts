/** A stream's video since its last key frame: what a new viewer needs to show the picture of now. Bounded; beyond, nothing is kept. */
import type { FrameHeader } from '../../contract/cameras.ts'

/** A frame as every viewer gets it, but for what this one missed. */
export interface Taken {
  readonly header: FrameHeader
  readonly bytes: Uint8Array
}

export const mostGroupBytes = 4 * 1024 * 1024
/** Ten seconds at 30 a second. */
export const mostGroupUnits = 300

export class VideoGroup {
  #units: Taken[] = []
  #bytes = 0
  #hasKey = false

  /** Whether a unit that comes now follows a key frame without a gap. */
  get hasKey(): boolean {
    return this.#hasKey
  }

  /** From the key frame on without a gap, or nothing: before the first, or when there is more than is kept. */
  get units(): readonly Taken[] {
    return this.#units
  }

  add(taken: Taken, isKey: boolean): void {
    if (isKey) {
      this.clear()
      this.#hasKey = true
    } else if (this.#units.length === 0) return
    this.#units.push(taken)
    this.#bytes += taken.bytes.length
    if (this.#units.length <= mostGroupUnits && this.#bytes <= mostGroupBytes) return
    this.#units = []
    this.#bytes = 0
  }

  clear(): void {
    this.#units = []
    this.#bytes = 0
    this.#hasKey = false
  }
}
