/** What the surfaces of a page have in common. */
import type { Surface } from './painter.ts'

/** A surface of the page, until it is closed. */
export interface PageSurface<P> extends Surface<P> {
  close(): void
}

/** A Blob or a decoder takes no shared memory; our pipes never deliver any, so this copies nothing. */
export function plain(bytes: Uint8Array): Uint8Array<ArrayBuffer> {
  return bytes.buffer instanceof ArrayBuffer
    ? new Uint8Array(bytes.buffer, bytes.byteOffset, bytes.byteLength)
    : new Uint8Array(bytes)
}
