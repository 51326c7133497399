/** Looking at pictures, as the screen that does it and the screens that show it see it. */
import type { Api } from '../../contract/api.ts'
import type { Handlers } from '../../rpc/handlers.ts'
import { oneFrame } from './one-frame.ts'
import type { ApiParts } from './parts.ts'

type Names = Extract<keyof Api, `analysis.${string}`>

export function analysisHandlers({ live, analyst }: ApiParts): Pick<Handlers<Api>, Names> {
  return {
    'analysis.now': live.analysis,
    'analysis.tasks': (offer, wake, session) => analyst.tasks(offer, wake, session),
    'analysis.frames': ({ camera }, more, session) => analyst.frames(camera, more, session),
    'analysis.faces'(found, session) {
      analyst.faces(found, session)
      return {}
    },
    'analysis.blue'(report, session) {
      analyst.blue(report, session)
      return {}
    },
    'analysis.photo': async ({ id }, _wake, session) => oneFrame({ id }, await analyst.photo(id, session)),
    'analysis.trouble'({ camera, text }, session) {
      analyst.trouble(camera, text, session)
      return {}
    },
    async 'analysis.learned'(learned, session) {
      await analyst.learned(learned, session)
      return {}
    },
  }
}
