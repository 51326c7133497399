/** Times of a serial line (Modbus over Serial Line v1.02 §2.5.1.1): a character is eleven bits, a frame ends with 3.5 characters of silence. */

const bitsPerCharacter = 11

/** The silence that ends a frame, ms: 3.5 characters, and 1.75 ms above 19200 baud. */
export function silentIntervalMs(baudRate: number): number {
  return baudRate > 19_200 ? 1.75 : (3.5 * bitsPerCharacter * 1000) / baudRate
}

/** How long `count` bytes are on the wire, ms. */
export function wireMs(count: number, baudRate: number): number {
  return (count * bitsPerCharacter * 1000) / baudRate
}
