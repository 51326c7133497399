/** Modbus RTU as a slave speaks it, written apart from the app's: a checksum bit by bit, requests as numbers. */

export function checksum(bytes: Uint8Array): number {
  let crc = 0xffff
  for (const byte of bytes) {
    crc ^= byte
    for (let bit = 0; bit < 8; bit++) crc = crc & 1 ? (crc >> 1) ^ 0xa001 : crc >> 1
  }
  return crc
}

/** With its checksum. */
export function framed(...bytes: readonly number[]): Buffer {
  const crc = checksum(Uint8Array.from(bytes))
  return Buffer.from([...bytes, crc & 0xff, crc >> 8])
}

export interface Asked {
  readonly unit: number
  readonly fn: number
  readonly address: number
  /** Of single writes the value. */
  readonly quantity: number
  readonly frame: Buffer
}

/** Splits what a master wrote into its requests; `null` while the first is not whole. Throws where the bytes are no request. */
export function takeRequest(bytes: Buffer): { asked: Asked; rest: Buffer } | null {
  if (bytes.length < 8) return null
  const fn = bytes.readUInt8(1)
  const length = fn === 15 || fn === 16 ? 9 + bytes.readUInt8(6) : 8
  if (bytes.length < length) return null
  const frame = bytes.subarray(0, length)
  if (checksum(frame.subarray(0, length - 2)) !== frame.readUInt16LE(length - 2))
    throw new Error(`no request: ${bytes.toString('hex')}`)
  const asked = {
    unit: frame.readUInt8(0),
    fn,
    address: frame.readUInt16BE(2),
    quantity: frame.readUInt16BE(4),
    frame,
  }
  return { asked, rest: bytes.subarray(length) }
}

/** The right answer: word at address a of unit u is `wordAt(u, a)`, bit at a its lowest bit. Writes are accepted. */
export function rightAnswer({ unit, fn, address, quantity, frame }: Asked): Buffer {
  if (fn === 3 || fn === 4) {
    const words = Array.from({ length: quantity }, (_, n) => wordAt(unit, address + n))
    return framed(unit, fn, 2 * quantity, ...words.flatMap((word) => [word >> 8, word & 0xff]))
  }
  if (fn === 1 || fn === 2) {
    const packed = new Array<number>(Math.ceil(quantity / 8)).fill(0)
    for (let n = 0; n < quantity; n++)
      packed[n >> 3] = (packed[n >> 3] ?? 0) | ((wordAt(unit, address + n) & 1) << (n & 7))
    return framed(unit, fn, packed.length, ...packed)
  }
  return fn === 15 || fn === 16 ? framed(...frame.subarray(0, 6)) : Buffer.from(frame)
}

/** Differs between units and between addresses next to each other. */
export function wordAt(unit: number, address: number): number {
  return (address * 40_503 + unit * 257 + 77) & 0xffff
}
