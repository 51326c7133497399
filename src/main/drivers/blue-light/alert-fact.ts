/** Turns an alert message into the fact that is stored: identity, priority, age, picture, and the words on screen. */
import { createHash } from 'node:crypto'
import { bluePriority } from '../../../contract/alert-state.ts'
import type { Priority } from '../../../contract/alerts.ts'
import { DeviceId } from '../../../contract/devices.ts'
import type { LinkId } from '../../../contract/links.ts'
import type { AlertRaised } from '../../fact.ts'
import { readBase64Picture } from '../../io/picture.ts'
import { hashedId } from '../../order.ts'
import { type Decoded, textOf } from './codec.ts'
import type { AlertMessage } from './message.ts'

const lateAfterMs = 5 * 60_000
const suspectAfterMs = 60 * 60_000
const longestRaw = 16 * 1024

/** What the hub knows about the sender besides the message. */
export interface Sender {
  readonly name: string | null
  readonly group: string | null
  readonly location: string | null
}

/**
 * A device that gives no messageId repeats the same content, so the content names the alert. Without a usable time a
 * repeat and a second alert look alike: within a minute they are one, later they are two, so that none is lost.
 */
function sourceIdOf(message: AlertMessage, receivedAt: number): string {
  if (message.messageId !== null) return message.messageId
  const { deviceId, timestamp, blue, location, words } = message
  const when = message.at === null ? [timestamp, Math.floor(receivedAt / 60_000)] : timestamp
  const hash = createHash('sha256').update(JSON.stringify([deviceId, when, blue, location, words]))
  if (message.imageData !== null) hash.update(message.imageData)
  return `${hashedId}${hash.digest('hex')}`
}

export function priorityOf(message: AlertMessage): Priority {
  return bluePriority(message.blue)
}

function percent(share: number): string {
  return `${Math.round(share * 100)} %`
}

function wordsOf(message: AlertMessage, sender: Sender, troubles: readonly string[]): string {
  const where = message.location ?? sender.location
  const head = message.words === '' ? 'Blue light' : message.words
  const parts = [where === null ? head : `${head} at ${where}`]
  if (message.blue !== null) {
    parts.push(`intensity ${percent(message.blue.intensity)}`)
    if (message.blue.durationS !== undefined) parts.push(`for ${message.blue.durationS} s`)
    if (message.blue.confidence !== undefined) parts.push(`confidence ${percent(message.blue.confidence)}`)
  }
  const text = parts.join(', ')
  return troubles.length === 0 ? text : `${text} (${troubles.join('; ')})`
}

export function alertFact(
  source: LinkId,
  message: AlertMessage,
  decoded: Decoded,
  sender: Sender,
  receivedAt: number,
): AlertRaised {
  const picture = message.imageData === null ? null : readBase64Picture(message.imageData)
  const troubles = [...message.troubles]
  if (picture?.ok === false) troubles.push(`picture refused: ${picture.reason}`)
  if (message.at === null) troubles.push('the device sent no usable time')
  const ageMs = message.at === null ? 0 : receivedAt - message.at
  return {
    type: 'alert-raised',
    source,
    sourceId: sourceIdOf(message, receivedAt),
    kind: 'blue-light',
    priority: priorityOf(message),
    device: DeviceId.parse(message.deviceId),
    deviceName: message.deviceName ?? sender.name,
    group: message.group ?? sender.group,
    location: message.location ?? sender.location,
    text: wordsOf(message, sender, troubles),
    raisedAt: message.at ?? receivedAt,
    receivedAt,
    late: ageMs > lateAfterMs,
    clockSuspect: message.at === null || Math.abs(ageMs) > suspectAfterMs,
    blue: message.blue,
    picture: picture?.ok === true ? { evidence: picture.evidence, bytes: picture.bytes } : null,
    raw: textOf(decoded, longestRaw),
  }
}
