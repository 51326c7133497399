/** Training of each face server, kept outside the screen: it takes minutes, and somebody who looks elsewhere meanwhile still gets the answer. */
import type { Fault } from '../../../contract/fault.ts'
import type { LinkId } from '../../../contract/links.ts'
import { asFault } from '../../data/action.ts'
import { Cell } from '../../data/cell.ts'
import type { Client } from '../../data/client.ts'

export type Training =
  | { readonly is: 'idle' }
  | { readonly is: 'running'; readonly sinceAt: number }
  | { readonly is: 'done'; readonly text: string; readonly tookMs: number }
  | { readonly is: 'failed'; readonly fault: Fault; readonly tookMs: number }

const trainings = new Map<LinkId, Cell<Training>>()

export function trainingOf(link: LinkId): Cell<Training> {
  const known = trainings.get(link)
  if (known) return known
  const made = new Cell<Training>({ is: 'idle' })
  trainings.set(link, made)
  return made
}

/** A large library on a small machine; whoever waits longer than this has a server that will not answer. */
const answerWithinMs = 900_000

export async function train(client: Pick<Client, 'call'>, link: LinkId, now: () => number): Promise<void> {
  const cell = trainingOf(link)
  if (cell.get().is === 'running') return
  const sinceAt = now()
  cell.set({ is: 'running', sinceAt })
  try {
    const { text } = await client.call('faces.train', { link }, { timeoutMs: answerWithinMs })
    cell.set({ is: 'done', text, tookMs: now() - sinceAt })
  } catch (error) {
    cell.set({ is: 'failed', fault: asFault(error), tookMs: now() - sinceAt })
  }
}
