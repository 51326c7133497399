/** What a dashboard says on its socket, as messages with meaning. Pure, tolerant, never throws. */
import { readJson } from '../../../io/json.ts'
import { countIn, type Fields, isFields, listIn, textIn } from '../fields.ts'

/** What can be asked for. `notification` always comes and is not on the list. */
export const topics = [
  'statistics_update',
  'camera_event',
  'alert',
  'alert_update',
  'presence',
  'video_frame',
] as const
export type Topic = (typeof topics)[number]

/** What a dashboard gets that asked for nothing: all the document knows. */
export const firstTopics: readonly Topic[] = ['statistics_update', 'camera_event', 'alert']

export interface Choice {
  readonly is: 'subscribe' | 'unsubscribe'
  readonly topics: readonly Topic[]
  readonly unknown: readonly string[]
  /** Null: every camera. */
  readonly cameras: readonly string[] | null
}

export type Heard =
  | { readonly is: 'ping'; readonly timestamp: string | number | null }
  | Choice
  | {
      readonly is: 'broadcast'
      readonly text: string
      readonly to: { readonly userId: number } | { readonly user: string } | null
    }
  | { readonly is: 'unknown'; readonly type: string }
  | { readonly is: 'bad'; readonly reason: string }

const mostTopics = 50
const mostCameras = 256

function bad(reason: string): Heard {
  return { is: 'bad', reason }
}

function isTopic(name: string): name is Topic {
  return topics.some((topic) => topic === name)
}

function choice(is: Choice['is'], message: Fields): Heard {
  if (!Array.isArray(message.event_types)) return bad(`${is} needs event_types, a list of names`)
  const named = listIn(message, 'event_types').filter((name) => typeof name === 'string')
  if (named.length !== message.event_types.length || named.length === 0 || named.length > mostTopics)
    return bad(`event_types is a list of 1 to ${mostTopics} names`)
  const cameras = camerasIn(message)
  if (cameras === undefined) return bad(`camera_ids is a list of at most ${mostCameras} ids`)
  const unique = [...new Set(named)]
  const unknown = unique.filter((name) => !isTopic(name)).map((name) => name.slice(0, 64))
  return { is, topics: unique.filter(isTopic), unknown, cameras }
}

/** The document's ids are numbers, the deployed server's are text. Undefined: it makes no sense. */
function camerasIn(message: Fields): readonly string[] | null | undefined {
  const said = message.camera_ids
  if (said === undefined || said === null) return null
  if (!Array.isArray(said) || said.length > mostCameras) return undefined
  const ids = said.filter((id) => typeof id === 'string' || Number.isSafeInteger(id))
  if (ids.length !== said.length) return undefined
  return [...new Set(ids.map((id) => String(id).slice(0, 200)))]
}

function broadcast(message: Fields): Heard {
  const text = textIn(message, 'message', 1000)
  if (text === null) return bad('broadcast needs a message')
  const { user_id: id, username } = message
  if (id !== undefined && id !== null) {
    const userId = countIn(message, 'user_id')
    return userId === null ? bad('user_id is a number') : { is: 'broadcast', text, to: { userId } }
  }
  if (username === undefined || username === null) return { is: 'broadcast', text, to: null }
  const user = textIn(message, 'username', 200)
  return user === null ? bad('username is text') : { is: 'broadcast', text, to: { user } }
}

function ping({ timestamp }: Fields): Heard {
  if (timestamp === undefined || timestamp === null) return { is: 'ping', timestamp: null }
  const fits = typeof timestamp === 'number' || (typeof timestamp === 'string' && timestamp.length <= 64)
  return fits ? { is: 'ping', timestamp } : bad('a ping carries its time as a short text or a number')
}

export function hear(bytes: Buffer, isBinary: boolean): { readonly heard: Heard; readonly text: string } {
  if (isBinary) return { heard: bad('messages are text'), text: '' }
  const read = readJson(bytes)
  if (!read.ok) return { heard: bad(read.message), text: '' }
  const { value, text } = read
  return { heard: isFields(value) ? heardIn(value) : bad('a message is a JSON object'), text }
}

function heardIn(message: Fields): Heard {
  const { type } = message
  switch (type) {
    case 'ping':
      return ping(message)
    case 'subscribe':
    case 'unsubscribe':
      return choice(type, message)
    case 'broadcast':
      return broadcast(message)
    default:
      return typeof type === 'string'
        ? { is: 'unknown', type: type.slice(0, 64) }
        : bad('the message has no type')
  }
}
