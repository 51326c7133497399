/** Links, their messages, and the orders waiting for them. */
import type { Api } from '../../contract/api.ts'
import { Fault } from '../../contract/fault.ts'
import type { Handlers } from '../../rpc/handlers.ts'
import type { ApiParts } from './parts.ts'

type Names = Extract<keyof Api, 'links' | `links.${string}` | 'orders' | `orders.${string}`>

export function linkHandlers({ store, live, dispatch, clock, links }: ApiParts): Pick<Handlers<Api>, Names> {
  return {
    links: live.links,
    async 'links.save'({ profile }, { user: by }) {
      await links.save(profile, by)
      return {}
    },
    async 'links.remove'({ id }, { user: by }) {
      await links.remove(id, by)
      return {}
    },
    'links.test': ({ profile }) => links.test(profile),
    'links.retry'({ id }) {
      links.retry(id)
      return {}
    },
    'links.messages'({ id }, wake) {
      if (live.links.get(id) === undefined)
        throw new Fault('not-found', `No link ${id}`, 'Choose one from the list.')
      return live.messages.open(id, wake)
    },
    orders: live.orders,
    async 'orders.retry'({ id }) {
      const row = live.orders.get(id)
      if (row === undefined)
        throw new Fault(
          'not-found',
          'That order is no longer waiting',
          'It may have been delivered meanwhile.',
        )
      await store.settle(id, { state: 'waiting', reason: null, at: clock.now() })
      dispatch.wake(row.link, row.target)
      return {}
    },
    async 'orders.discard'({ id }) {
      await store.discard(id)
      return {}
    },
  }
}
