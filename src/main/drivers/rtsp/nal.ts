/** What a codec's RTP payloads carry, and what its NAL units are for: the part in which H.264 and H.265 differ. */

export type Carried =
  | { readonly is: 'units'; readonly units: readonly Buffer[] }
  | {
      readonly is: 'fragment'
      readonly first: boolean
      readonly last: boolean
      /** The unit's own header. */
      readonly head: Buffer
      readonly part: Buffer
    }
  /** `unknown`: a kind that was not agreed on; `broken`: it contradicts itself. */
  | { readonly is: 'unknown' }
  | { readonly is: 'broken' }

/**
 * `key`, `picture`: a slice of one. `set`: parameters for what follows. `other`: belongs to the picture. `drop`: says nothing a
 * decoder needs.
 */
export type NalRole = 'key' | 'picture' | 'set' | 'other' | 'drop' | 'broken'

export interface NalCodec {
  carried(payload: Buffer): Carried
  role(unit: Buffer): NalRole
  /** A slice with which a picture begins: what is before it is not missing. */
  isFirstSlice(unit: Buffer): boolean
  /** Sets of the same name replace each other, and go before a key frame in this order. */
  setName(unit: Buffer): string
  /** No key frame can be decoded without a set of each; how their names begin. */
  readonly needed: readonly string[]
}

/** Units behind lengths of two bytes: what STAP-A and AP are made of. Null: a length is wrong. */
export function aggregated(bytes: Buffer): Buffer[] | null {
  const units: Buffer[] = []
  for (let at = 0; at < bytes.length; ) {
    if (at + 2 > bytes.length) return null
    const length = bytes.readUInt16BE(at)
    if (length === 0 || at + 2 + length > bytes.length) return null
    units.push(bytes.subarray(at + 2, at + 2 + length))
    at += 2 + length
  }
  return units.length === 0 ? null : units
}
