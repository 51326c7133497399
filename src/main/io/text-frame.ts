/** Whole WebSocket text frames as a server sends them (RFC 6455 §5.2, not masked), made once for any number of sockets. */

const textOpcode = 0x81

export function textFrame(text: string): Buffer {
  const length = Buffer.byteLength(text)
  const at = length < 126 ? 2 : length < 65_536 ? 4 : 10
  const frame = Buffer.allocUnsafe(at + length)
  frame[0] = textOpcode
  if (length < 126) frame[1] = length
  else if (length < 65_536) {
    frame[1] = 126
    frame.writeUInt16BE(length, 2)
  } else {
    frame[1] = 127
    frame.writeBigUInt64BE(BigInt(length), 2)
  }
  frame.write(text, at)
  return frame
}

/** The text of a frame made above. */
export function textOfFrame(frame: Buffer): string {
  const kind = frame[1] ?? 0
  return frame.toString('utf8', kind < 126 ? 2 : kind === 126 ? 4 : 10)
}
