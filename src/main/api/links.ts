/** Links, their messages, and the orders waiting for them. */
import type { Api } from '../../contract/api.ts'
import { Fault } from '../../contract/fault.ts'
import type { LinkId } from '../../contract/links.ts'
import type { Handlers } from '../../rpc/handlers.ts'
import type { Accounts } from '../link.ts'
import type { ApiParts } from './parts.ts'

type Names = Extract<keyof Api, 'links' | `links.${string}` | 'orders' | `orders.${string}`>

const noBytes = new Uint8Array()

export function linkHandlers({ store, live, dispatch, clock, links }: ApiParts): Pick<Handlers<Api>, Names> {
  function accountsOf(id: LinkId): { name: string; accounts: Accounts } {
    const row = live.links.get(id)
    if (row === undefined) throw new Fault('not-found', `No link ${id}`, 'Choose one from the list.')
    if (row.driver !== 'openeye-server' && row.driver !== 'oht50-gateway')
      throw new Fault('not-found', `${row.name} has no accounts`, 'Only a server of ours has users.')
    const accounts = links.running(id)?.accounts
    if (accounts === undefined)
      throw new Fault('link-down', `${row.name} is switched off`, 'Switch it on, then try again.')
    return { name: row.name, accounts }
  }

  function note(link: LinkId, by: string, text: string): Promise<void> {
    return store.addTimeline({ at: clock.now(), type: 'account-changed', link, device: null, by, text })
  }

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
    'links.test': ({ profile, credentials }) => links.test(profile, credentials),
    'links.retry'({ id }) {
      links.retry(id)
      return {}
    },
    'links.messages'({ id }, wake) {
      if (live.links.get(id) === undefined)
        throw new Fault('not-found', `No link ${id}`, 'Choose one from the list.')
      const viewer = live.messages.open(id, wake)
      return {
        take() {
          const crossed = viewer.take()
          if (crossed === null) return null
          return { header: { missed: crossed.missed, messages: crossed.items }, bytes: noBytes }
        },
        close: () => viewer.close(),
      }
    },
    async 'links.credentials'({ id, credentials }, { user: by }) {
      await links.credentials(id, credentials, by)
      return {}
    },
    async 'links.users'({ id }) {
      return { users: [...(await accountsOf(id).accounts.users())] }
    },
    async 'links.users.save'({ id, user, role, password }, { user: by }) {
      const { name, accounts } = accountsOf(id)
      await accounts.save(user, role, password)
      const what = password === undefined ? '' : ', with a new password'
      await note(id, by, `${name}: ${user} saved as ${role}${what}`)
      return {}
    },
    async 'links.users.remove'({ id, user }, { user: by }) {
      const { name, accounts } = accountsOf(id)
      await accounts.remove(user)
      await note(id, by, `${name}: ${user} removed`)
      return {}
    },
    async 'links.users.revoke'({ id, user }, { user: by }) {
      const { name, accounts } = accountsOf(id)
      await accounts.revoke(user)
      await note(id, by, `${name}: every token of ${user} ended`)
      return {}
    },
    async 'links.key.rotate'({ id }, { user: by }) {
      const { name, accounts } = accountsOf(id)
      await accounts.rotateKey()
      await note(id, by, `${name}: new signing key, every token ended`)
      return {}
    },
    async 'links.broadcast'({ id, text, user }, { user: by }) {
      const { name, accounts } = accountsOf(id)
      const sockets = accounts.broadcast(text, by, user)
      await note(id, by, `${name}: a word to ${user ?? 'everybody'}, heard on ${sockets} sockets`)
      return { sockets }
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
