/** What the app supplies for each name of a contract. A missing or ill-typed handler is a compile error. */
import type { Fault } from '../contract/fault.ts'
import type {
  Call,
  Contract,
  EntryOf,
  Feed,
  HeaderOf,
  InputOf,
  Journal,
  OutputOf,
  Role,
  RowOf,
  Table,
  Upload,
} from '../contract/kinds.ts'

/** Who is on the other end. `user` changes when somebody signs on. */
export interface Session {
  readonly id: string
  readonly role: Role
  user: string
}

export type CallHandler<I, O> = (input: I, session: Session, signal: AbortSignal) => O | Promise<O>

export type TableChange<R> = { readonly row: R } | { readonly gone: string }

/** Subscribe first, snapshot second: a change between the two arrives twice, never not at all. */
export interface TableSource<R> {
  snapshot(): Iterable<R>
  subscribe(listener: (changes: readonly TableChange<R>[]) => void): () => void
}

export interface JournalSource<E> {
  /** The newest `seq` on disk, 0 when empty. */
  head(): number
  /** Entries with `seq` greater than `after`, ascending. */
  read(after: number, limit: number): Promise<readonly E[]>
  /** Called after entries reached the disk. */
  subscribe(listener: () => void): () => void
}

export interface Frame<H> {
  readonly header: H
  readonly bytes: Uint8Array
}

/** The source owns the one slot. `take` is called only when the reader asked; null means nothing new, `wake` says when to ask again. */
export interface OpenFeed<H> {
  take(): Frame<H> | null
  close(): void
}

export type FeedSource<I, H> = (
  input: I,
  wake: () => void,
  session: Session,
) => OpenFeed<H> | Promise<OpenFeed<H>>

/** What takes a screen's frames. A header has been checked against its schema before. */
export interface OpenUpload<H> {
  take(header: H, bytes: Uint8Array): void
  close(): void
}

/** `more` asks for so many frames more; nothing comes before it is called. `end` tells the screen why no more are wanted. */
export type UploadSink<I, H> = (
  input: I,
  more: (frames: number) => void,
  session: Session,
  end: (reason: Fault) => void,
) => OpenUpload<H> | Promise<OpenUpload<H>>

export type HandlerOf<S> = S extends Call
  ? CallHandler<InputOf<S>, OutputOf<S>>
  : S extends Table
    ? TableSource<RowOf<S>>
    : S extends Journal
      ? JournalSource<EntryOf<S>>
      : S extends Feed
        ? FeedSource<InputOf<S>, HeaderOf<S>>
        : S extends Upload
          ? UploadSink<InputOf<S>, HeaderOf<S>>
          : never

export type Handlers<C extends Contract> = { readonly [N in keyof C]: HandlerOf<C[N]> }
