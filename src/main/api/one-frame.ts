/** A feed of one frame: how a call answers with bytes. */
import type { OpenFeed } from '../../rpc/handlers.ts'

export function oneFrame<H>(header: H, bytes: Uint8Array): OpenFeed<H> {
  let left: Uint8Array | null = bytes
  return {
    take() {
      if (left === null) return null
      const frame = { header, bytes: left }
      left = null
      return frame
    },
    close() {
      left = null
    },
  }
}
