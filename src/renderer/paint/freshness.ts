/** Whether a picture may still look live. A frozen picture that looks live is the worst thing a wall of cameras can show. */

/** Younger than this it is live. */
export const liveMs = 2000
/** Older than this there is no picture any more, only a last one. */
export const lostMs = 10_000

/**
 * `opening`: nothing has come yet and it is too early to worry. `live`: frames come. `late`: none for a moment.
 * `lost`: none for long, or the source says why it has none.
 */
export type Freshness = 'opening' | 'live' | 'late' | 'lost'

export interface Seen {
  /** When the stream was asked for; null while nobody asks. */
  readonly openedAt: number | null
  /** When the frame now on the canvas reached the app; null before the first. */
  readonly receivedAt: number | null
  /** Why there is no picture; empty while frames come. */
  readonly trouble: string
}

/** Said by the painter itself; every other trouble is in the words of whoever has it. */
export const badPicture = 'bad-picture'
/** Video, and this browser decodes none here. */
export const noDecoder = 'no-decoder'
/** Its decoder begins with nothing: the machine has too much else to do. The next key frame may go better. */
export const tooSlow = 'too-slow'
/** Video of a kind this browser does not decode. */
export const unknownCodec = 'unknown-codec'

export function freshnessOf(seen: Seen, now: number): Freshness {
  // One bad picture among good ones, or a machine that was busy for a moment, is not worth losing sight of the camera.
  if (seen.trouble !== '' && seen.trouble !== badPicture && seen.trouble !== tooSlow) return 'lost'
  const { openedAt, receivedAt } = seen
  // Looked at again after a while: the old frame is old, but there was no time yet for a new one.
  const sinceMs = now - Math.max(receivedAt ?? 0, openedAt ?? 0)
  if ((receivedAt !== null || openedAt !== null) && sinceMs > lostMs) return 'lost'
  if (receivedAt === null) return 'opening'
  const isCurrent = openedAt === null || receivedAt >= openedAt
  return isCurrent && sinceMs <= liveMs ? 'live' : 'late'
}

/** How long there has been no picture: since the last frame, or since it was first asked for. */
export function missingMs(seen: Seen, now: number): number {
  const since = seen.receivedAt ?? seen.openedAt
  return since === null ? 0 : Math.max(0, now - since)
}
