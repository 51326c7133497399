/** What the screens need of the rpc client, in terms of our contract, and how React reaches it. */
import { createContext, useContext } from 'react'
import type { Api } from '../../contract/api.ts'
import type { EntryOf, HeaderOf, InputOf, NamesOf, OutputOf, RowOf } from '../../contract/kinds.ts'

export type CallName = NamesOf<Api, 'call'>
export type TableName = NamesOf<Api, 'table'>
export type JournalName = NamesOf<Api, 'journal'>
export type FeedName = NamesOf<Api, 'feed'>
export type Input<N extends CallName | FeedName> = InputOf<Api[N]>
export type Output<N extends CallName> = OutputOf<Api[N]>
export type Row<N extends TableName> = RowOf<Api[N]>
export type Entry<N extends JournalName> = EntryOf<Api[N]>
export type Header<N extends FeedName> = HeaderOf<Api[N]>

export type TableChange<R> = { readonly row: R } | { readonly gone: string }

export type PipeStatus =
  | { readonly is: 'connecting' }
  | { readonly is: 'ready' }
  | { readonly is: 'lost'; readonly retryAt: number; readonly reason: string }
  | { readonly is: 'refused'; readonly reason: string }

export interface Client {
  call<N extends CallName>(name: N, input: Input<N>, signal?: AbortSignal): Promise<Output<N>>
  /** `whole`: the changes are a full snapshot and replace what was there. Returns how to stop. */
  table<N extends TableName>(
    name: N,
    listener: (changes: readonly TableChange<Row<N>>[], whole: boolean) => void,
  ): () => void
  /** Every entry after `after`, in order; `now` leaves out what is already on disk. */
  journal<N extends JournalName>(
    name: N,
    after: number | 'now',
    listener: (entries: readonly Entry<N>[]) => void,
  ): () => void
  /** The next frame is asked for when the listener's promise resolves. */
  feed<N extends FeedName>(
    name: N,
    input: Input<N>,
    listener: (header: Header<N>, bytes: Uint8Array<ArrayBuffer>) => void | Promise<void>,
    onFault?: (fault: Error) => void,
  ): () => void
  status(): PipeStatus
  onStatus(listener: (status: PipeStatus) => void): () => void
  retryNow(): void
}

const ClientContext = createContext<Client | null>(null)
export const ClientProvider = ClientContext.Provider

export function useClient(): Client {
  const client = useContext(ClientContext)
  if (client === null) throw new Error('a screen without a client')
  return client
}
