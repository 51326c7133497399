/** The log: JSON lines, a stable event name plus fields. Never tokens, faces or plates; long fields are cut. */
import { type DestinationStream, pino } from 'pino'
import { Fault } from '../contract/fault.ts'

export type LogFields = Readonly<Record<string, string | number | boolean | null | undefined | Error>>

export interface Log {
  error(event: string, fields?: LogFields): void
  warn(event: string, fields?: LogFields): void
  info(event: string, fields?: LogFields): void
  debug(event: string, fields?: LogFields): void
}

const longestField = 2048

function tidy(fields: LogFields): Record<string, unknown> {
  const tidied: Record<string, unknown> = {}
  for (const [name, value] of Object.entries(fields)) {
    // An expected failure needs no stack, and may come a thousand times a second (a full disk).
    if (value instanceof Fault) tidied[name] = `${value.code}: ${value.message}`
    else if (value instanceof Error) tidied.err = { message: value.message, stack: value.stack }
    else tidied[name] = typeof value === 'string' ? value.slice(0, longestField) : value
  }
  return tidied
}

export function createLog(sink: DestinationStream, level: 'error' | 'warn' | 'info' | 'debug'): Log {
  const logger = pino(
    { level, base: null, messageKey: 'event', timestamp: pino.stdTimeFunctions.isoTime },
    sink,
  )
  const write =
    (at: 'error' | 'warn' | 'info' | 'debug') =>
    (event: string, fields: LogFields = {}) =>
      logger[at](tidy(fields), event)
  return { error: write('error'), warn: write('warn'), info: write('info'), debug: write('debug') }
}

export const silentLog: Log = { error() {}, warn() {}, info() {}, debug() {} }
