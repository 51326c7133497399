/** JSON from the other side, looked at as text before it is parsed: size, depth, and the one key that changes prototypes. */

/** What is wrong with a message, and the RFC 6455 code its pipe is closed with. */
export class FrameError extends Error {
  override readonly name = 'FrameError'
  readonly code: 1002 | 1003 | 1007 | 1008 | 1009

  constructor(code: 1002 | 1003 | 1007 | 1008 | 1009, message: string) {
    super(message)
    this.code = code
  }
}

const quote = 0x22
const backslash = 0x5c
const encoder = new TextEncoder()

/** UTF-8 size; encodes only where the length alone does not decide. */
export function fitsIn(text: string, limitBytes: number): boolean {
  if (text.length > limitBytes) return false
  return text.length * 3 <= limitBytes || encoder.encode(text).length <= limitBytes
}

/** `[` × 5,000 parses, and then structuredClone and JSON.stringify throw far from here: so depth is counted first. */
function deeperThan(text: string, limit: number): boolean {
  let depth = 0
  for (let at = 0; at < text.length; at++) {
    const code = text.charCodeAt(at)
    if (code === quote) {
      at = endOfString(text, at)
    } else if (code === 0x5b || code === 0x7b) {
      depth++
      if (depth > limit) return true
    } else if (code === 0x5d || code === 0x7d) {
      depth--
    }
  }
  return false
}

/** Where the string that opens at `start` closes. indexOf runs at memory speed, and strings are most of a message. */
function endOfString(text: string, start: number): number {
  let end = start
  for (;;) {
    end = text.indexOf('"', end + 1)
    if (end === -1) return text.length
    let slashes = 0
    while (text.charCodeAt(end - 1 - slashes) === backslash) slashes++
    if (slashes % 2 === 0) return end
  }
}

function hasProtoKey(value: unknown): boolean {
  if (typeof value !== 'object' || value === null) return false
  if (Array.isArray(value)) return value.some(hasProtoKey)
  return Object.hasOwn(value, '__proto__') || Object.values(value).some(hasProtoKey)
}

export function parseJson(text: string, limitBytes: number, limitDepth: number): unknown {
  if (!fitsIn(text, limitBytes)) throw new FrameError(1009, `message over ${limitBytes} bytes`)
  if (deeperThan(text, limitDepth)) throw new FrameError(1008, `JSON deeper than ${limitDepth}`)
  const value = parsed(text)
  // The key can also be spelt with escapes; only a text that could hold it is walked.
  if ((text.includes('__proto__') || text.includes('\\u')) && hasProtoKey(value)) {
    throw new FrameError(1008, 'the key __proto__ is not accepted')
  }
  return value
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    throw new FrameError(1007, 'not JSON')
  }
}
