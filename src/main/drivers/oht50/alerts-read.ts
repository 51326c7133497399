/** Reads alerts of vehicles, backends and gateways: their words for how bad it is become the four levels. Pure. */
import type { VehicleLevel } from '../../../contract/vehicle-rules.ts'
import { readInstant } from '../../io/times.ts'
import { type Fields, flagIn, isFields, numberIn, textIn } from './fields.ts'
import type { SaidAlert } from './said.ts'

const mostAlerts = 200
const longestText = 300

/** The firmware's, the backend's two lists (`info warning error critical emergency`, `critical high medium low info`) and ours. */
export function levelOf(word: string | null): VehicleLevel {
  switch (word?.toLowerCase()) {
    case 'info':
    case 'low':
    case 'debug':
      return 'info'
    case 'warning':
    case 'warn':
    case 'medium':
      return 'warning'
    case 'emergency':
      return 'emergency'
    default:
      // `error`, `high`, `critical`; and a word we do not know is not taken lightly.
      return 'critical'
  }
}

function idIn(fields: Fields): string | null {
  const id = textIn(fields, 'id', 100) ?? textIn(fields, 'alert_id', 100)
  const number = numberIn(fields, 'id') ?? numberIn(fields, 'alert_id')
  return id ?? (number === null ? null : String(number))
}

/** Whether its own words say that it is over. */
export function isOver(fields: Fields): boolean {
  const status = textIn(fields, 'status', 40)?.toLowerCase()
  return (
    flagIn(fields, 'active') === false || status === 'resolved' || status === 'cleared' || status === 'closed'
  )
}

export function readAlert(fields: Fields, around: Fields): SaidAlert {
  const title = textIn(fields, 'title', longestText) ?? textIn(fields, 'alert_type', longestText)
  const message = textIn(fields, 'message', longestText) ?? textIn(fields, 'text', longestText)
  const words =
    title !== null && message !== null && title !== message ? `${title}: ${message}` : (message ?? title)
  return {
    id: idIn(fields),
    level: levelOf(textIn(fields, 'level', 40) ?? textIn(fields, 'severity', 40)),
    text: words ?? 'The vehicle raised an alert without words',
    at:
      readInstant(fields.raised_at) ??
      readInstant(fields.timestamp) ??
      readInstant(fields.created_at) ??
      readInstant(around.timestamp),
  }
}

/** The open ones of a list. */
export function readAlerts(list: readonly unknown[], around: Fields): SaidAlert[] {
  return list
    .slice(0, mostAlerts)
    .filter(isFields)
    .filter((fields) => !isOver(fields))
    .map((fields) => readAlert(fields, { timestamp: around.timestamp }))
}
