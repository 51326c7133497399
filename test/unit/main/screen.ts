/** A screen over a pipe in memory, ready to ask, for tests of main. */
import type { Api } from '../../../src/contract/api.ts'
import type { NamesOf, Role, RowOf } from '../../../src/contract/kinds.ts'
import { apiVersion } from '../../../src/contract/version.ts'
import { type Client, createClient } from '../../../src/rpc/client.ts'
import { greet } from '../../../src/rpc/greet.ts'
import type { Session } from '../../../src/rpc/handlers.ts'
import { memoryPair } from '../../../src/rpc/memory-wire.ts'
import type { Wire } from '../../../src/rpc/wire.ts'

type Serve = (wire: Wire, session: Session) => unknown

export async function screen(serve: Serve, role: Role = 'admin', user = 'Linh'): Promise<Client<Api>> {
  const client = createClient<Api>(
    async () => {
      const { server, client: end } = memoryPair()
      void greet(server, { version: apiVersion, authenticate: () => ({ role, user }) }).then(
        (session) => session !== null && serve(server, session),
      )
      return end
    },
    { version: apiVersion },
  )
  if (client.status.is === 'ready') return client
  await new Promise<void>((resolve) => {
    const stop = client.onStatus((status) => {
      if (status.is !== 'ready') return
      queueMicrotask(() => stop())
      resolve()
    })
  })
  return client
}

/** Resolves with the first row of the table that fits. */
export function row<N extends NamesOf<Api, 'table'>>(
  client: Client<Api>,
  name: N,
  fits: (row: RowOf<Api[N]>) => boolean = () => true,
): Promise<RowOf<Api[N]>> {
  return new Promise((resolve) => {
    const stop = client.table(name, (rows) => {
      const found = [...rows.values()].find((one) => fits(one))
      if (found === undefined) return
      queueMicrotask(() => stop())
      resolve(found)
    })
  })
}
