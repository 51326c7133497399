/** What a screen uses of a contract: typed calls, tables, journals and feeds over whatever pipe it is given. No zod in here. */
import type { Fault } from '../contract/fault.ts'
import type { Contract, EntryOf, HeaderOf, InputOf, NamesOf, OutputOf, RowOf } from '../contract/kinds.ts'
import { ClientFeed } from './client-feed.ts'
import { ClientJournal } from './client-journal.ts'
import type { ClientStatus } from './connection.ts'
import { type CallOptions, type ClientOptions, ScreenClient } from './screen-client.ts'
import type { Wire } from './wire.ts'

export type { ClientStatus } from './connection.ts'
export type { CallOptions, ClientOptions } from './screen-client.ts'

export interface FeedOptions {
  /** Frames that may be on their way while one is painted, 1 to 4; 1 when not said. More ride out a short stall without a drop. */
  readonly ahead?: number
}

export interface Client<C extends Contract> {
  readonly status: ClientStatus
  onStatus(listener: (status: ClientStatus) => void): () => void
  /** Rejects with a `Fault`; with the signal's reason when it was aborted. */
  call<N extends NamesOf<C, 'call'>>(
    name: N,
    input: InputOf<C[N]>,
    options?: CallOptions,
  ): Promise<OutputOf<C[N]>>
  /** Tells the rows at once if they are known, then a new map after every change. */
  table<N extends NamesOf<C, 'table'>>(
    name: N,
    listener: (rows: ReadonlyMap<string, RowOf<C[N]>>) => void,
    onFault?: (fault: Fault) => void,
  ): () => void
  journal<N extends NamesOf<C, 'journal'>>(
    name: N,
    listener: {
      /** The last `seq` already seen; `now` for what comes from here on. */
      readonly after: number | 'now'
      /** The next page comes when the promise settles. */
      readonly onEntries: (entries: readonly EntryOf<C[N]>[]) => void | Promise<void>
      readonly onFault?: (fault: Fault) => void
    },
  ): () => void
  feed<N extends NamesOf<C, 'feed'>>(
    name: N,
    input: InputOf<C[N]>,
    /** The next frame is handed over when the promise settles. */
    onFrame: (header: HeaderOf<C[N]>, bytes: Uint8Array) => void | Promise<void>,
    onFault?: (fault: Fault) => void,
    options?: FeedOptions,
  ): () => void
  /** Sends frames for which the app has room; a newer frame stands in for one that found none. */
  upload<N extends NamesOf<C, 'upload'>>(
    name: N,
    input: InputOf<C[N]>,
    listener?: { readonly onRoom?: () => void; readonly onFault?: (fault: Fault) => void },
  ): Upload<HeaderOf<C[N]>>
  retryNow(): void
  close(): void
}

export interface Upload<H> {
  /** Frames the app has room for now. */
  readonly room: number
  /** False when there was no room, or no pipe. */
  send(header: H, bytes: Uint8Array): boolean
  close(): void
}

/**
 * The one place where what came over the pipe gets its contract type. It is not parsed again on this side: the server's types
 * say what it sends, the tests parse it, and zod (which builds functions from text) stays out of the page.
 */
export function createClient<C extends Contract>(
  dial: () => Promise<Wire>,
  options: ClientOptions,
): Client<C> {
  const screen = new ScreenClient(dial, options)
  return {
    get status() {
      return screen.status
    },
    onStatus: (listener) => screen.onStatus(listener),
    call: async <N extends NamesOf<C, 'call'>>(name: N, input: InputOf<C[N]>, callOptions?: CallOptions) =>
      (await screen.call(name, input, callOptions)) as OutputOf<C[N]>,
    table: <N extends NamesOf<C, 'table'>>(
      name: N,
      listener: (rows: ReadonlyMap<string, RowOf<C[N]>>) => void,
      onFault?: (fault: Fault) => void,
    ) =>
      screen.table(name, {
        rows: (rows) => listener(rows as ReadonlyMap<string, RowOf<C[N]>>),
        fault: (fault) => onFault?.(fault),
      }),
    journal: <N extends NamesOf<C, 'journal'>>(
      name: N,
      { after, onEntries, onFault }: Parameters<Client<C>['journal']>[1],
    ) =>
      screen.follow(
        new ClientJournal(
          name,
          { after, onEntries: (entries) => onEntries(entries as readonly EntryOf<C[N]>[]), onFault },
          screen.onBug,
        ),
      ),
    feed: <N extends NamesOf<C, 'feed'>>(
      name: N,
      input: InputOf<C[N]>,
      onFrame: (header: HeaderOf<C[N]>, bytes: Uint8Array) => void | Promise<void>,
      onFault?: (fault: Fault) => void,
      { ahead = 1 }: FeedOptions = {},
    ) =>
      screen.follow(
        new ClientFeed(
          name,
          { input, ahead, onFrame: (header, bytes) => onFrame(header as HeaderOf<C[N]>, bytes), onFault },
          screen.onBug,
        ),
      ),
    upload: <N extends NamesOf<C, 'upload'>>(
      name: N,
      input: InputOf<C[N]>,
      { onRoom, onFault }: { onRoom?: () => void; onFault?: (fault: Fault) => void } = {},
    ) => screen.upload(name, { input, onRoom, onFault }),
    retryNow: () => screen.retryNow(),
    close: () => screen.close(),
  }
}
