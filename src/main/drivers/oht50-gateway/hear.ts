/** What a client says on its socket, as messages with meaning. Pure, tolerant, never throws. */
import { readJson } from '../../io/json.ts'
import { type Asked, readCommand } from './command-words.ts'
import { type Fields, fieldsIn, isFields, textIn } from './fields.ts'
import { isTopic, type Topic } from './topics.ts'

export interface Choice {
  readonly is: 'subscribe' | 'unsubscribe'
  readonly topics: readonly Topic[]
  readonly unknown: readonly string[]
  /** Undefined: as before; null: every vehicle. */
  readonly vehicle: string | null | undefined
  /** By the name the deployed relay of the vehicle's backend knows. */
  readonly subscription: string | null
}

export type Heard =
  | { readonly is: 'ping'; readonly timestamp: string | number | null }
  /** Polite, and nothing to answer. */
  | { readonly is: 'courtesy' }
  | { readonly is: 'auth'; readonly token: string }
  | Choice
  | Asked
  | { readonly is: 'unknown'; readonly type: string }
  | { readonly is: 'bad'; readonly reason: string }

const mostTopics = 50

/** What the backend of the deployed vehicles asks for. */
const subscriptions: Readonly<Record<string, readonly Topic[]>> = {
  rs485_telemetry: ['telemetry', 'modules', 'status', 'system_status', 'module_discovered'],
}

function bad(reason: string): Heard {
  return { is: 'bad', reason }
}

function choice(is: Choice['is'], message: Fields): Heard {
  const data = fieldsIn(message, 'data') ?? message
  const subscription = textIn(data, 'subscription', 64)
  const listed = subscription === null ? (data.types ?? data.type_list) : subscriptions[subscription]
  if (subscription !== null && listed === undefined)
    return bad(`there is no subscription ${subscription}: use rs485_telemetry, or types`)
  if (!Array.isArray(listed)) return bad(`${is} needs data.types, a list of names`)
  const names = listed.filter((name) => typeof name === 'string')
  if (names.length !== listed.length || names.length === 0 || names.length > mostTopics)
    return bad(`types is a list of 1 to ${mostTopics} names`)
  const said = data.vehicle ?? data.vehicle_id
  if (said !== undefined && said !== null && typeof said !== 'string')
    return bad('vehicle is a name, or null')
  const vehicle = 'vehicle' in data || 'vehicle_id' in data ? (said ?? null) : undefined
  const unique = [...new Set(names)]
  return {
    is,
    topics: unique.filter(isTopic),
    unknown: unique.filter((name) => !isTopic(name)).map((name) => name.slice(0, 64)),
    vehicle: typeof vehicle === 'string' ? vehicle.trim().slice(0, 60) : vehicle,
    subscription,
  }
}

function ping(message: Fields): Heard {
  const timestamp = message.timestamp ?? null
  if (timestamp === null || typeof timestamp === 'number') return { is: 'ping', timestamp }
  const fits = typeof timestamp === 'string' && timestamp.length <= 64
  return fits ? { is: 'ping', timestamp } : bad('a ping carries its time as a short text or a number')
}

function auth(message: Fields): Heard {
  const { token } = message.token === undefined ? (fieldsIn(message, 'data') ?? {}) : message
  // What is no text is no token either, and is refused as a wrong one.
  return { is: 'auth', token: typeof token === 'string' ? token : '' }
}

function heardIn(message: Fields): Heard {
  const { type } = message
  switch (type) {
    case 'ping':
      return ping(message)
    case 'pong':
    case 'heartbeat':
      return { is: 'courtesy' }
    case 'auth':
      return auth(message)
    case 'subscribe':
    case 'unsubscribe':
      return choice(type, message)
    case 'commands':
    case 'command':
      return readCommand(message)
    default:
      return typeof type === 'string'
        ? { is: 'unknown', type: type.slice(0, 64) }
        : bad('the message has no type')
  }
}

/** `text` is what it looked like, empty when it was no text. */
export function hear(bytes: Buffer, isBinary: boolean): { readonly heard: Heard; readonly text: string } {
  if (isBinary) return { heard: bad('messages are text'), text: '' }
  const read = readJson(bytes)
  if (!read.ok) return { heard: bad(read.message), text: '' }
  const { value, text } = read
  return { heard: isFields(value) ? heardIn(value) : bad('a message is a JSON object'), text }
}
