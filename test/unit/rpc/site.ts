/** A server of the small contract behind a rig, and clients of it: what the conformance suite is run against. */
import type { Role } from '../../../src/contract/kinds.ts'
import { type Client, type ClientOptions, createClient } from '../../../src/rpc/client.ts'
import { greet } from '../../../src/rpc/greet.ts'
import { type Served, type ServeLimits, serve } from '../../../src/rpc/server.ts'
import type { WireClose } from '../../../src/rpc/wire.ts'
import { Inbox } from './inbox.ts'
import { contract, openShop } from './shop.ts'
import type { StartRig } from './wires.ts'

export type Screen = Client<typeof contract>

export async function openSite(startRig: StartRig, limits: Partial<ServeLimits> = {}) {
  const shop = openShop()
  const bugs = new Inbox<unknown>()
  const ends = new Inbox<WireClose & { malformed: boolean }>()
  const served = new Set<Served>()
  const screens: Screen[] = []
  const roles: Readonly<Record<string, Role>> = { v: 'viewer', o: 'operator', a: 'admin' }
  const rig = await startRig(async (wire) => {
    const session = await greet(wire, {
      version: 1,
      authenticate: (token = '') => {
        const role = roles[token]
        return role === undefined ? null : { role, user: role }
      },
    })
    if (session === null) return
    served.add(
      serve(contract, shop.handlers, wire, session, {
        onBug(error) {
          bugs.put(error)
          return `bug-${bugs.all.length}`
        },
        onEnd: ends.put,
        limits,
      }),
    )
  })

  return {
    shop,
    rig,
    bugs,
    ends,
    screen(options: Partial<ClientOptions> = {}): Screen {
      const screen = createClient<typeof contract>(() => rig.dial(), {
        version: 1,
        token: 'v',
        random: () => 0,
        ...options,
      })
      screens.push(screen)
      return screen
    },
    /** A pipe on which the test says what it likes; hello has been said. */
    async raw(token = 'v') {
      const wire = await rig.dial()
      const messages = new Inbox<string | Uint8Array>()
      const closed = new Inbox<WireClose>()
      wire.onMessage(messages.put)
      wire.onClose(closed.put)
      await wire.send(JSON.stringify({ is: 'hello', version: 1, token }))
      await messages.first(1)
      return { wire, messages, closed }
    },
    async close() {
      for (const screen of screens) screen.close()
      for (const one of served) one.close()
      await rig.close()
    },
  }
}

export function ready(screen: Screen): Promise<void> {
  return new Promise((resolve) => {
    if (screen.status.is === 'ready') return resolve()
    const undo = screen.onStatus((status) => {
      if (status.is !== 'ready') return
      undo()
      resolve()
    })
  })
}
