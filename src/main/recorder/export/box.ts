/** Boxes of ISO/IEC 14496-12 (4.2): a length, four letters, what is in it. All numbers are big-endian. */

export function box(type: string, ...parts: readonly Uint8Array[]): Buffer {
  const length = parts.reduce((sum, part) => sum + part.length, 8)
  return Buffer.concat([u32(length), Buffer.from(type, 'latin1'), ...parts], length)
}

/** With the version and flags most boxes begin with. */
export function fullBox(
  type: string,
  version: number,
  flags: number,
  ...parts: readonly Uint8Array[]
): Buffer {
  return box(type, u32(version * 0x1000000 + flags), ...parts)
}

export function u8(...values: readonly number[]): Buffer {
  return Buffer.from(values)
}

export function u16(...values: readonly number[]): Buffer {
  const bytes = Buffer.alloc(values.length * 2)
  for (const [place, value] of values.entries()) bytes.writeUInt16BE(value, place * 2)
  return bytes
}

/** Also of a negative number, as two's complement. */
export function u32(...values: readonly number[]): Buffer {
  return u32s(values)
}

export function u32s(values: readonly number[]): Buffer {
  const bytes = Buffer.alloc(values.length * 4)
  for (const [place, value] of values.entries()) bytes.writeUInt32BE(value >>> 0, place * 4)
  return bytes
}

export function u64s(values: readonly number[]): Buffer {
  const bytes = Buffer.alloc(values.length * 8)
  for (const [place, value] of values.entries()) bytes.writeBigUInt64BE(BigInt(value), place * 8)
  return bytes
}
