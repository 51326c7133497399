/**
 * What the bytes between two silences mean for the request that waits.
 *
 * Some RS485 adapters repeat our own bytes to us (local echo). The answer to most requests differs from the request, so an echo shows itself; the answer
 * to a single write (FC 05, 06) is a copy of it. One copy therefore proves a write only on a line known not to echo, two copies on one not known to be
 * free of it. Which it is, is learned from any other request.
 */
import { type Answer, answerLength, readReply } from './frame.ts'
import type { ModbusRequest, NoAnswer } from './transaction.ts'

/** Whether the line repeats what we send. */
export type Echo = 'unknown' | 'yes' | 'no'

export interface Sent {
  readonly request: ModbusRequest
  readonly frame: Uint8Array
}

export type Verdict =
  | { readonly is: 'answer'; readonly answer: Answer; readonly echo: Echo }
  /** Nothing yet, or what may become the answer. `why`: what it was if nothing more comes. */
  | { readonly is: 'wait'; readonly why: NoAnswer; readonly echo: Echo }
  | { readonly is: 'misfit'; readonly why: NoAnswer; readonly echo: Echo }

export function judge(sent: Sent, heard: Uint8Array, echo: Echo): Verdict {
  const { request, frame } = sent
  const copied = startsWith(heard, frame)
  const reply = readReply(request, frame, heard)
  if (request.fn === 5 || request.fn === 6) {
    if (reply.is === 'fits' && reply.answer.is === 'written' && echo !== 'no')
      return { is: 'wait', why: echo === 'yes' ? 'silence' : 'echo', echo }
    if (copied && heard.length > frame.length && echo !== 'no') return judgeRest(sent, heard)
  } else if (copied && reply.is !== 'fits') return judgeRest(sent, heard)
  if (reply.is === 'fits') return { is: 'answer', answer: reply.answer, echo: 'no' }
  if (reply.is === 'short' || startsWith(frame, heard))
    return { is: 'wait', why: heard.length === 0 ? 'silence' : 'shape', echo }
  return { is: 'misfit', why: reply.why, echo }
}

/** What follows a copy of our own request. */
function judgeRest({ request, frame }: Sent, heard: Uint8Array): Verdict {
  const rest = heard.subarray(frame.length)
  const reply = readReply(request, frame, rest)
  const echo = 'yes'
  if (reply.is === 'fits') return { is: 'answer', answer: reply.answer, echo }
  if (reply.is === 'short') return { is: 'wait', why: rest.length === 0 ? 'silence' : 'shape', echo }
  return { is: 'misfit', why: reply.why, echo }
}

function startsWith(bytes: Uint8Array, start: Uint8Array): boolean {
  if (bytes.length < start.length) return false
  for (let at = 0; at < start.length; at++) if (bytes[at] !== start[at]) return false
  return true
}

export function isRead({ request }: Sent): boolean {
  return request.fn <= 4
}

/** Bytes of the longest thing that may be heard for it: an echo and the answer, which may be an exception. */
export function longestReply({ frame, request }: Sent): number {
  return frame.length + Math.max(5, answerLength(request))
}
