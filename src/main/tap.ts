/** Shows what crosses a link to whoever looks at it; costs nothing while nobody does: ask `inspected()` before making the text. */
import type { LinkContext } from './link.ts'

const longestText = 4096

export type Watched = Pick<LinkContext, 'profile' | 'clock' | 'inspected' | 'tell'>

/** `trouble` is empty when the message was understood. The text must be free of secrets: it goes to screens. */
export function tap(
  context: Watched,
  direction: 'in' | 'out',
  peer: string,
  sizeBytes: number,
  text: string,
  trouble = '',
): void {
  if (!context.inspected()) return
  const at = context.clock.now()
  const message = { at, direction, peer, sizeBytes, text: text.slice(0, longestText), trouble }
  context.tell({ type: 'message-crossed', link: context.profile.id, message })
}
