/** What comes over a socket to what it means: the firmware's forms, the backend's, the document's and our own gateway's. Pure; throws nothing. */
import { readJson } from '../../io/json.ts'
import { readInstant } from '../../io/times.ts'
import { isOver, readAlert, readAlerts } from './alerts-read.ts'
import { type Fields, fieldsIn, flagIn, isFields, listIn, noFields, numberIn, textIn } from './fields.ts'
import { readModule, readModules } from './modules-read.ts'
import { isEmpty, readAges, readReadings } from './readings.ts'
import type { Heard, Said } from './said.ts'
import { readScan } from './scan.ts'

const longestType = 60
const mostEvents = 100

const chatter = new Set([
  'ready',
  'heartbeat',
  'ping',
  'pong',
  'hello',
  'welcome',
  'connection_established',
  'subscription_confirmed',
  'unsubscription_confirmed',
  'mapping_started',
  'mapping_stopped',
  'log_level_set',
  'log',
  'logs',
  'recent_logs',
  'system_health',
  'module_config',
  'authenticated',
  'subscribed',
  'unsubscribed',
])

/** The firmware's serializer of September 2025 wrote `// comments` into its JSON. */
const comment = /(?:^|[\s,{[])\/[/*]/

function bad(words: string): Heard {
  return { vehicle: null, said: [{ is: 'bad', words }] }
}

export function readMessage(bytes: Buffer, isBinary: boolean): Heard {
  if (isBinary) return bad('a binary message')
  const read = readJson(bytes)
  if (!read.ok) {
    const isComment = read.trouble === 'bad-json' && comment.test(bytes.toString('utf8', 0, 4096))
    return bad(isComment ? 'not JSON: it has comments in it' : read.message)
  }
  if (!isFields(read.value)) return bad('not an object')
  const data = fieldsIn(read.value, 'data')
  const vehicle = textIn(read.value, 'vehicle_id', 60) ?? (data && textIn(data, 'vehicle_id', 60))
  return { vehicle, said: readTyped(textIn(read.value, 'type', longestType), read.value) }
}

/** An understood message in which there was nothing: the type is known, so it is not unknown. */
function orChatter(type: string, said: readonly (Said | null)[]): readonly Said[] {
  const found = said.filter((one) => one !== null)
  return found.length > 0 ? found : [{ is: 'chatter', type }]
}

function readings(fields: Fields, around: Fields): Said | null {
  const values = readReadings(fields)
  if (isEmpty(values)) return null
  const at = readInstant(fields.timestamp) ?? readInstant(fields.ts) ?? readInstant(around.timestamp)
  const ages = readAges(fields, readInstant(around.timestamp))
  return { is: 'readings', values, at, ...(ages && { ages }) }
}

function readTyped(type: string | null, message: Fields): readonly Said[] {
  const data = fieldsIn(message, 'data') ?? noFields
  switch (type) {
    case null: {
      // The main loop of the firmware names no type: `{"module_addr":2,"timestamp":…,"data":{"status":"active"}}`.
      const module = 'module_addr' in message ? readModule(message) : null
      return [module ?? { is: 'unknown', type: 'without a type' }]
    }
    case 'telemetry':
      // With registers it is of a module, as the relay of the backend expects it; else of the vehicle.
      if ('module_addr' in data || 'registers' in data) return orChatter(type, [readModule(data, message)])
      return orChatter(type, [readings(data, message) ?? readings(message, message)])
    case 'robot_status':
    case 'status':
    case 'system_status':
    case 'status_update':
    case 'status_response':
    case 'telemetry_update':
    case 'map_status': {
      const robot = fieldsIn(data, 'robot') ?? fieldsIn(data, 'robot_status') ?? fieldsIn(data, 'vehicle')
      return orChatter(type, [
        (robot && readings(robot, message)) ?? readings(data, message) ?? readings(message, message),
      ])
    }
    case 'module_telemetry':
    case 'module_health':
    case 'module_status':
    case 'module_discovered':
    case 'module_update':
    case 'module': {
      const module =
        'data' in message && !('module_id' in message) ? readModule(data, message) : readModule(message)
      const found = module !== null && type === 'module_discovered' ? { ...module, online: true } : module
      return orChatter(type, [found])
    }
    case 'modules':
    case 'rs485_initial':
    case 'rs485_modules': {
      const list = listIn(data, 'modules') ?? listIn(message, 'data') ?? listIn(message, 'modules')
      return orChatter(type, list === null ? [] : readModules(list, message))
    }
    case 'lidar':
      return orChatter(type, [readScan(message)])
    case 'alert':
      if (isOver(data)) return [{ is: 'chatter', type }]
      return [{ is: 'alert', alert: readAlert('data' in message ? data : message, message) }]
    case 'alerts':
    case 'active_alerts_update': {
      const list = listIn(data, 'alerts') ?? listIn(message, 'data') ?? listIn(message, 'alerts')
      return list === null ? [{ is: 'chatter', type }] : [{ is: 'alerts', open: readAlerts(list, message) }]
    }
    case 'module_command_result':
    case 'commands':
    case 'command_result':
      return [readResult(message, data)]
    case 'batch':
      return readBatch(message)
    default:
      return [chatter.has(type) ? { is: 'chatter', type } : { is: 'unknown', type }]
  }
}

function readResult(message: Fields, data: Fields): Said {
  const ok = flagIn(data, 'success') ?? flagIn(message, 'success') ?? false
  const words =
    textIn(data, 'message', 300) ?? textIn(message, 'message', 300) ?? textIn(data, 'error', 300) ?? ''
  const id = textIn(data, 'id', 100) ?? textIn(message, 'id', 100) ?? textIn(data, 'command_id', 100)
  return { is: 'result', id, ok, words }
}

/** `{"type":"batch","events":[{"event":"telemetry","data":{…}}]}`: each event as if it had come alone; batches in batches are not. */
function readBatch(message: Fields): readonly Said[] {
  const events = listIn(message, 'events') ?? listIn(fieldsIn(message, 'data') ?? noFields, 'events')
  if (events === null) return [{ is: 'bad', words: 'a batch without events' }]
  return events.slice(0, mostEvents).flatMap((event) => {
    if (!isFields(event)) return [{ is: 'bad', words: 'an event that is no object' } as const]
    const name = textIn(event, 'event', longestType) ?? textIn(event, 'type', longestType)
    const data = fieldsIn(event, 'data')
    const around = numberIn(event, 'timestamp') === null ? { ...event, timestamp: message.timestamp } : event
    if (name === 'batch') return [{ is: 'unknown', type: 'a batch in a batch' } as const]
    // Its own `type` is the module's kind there: POWER, MOTOR, SAFETY, DOCK.
    if (data !== null && 'addr' in data) {
      const module = readModule(data, around)
      if (module !== null) return [module]
    }
    return readTyped(name, around)
  })
}
