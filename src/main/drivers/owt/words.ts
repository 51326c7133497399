/** What the link says about itself in words: how it speaks, how it reads boxes, how it goes; and why it is silent or refused. */
import type { Boxes } from './boxes.ts'
import type { Dialects } from './dialects.ts'
import { answerWithinMs } from './flight.ts'
import { boxWords, dialectWords } from './profile.ts'

export interface Going {
  readonly perSecond: number
  readonly tookMs: number | null
  readonly processingMs: number | null
  /** Sent, and no result came. */
  readonly lost: number
  /** Answers that belong to no picture that was waited for. */
  readonly strays: number
  /** The last thing that went wrong, in the server's words; empty when nothing did. */
  readonly trouble: string
  readonly echoes: boolean
}

export function noteWords(dialects: Dialects, boxes: Boxes, going: Going): string {
  const found = dialects.isAuto && dialects.worked ? ', as was found out' : ''
  const form = `${dialects.worked ? 'speaks' : 'tries'} ${dialectWords[dialects.present]}${found}`
  const window = going.echoes ? 'up to 4 pictures on their way' : 'one picture on its way'
  const words = [`${form}, ${window}`]
  if (boxes.last !== null)
    words.push(`boxes read as ${boxWords[boxes.last]}${boxes.isGuess ? ' (a guess)' : ''}`)
  if (going.tookMs !== null) {
    const own =
      going.processingMs === null ? '' : `, ${Math.round(going.processingMs)} ms of it the server's work`
    words.push(
      `${going.perSecond.toFixed(1)} answers a second, the last after ${Math.round(going.tookMs)} ms${own}`,
    )
  }
  if (going.lost > 0) words.push(`${going.lost} pictures without a result`)
  if (going.strays > 0) words.push(`${going.strays} answers too late, repeated or unknown`)
  if (going.trouble !== '') words.push(`the server said: ${going.trouble}`)
  return words.join('; ')
}

export function silentWords(dialects: Dialects): string {
  const within = `connected, but no answer to a picture within ${answerWithinMs / 1000} s`
  if (dialects.isAuto)
    return dialects.worked
      ? `${within}: the server may be overloaded`
      : `${within}, each form is tried in turn`
  return `${within}, sent in ${dialectWords[dialects.present]}: if the server wants the other one, choose it in the link`
}

const aboutKeys =
  /api.?key|unauthori[sz]ed|not authori[sz]ed|unauthenticated|invalid (?:key|token|credentials)|forbidden|access denied/i

/** Whether what the server complains about is who we are. */
export function isAboutKey(words: string): boolean {
  return aboutKeys.test(words)
}

/** Codes by which WebSocket servers turn somebody away: 1008 is policy (RFC 6455), 4401 and 4403 follow HTTP. */
const turnedAway: readonly number[] = [1008, 4001, 4003, 4401, 4403]

export function isTurnedAway(code: number): boolean {
  return turnedAway.includes(code)
}

export function refusedWords(hasKey: boolean, said: string): string {
  const what = hasKey
    ? 'the server does not accept the API key'
    : 'the server wants an API key: enter it in the link'
  return said === '' ? what : `${what} (${said})`
}
