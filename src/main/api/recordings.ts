/** Recordings as screens ask for them. Removing one is an admin's, and is recorded. */
import type { Api } from '../../contract/api.ts'
import { Fault } from '../../contract/fault.ts'
import type { Handlers } from '../../rpc/handlers.ts'
import type { ApiParts } from './parts.ts'

type Names = Extract<keyof Api, 'recordings' | `recordings.${string}`>

/** A screen holds what it plays. */
const longestPlayMs = 10 * 60_000

export function recordingHandlers({ recorder }: ApiParts): Pick<Handlers<Api>, Names> {
  function checked<S extends { readonly fromAt: number; readonly toAt: number }>(span: S): S {
    if (span.toAt < span.fromAt || span.toAt - span.fromAt > longestPlayMs)
      throw new Fault('bad-input', 'A recording is played ten minutes at a time', 'Ask for a shorter span.')
    return span
  }

  return {
    recordings: recorder.cameras,
    'recordings.store': recorder.store,
    'recordings.spans': (span) => ({ spans: recorder.spans(checked(span)) }),
    'recordings.ofAlert': ({ id }) => recorder.ofAlert(id),
    'recordings.play': (span, wake) => recorder.play(checked(span), wake),
    'recordings.export': (wish, wake, { user }) => recorder.exports.open(wish, user, wake),
    async 'recordings.remove'({ id }, { user: by }) {
      await recorder.remove(id, by)
      return {}
    },
  }
}
