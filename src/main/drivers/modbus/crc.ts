/** CRC-16/MODBUS: reflected polynomial 0xA001, start 0xFFFF, low byte first on the wire (Modbus over Serial Line v1.02 §6.2.2). */

const table = Uint16Array.from({ length: 256 }, (_, index) => {
  let crc = index
  for (let bit = 0; bit < 8; bit++) crc = (crc & 1) === 1 ? (crc >>> 1) ^ 0xa001 : crc >>> 1
  return crc
})

/** Of the first `length` bytes. */
export function crc16(bytes: Uint8Array, length = bytes.length): number {
  let crc = 0xffff
  for (let at = 0; at < length; at++) crc = (crc >>> 8) ^ (table[(crc ^ (bytes[at] ?? 0)) & 0xff] ?? 0)
  return crc
}

/** Whether the last two bytes are the checksum of those before; false below four bytes, the shortest frame. */
export function crcFits(bytes: Uint8Array): boolean {
  const length = bytes.length - 2
  if (length < 2) return false
  const crc = crc16(bytes, length)
  return bytes[length] === (crc & 0xff) && bytes[length + 1] === crc >>> 8
}

/** Writes the checksum of all but the last two bytes into these. */
export function seal(frame: Uint8Array): Uint8Array {
  const length = frame.length - 2
  const crc = crc16(frame, length)
  frame[length] = crc & 0xff
  frame[length + 1] = crc >>> 8
  return frame
}
