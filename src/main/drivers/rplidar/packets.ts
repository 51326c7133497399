/**
 * Requests and answers of RPLIDARs, from Slamtec's "Interface Protocol and Application Notes" (A series rev 1.1, v2.1; S1 v1.x; the sections are the
 * same): requests §2 "Request Packets' Format", answers §2 "Response Packets' Format", each command in §4.
 */

/** §4. `scan` (0x20) waits for the motor's speed, `force-scan` (0x21) does not. */
const commands = {
  stop: 0x25,
  reset: 0x40,
  scan: 0x20,
  'force-scan': 0x21,
  'express-scan': 0x82,
  info: 0x50,
  health: 0x52,
  'sample-rate': 0x59,
} as const
export type Command = keyof typeof commands

/** A request: 0xA5, the command, and for those with a payload (bit 7 set) its size, itself and the XOR of all bytes before. */
export function request(command: Command): Uint8Array {
  const code = commands[command]
  if (command !== 'express-scan') return Uint8Array.of(0xa5, code)
  // Working mode 0: the capsules every model knows; four reserved bytes.
  const bytes = [0xa5, code, 5, 0, 0, 0, 0, 0]
  return Uint8Array.from([...bytes, bytes.reduce((sum, byte) => sum ^ byte, 0)])
}

/** What announces an answer: A5 5A, 30 bits of length, 2 bits saying whether it comes once or again and again, the kind of data. */
export interface Descriptor {
  readonly bytes: number
  readonly repeats: boolean
  readonly kind: number
}

export const descriptorBytes = 7

export const answers = {
  info: { bytes: 20, repeats: false, kind: 0x04 },
  health: { bytes: 3, repeats: false, kind: 0x06 },
  'sample-rate': { bytes: 4, repeats: false, kind: 0x15 },
  scan: { bytes: 5, repeats: true, kind: 0x81 },
  'force-scan': { bytes: 5, repeats: true, kind: 0x81 },
  'express-scan': { bytes: 84, repeats: true, kind: 0x82 },
} as const satisfies Partial<Record<Command, Descriptor>>

/** Null when there is none at `at`. */
export function descriptorAt(bytes: Uint8Array, at: number): Descriptor | null {
  if (bytes.length - at < descriptorBytes || bytes[at] !== 0xa5 || bytes[at + 1] !== 0x5a) return null
  const view = new DataView(bytes.buffer, bytes.byteOffset + at)
  const size = view.getUint32(2, true)
  const mode = size >>> 30
  if (mode > 1) return null
  return { bytes: size & 0x3fff_ffff, repeats: mode === 1, kind: view.getUint8(6) }
}

export function isSame(one: Descriptor, other: Descriptor): boolean {
  return one.bytes === other.bytes && one.repeats === other.repeats && one.kind === other.kind
}

export interface Info {
  /** `RPLIDAR C1M1` */
  readonly model: string
  /** `1.2` */
  readonly firmware: string
  readonly hardware: number
  /** 32 hex digits. */
  readonly serialNumber: string
}

/** The first model number of each series, from Slamtec's SDK; the lower half of the byte is the variant. */
const series = [
  { from: 6, letter: 'S', less: 5 },
  { from: 4, letter: 'C', less: 3 },
  { from: 1, letter: 'A', less: 0 },
]

function modelName(model: number): string {
  const major = model >> 4
  const found = major > 8 ? undefined : series.find(({ from }) => major >= from)
  const name = found === undefined ? `model ${model}` : `${found.letter}${major - found.less}M${model & 0xf}`
  return `RPLIDAR ${name}`
}

/** GET_INFO: model, minor and major firmware version, hardware version, 16 bytes of serial number. */
export function readInfo(bytes: Uint8Array): Info {
  const [model = 0, minor = 0, major = 0, hardware = 0] = bytes
  const serialNumber = Buffer.from(bytes.subarray(4, 20)).toString('hex').toUpperCase()
  return {
    model: modelName(model),
    firmware: `${major}.${String(minor).padStart(2, '0')}`,
    hardware,
    serialNumber,
  }
}

export interface Health {
  readonly health: 'good' | 'warning' | 'error'
  readonly code: number
}

/** GET_HEALTH: 0 good, 1 warning, 2 error (Protection Stop), and a code. Null for a status the document does not know. */
export function readHealth(bytes: Uint8Array): Health | null {
  const health = (['good', 'warning', 'error'] as const)[bytes[0] ?? 3]
  return health === undefined ? null : { health, code: (bytes[1] ?? 0) | ((bytes[2] ?? 0) << 8) }
}

/** GET_SAMPLERATE: microseconds per measurement, in each mode. */
export function readSampleRate(bytes: Uint8Array): {
  readonly standardUs: number
  readonly expressUs: number
} {
  const [a = 0, b = 0, c = 0, d = 0] = bytes
  return { standardUs: a | (b << 8), expressUs: c | (d << 8) }
}
