/** A byte stream of H.264 (Annex B) with access unit delimiters into the NAL units of its pictures, however it is split. */

const longestUnitBytes = 4 * 1024 * 1024
const startCode = Buffer.from([0, 0, 1])
const delimiter = 9

export class AnnexBSplitter {
  #held = Buffer.alloc(0)
  /** Where to look on: what is before it was searched. */
  #searched = 0

  /** Each picture that is whole, as its NAL units without start codes and delimiters. */
  push(chunk: Buffer): Buffer[][] {
    this.#held = Buffer.concat([this.#held, chunk])
    const pictures: Buffer[][] = []
    for (;;) {
      const at = this.#held.indexOf(startCode, this.#searched)
      if (at < 0 || at + 3 >= this.#held.length) {
        this.#searched = Math.max(0, at < 0 ? this.#held.length - 2 : at)
        break
      }
      this.#searched = at + 3
      if (((this.#held[at + 3] ?? 0) & 31) !== delimiter) continue
      const units = unitsOf(this.#held.subarray(0, at))
      if (units.length > 0) pictures.push(units)
      this.#held = this.#held.subarray(at)
      this.#searched = 3
    }
    if (this.#held.length > longestUnitBytes) {
      this.#held = Buffer.alloc(0)
      this.#searched = 0
    }
    return pictures
  }
}

/** Whole NAL units, without the zeros that fill up between them. */
export function unitsOf(bytes: Buffer): Buffer[] {
  const units: Buffer[] = []
  let start = bytes.indexOf(startCode)
  while (start >= 0) {
    const next = bytes.indexOf(startCode, start + 3)
    let end = next < 0 ? bytes.length : next
    while (end > start + 3 && bytes[end - 1] === 0) end -= 1
    const unit = bytes.subarray(start + 3, end)
    if (unit.length > 0 && ((unit[0] ?? 0) & 31) !== delimiter) units.push(unit)
    start = next
  }
  return units
}
