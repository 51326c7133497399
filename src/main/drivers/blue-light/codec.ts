/** Bytes of the blue-light protocol to messages: three dialects, a tolerant reader. Pure: no clock, no sockets. */
import { z } from 'zod'
import { type JsonRead, readJson } from '../../io/json.ts'
import { readInstant } from '../../io/times.ts'
import { readAlert } from './alert-payload.ts'
import type { Dialect, Envelope, Message, StatusMessage } from './message.ts'

/** Everything but pictures fits easily; more is a mistake or an attack. */
export const longestControlBytes = 10 * 1024

/** Optional fields: a wrong one is as good as none, and never costs the message. */
function lenient<S extends z.ZodType>(schema: S) {
  return schema.optional().catch(undefined)
}

const share = lenient(z.number().min(0).max(1))
const words = lenient(z.string().max(256))
const flag = lenient(z.boolean())
const strings = z.array(z.string().max(128)).max(64).catch([])

const RegisterPayload = z.object({ mode: words, capabilities: strings, location: words, version: words })

const SettingsPayload = z.object({
  blueSensitivity: share,
  pushAlertsEnabled: flag,
  targetDevices: strings,
  version: lenient(z.number().int().min(0)),
})

const AckPayload = z.object({ status: words, deviceId: words })

type Fields = Readonly<Record<string, unknown>>

function isFields(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

const nothing: Fields = {}
const channelPrefix = 'blue_light_monitor_'
const control = /[\u0000-\u001f\u007f-\u009f\u200b-\u200f\u2028-\u202e\u2066-\u2069\ufeff]/g

/** Needs none of the cleaning below. */
const plain = /^[!-~](?:[ -~]*[!-~])?$/

/** An id must survive being a key, a file of log lines and a screen: printable, trimmed, at most 128 characters. */
function readId(value: unknown): string | null {
  if (typeof value !== 'string' || value.length === 0 || value.length > 128) return null
  if (plain.test(value)) return value
  const id = value.replace(control, '').trim().normalize('NFC')
  return id === '' ? null : id
}

function readName(value: unknown): string | null {
  if (typeof value !== 'string') return null
  if (value.length <= 256 && plain.test(value)) return value
  const name = value.slice(0, 256).replace(control, '').trim().normalize('NFC')
  return name === '' ? null : name
}

function readEnvelope(fields: Fields, payload: Fields, dialect: Dialect): Envelope | null {
  const deviceId = readId(fields.deviceId)
  if (deviceId === null) return null
  const { timestamp } = fields
  const written = typeof timestamp === 'number' || typeof timestamp === 'string' ? timestamp : null
  return {
    deviceId,
    deviceName: readName(fields.deviceName),
    dialect,
    at: readInstant(timestamp),
    timestamp: typeof written === 'string' ? written.slice(0, 64) : written,
    messageId: readId(fields.messageId) ?? readId(payload.messageId),
    group: readId(fields.groupId) ?? readId(payload.groupId),
    replay: fields.replay === true || payload.replay === true,
  }
}

function bad(code: string, message: string): Message {
  return { is: 'bad', code, message }
}

function readJoin(fields: Fields): Message {
  const channel = readId(fields.channel)
  if (channel === null) return bad('bad-channel', 'join_channel needs a channel')
  const group = channel.startsWith(channelPrefix) ? channel.slice(channelPrefix.length) : channel
  return { is: 'join', deviceId: readId(fields.deviceId), group }
}

/** The newest name of each type; `flat` ones carry their fields beside the type (dialect C). */
const types: Readonly<
  Record<string, { readonly as: string; readonly dialect: Dialect; readonly flat?: true }>
> = Object.assign(Object.create(null), {
  deviceRegister: { as: 'register', dialect: 'a' },
  blueAlert: { as: 'alert', dialect: 'a' },
  heartbeat: { as: 'heartbeat', dialect: 'a' },
  deviceStatus: { as: 'status', dialect: 'a' },
  settings: { as: 'settings', dialect: 'a' },
  alertAck: { as: 'ack', dialect: 'a' },
  statusUpdate: { as: 'status', dialect: 'b' },
  settingsSync: { as: 'settings', dialect: 'b' },
  customerWaiting: { as: 'alert', dialect: 'b' },
  blue_light_alert: { as: 'alert', dialect: 'c', flat: true },
  device_register: { as: 'register', dialect: 'c', flat: true },
})

function asShare(value: unknown): number | undefined {
  return typeof value === 'number' && value >= 0 && value <= 1 ? value : undefined
}

/** Nearly all traffic is this, so it is read by hand: a schema would cost as much as the parsing. */
function readStatus(is: StatusMessage['is'], envelope: Envelope, payload: Fields): StatusMessage {
  const { isMonitoring, location } = payload
  return {
    is,
    deviceId: envelope.deviceId,
    deviceName: envelope.deviceName,
    dialect: envelope.dialect,
    at: envelope.at,
    timestamp: envelope.timestamp,
    messageId: envelope.messageId,
    group: envelope.group,
    replay: envelope.replay,
    isMonitoring: typeof isMonitoring === 'boolean' ? isMonitoring : undefined,
    blueIntensity: asShare(payload.blueIntensity),
    batteryLevel: asShare(payload.batteryLevel),
    signalStrength: asShare(payload.signalStrength),
    location: typeof location === 'string' && location.length <= 256 ? location : undefined,
  }
}

function fill(as: string, envelope: Envelope, payload: Fields): Message {
  switch (as) {
    case 'heartbeat':
    case 'status':
      return readStatus(as, envelope, payload)
    case 'alert':
      return { is: 'alert', ...envelope, ...readAlert(payload) }
    case 'register': {
      const { mode, capabilities, location, version } = RegisterPayload.parse(payload)
      const role = mode === 'monitor' ? 'monitor' : 'cctv'
      return {
        is: 'register',
        ...envelope,
        role,
        capabilities,
        location: location ?? null,
        version: version ?? null,
      }
    }
    case 'settings':
      return { is: 'settings', ...envelope, ...SettingsPayload.parse(payload) }
    default: {
      const { status, deviceId } = AckPayload.parse(payload)
      return { is: 'ack', ...envelope, status: status ?? '', target: readId(deviceId) }
    }
  }
}

function readFields(fields: Fields): Message {
  if (fields.action === 'join_channel') return readJoin(fields)
  const name = fields.type
  if (typeof name !== 'string') return bad('no-type', 'the message has no type')
  const type = types[name]
  if (type === undefined) return { is: 'unknown', type: name.slice(0, 64) }
  const nested = isFields(fields.payload) ? fields.payload : nothing
  // Dialect C writes its heartbeat flat as well.
  const flat = type.flat === true || (name === 'heartbeat' && fields.payload === undefined)
  const envelope = readEnvelope(fields, nested, flat ? 'c' : type.dialect)
  if (envelope === null) return bad('no-device-id', `${name} needs a deviceId`)
  return fill(type.as, envelope, flat ? fields : nested)
}

export interface Decoded {
  readonly message: Message
  /** The text as it came; empty when it was not even text. */
  readonly text: string
  readonly value: unknown
}

function decodeRead(read: JsonRead): Decoded {
  if (!read.ok) return { message: bad(read.trouble, read.message), text: '', value: null }
  const { value, text } = read
  if (!isFields(value)) return { message: bad('not-an-object', 'a message is a JSON object'), text, value }
  return { message: readFields(value), text, value }
}

/** Never throws. */
export function decode(bytes: Buffer, isBinary = false): Decoded {
  if (isBinary) return { message: bad('binary', 'messages are text'), text: '', value: null }
  const decoded = decodeRead(readJson(bytes))
  if (bytes.length <= longestControlBytes) return decoded
  const { message } = decoded
  const picture = message.is === 'alert' ? (message.imageData?.length ?? 0) : 0
  if (bytes.length - picture <= longestControlBytes) return decoded
  return { ...decoded, message: bad('too-large', `at most ${longestControlBytes} bytes beside the picture`) }
}

function withoutPicture(value: unknown): unknown {
  if (!isFields(value)) return value
  const copy: Record<string, unknown> = { ...value }
  for (const [key, item] of Object.entries(value)) {
    if (key === 'imageData' && typeof item === 'string')
      copy[key] = `<picture ${Math.floor((item.length * 3) / 4)} bytes>`
    else if (key === 'payload') copy[key] = withoutPicture(item)
  }
  return copy
}

/** The message as text with the picture as its size, at most `longest` characters. */
export function textOf(decoded: Decoded, longest: number): string {
  const { text, value } = decoded
  const shown = text.includes('"imageData"') ? JSON.stringify(withoutPicture(value)) : text
  return shown.length > longest ? shown.slice(0, longest) : shown
}
