/** Shows what crosses a link to whoever looks at it; costs nothing while nobody does. */
import type { LinkContext } from '../../link.ts'
import { type Decoded, textOf } from './codec.ts'

const longestText = 4096

type Watched = Pick<LinkContext, 'profile' | 'clock' | 'inspected' | 'tell'>

function tap(
  context: Watched,
  direction: 'in' | 'out',
  peer: string,
  sizeBytes: number,
  text: string,
  trouble: string,
): void {
  const at = context.clock.now()
  const message = { at, direction, peer, sizeBytes, text, trouble }
  context.tell({ type: 'message-crossed', link: context.profile.id, message })
}

export function tapIn(context: Watched, peer: string, decoded: Decoded, sizeBytes: number): void {
  if (!context.inspected()) return
  const { message } = decoded
  const unknown = message.is === 'unknown' ? `unknown type ${message.type}` : ''
  tap(
    context,
    'in',
    peer,
    sizeBytes,
    textOf(decoded, longestText),
    message.is === 'bad' ? message.message : unknown,
  )
}

export function tapOut(context: Watched, peer: string, text: string): void {
  if (context.inspected()) tap(context, 'out', peer, Buffer.byteLength(text), text.slice(0, longestText), '')
}
