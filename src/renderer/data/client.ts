/** The rpc client in terms of our contract, and how React reaches it. */
import { createContext, useContext } from 'react'
import type { Api } from '../../contract/api.ts'
import type { InputOf, NamesOf, OutputOf, RowOf } from '../../contract/kinds.ts'
import type { Client as RpcClient } from '../../rpc/client.ts'

export type CallName = NamesOf<Api, 'call'>
export type TableName = NamesOf<Api, 'table'>
export type FeedName = NamesOf<Api, 'feed'>
export type Input<N extends CallName | FeedName> = InputOf<Api[N]>
export type Output<N extends CallName> = OutputOf<Api[N]>
export type Row<N extends TableName> = RowOf<Api[N]>

export type Client = RpcClient<Api>

const ClientContext = createContext<Client | null>(null)
export const ClientProvider = ClientContext.Provider

export function useClient(): Client {
  const client = useContext(ClientContext)
  if (client === null) throw new Error('a screen without a client')
  return client
}
