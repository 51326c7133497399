/** Events as screens read them. Nobody acts on an event: that is what rules and alerts are for. */
import type { Api } from '../../contract/api.ts'
import type { Handlers } from '../../rpc/handlers.ts'
import type { ApiParts } from './parts.ts'

type Names = Extract<keyof Api, 'events' | `events.${string}`>

export function eventHandlers({ store, live }: ApiParts): Pick<Handlers<Api>, Names> {
  return {
    events: live.events.table,
    'events.page': ({ filter, after, limit }) => store.eventPage(filter, after, limit),
    'events.kinds': async () => ({ kinds: [...(await store.eventKinds())] }),
  }
}
