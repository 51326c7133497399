/** Reads JSON that a stranger sent: UTF-8, depth, duplicate and dangerous keys are checked before anybody uses the value. */
import { isUtf8 } from 'node:buffer'

export type JsonTrouble = 'bad-utf8' | 'bad-json' | 'too-deep' | 'duplicate-key' | 'forbidden-key'

export type JsonRead =
  | { readonly ok: true; readonly value: unknown; readonly text: string }
  | { readonly ok: false; readonly trouble: JsonTrouble; readonly message: string }

export const deepestJson = 32

const quote = 0x22
const backslash = 0x5c
const colon = 0x3a
/** Below this many characters a loop beats the call into native code. */
const longString = 96

/** Where the string that starts after `from` ends, or the length when it never does. */
function endOfString(text: string, from: number): number {
  let at = from
  const near = Math.min(text.length, from + longString)
  for (; at < near; at += 1) {
    const code = text.charCodeAt(at)
    if (code === quote) return at
    if (code === backslash) at += 1
  }
  // A picture is a million characters: let native code look for its end.
  for (;;) {
    const end = text.indexOf('"', at)
    if (end < 0) return text.length
    let slashes = 0
    while (end - 1 - slashes >= at && text.charCodeAt(end - 1 - slashes) === backslash) slashes += 1
    if (slashes % 2 === 0) return end
    at = end + 1
  }
}

/** Colons outside strings: one per key. -1 when nested deeper than `limit`. */
function countKeys(text: string, limit: number): number {
  let depth = 0
  let keys = 0
  for (let at = 0; at < text.length; at += 1) {
    const code = text.charCodeAt(at)
    if (code === quote) at = endOfString(text, at + 1)
    else if (code === colon) keys += 1
    // `{` and `[` differ only in bit 0x20, and so do `}` and `]`.
    else if ((code | 0x20) === 0x7b) {
      depth += 1
      if (depth > limit) return -1
    } else if ((code | 0x20) === 0x7d) depth -= 1
  }
  return keys
}

function isRecord(value: object): value is Record<string, unknown> {
  return !Array.isArray(value)
}

/** Own keys in the whole value, or -1 when one of them is a way to a prototype. */
function ownKeys(value: unknown): number {
  if (typeof value !== 'object' || value === null) return 0
  let count = 0
  if (!isRecord(value)) {
    for (const item of Object.values(value)) {
      const inner = ownKeys(item)
      if (inner < 0) return -1
      count += inner
    }
    return count
  }
  // What JSON.parse made has only own keys; for-in walks them without making a list.
  for (const key in value) {
    if (key === '__proto__' || key === 'constructor' || key === 'prototype') return -1
    count += 1
    const item = value[key]
    if (typeof item === 'object' && item !== null) {
      const inner = ownKeys(item)
      if (inner < 0) return -1
      count += inner
    }
  }
  return count
}

function trouble(kind: JsonTrouble, message: string): JsonRead {
  return { ok: false, trouble: kind, message }
}

/**
 * The depth is counted before parsing because `[` × 5,000 parses, and then breaks whatever walks or clones it.
 * JSON.parse keeps the last of two equal keys in silence; fewer keys in the value than in the text give it away.
 */
export function readJson(bytes: Buffer, deepest: number = deepestJson): JsonRead {
  if (!isUtf8(bytes)) return trouble('bad-utf8', 'not valid UTF-8')
  const text = bytes.toString('utf8')
  const keys = countKeys(text, deepest)
  if (keys < 0) return trouble('too-deep', `nested deeper than ${deepest}`)
  let value: unknown
  try {
    value = JSON.parse(text)
  } catch {
    return trouble('bad-json', 'not JSON')
  }
  const own = ownKeys(value)
  if (own < 0) return trouble('forbidden-key', 'uses a reserved key name')
  if (own !== keys) return trouble('duplicate-key', 'repeats a key')
  return { ok: true, value, text }
}
