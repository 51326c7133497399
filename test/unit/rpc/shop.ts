/** A small contract of every kind, and services behind it whose changes a test makes by hand. */
import { z } from 'zod'
import { Fault } from '../../../src/contract/fault.ts'
import { call, feed, journal, nothing, table, upload } from '../../../src/contract/kinds.ts'
import type { Frame, Handlers, TableChange } from '../../../src/rpc/handlers.ts'

export const Row = z.object({ id: z.string(), n: z.number(), pad: z.string().optional() })
export type Row = z.output<typeof Row>
export const Entry = z.object({ seq: z.number(), text: z.string() })
export type Entry = z.output<typeof Entry>
export const Header = z.object({ n: z.number() })

export const contract = {
  add: call(
    'viewer',
    z.strictObject({ a: z.number(), list: z.array(z.object({ b: z.number() })) }),
    z.object({ sum: z.number() }),
  ),
  echo: call('viewer', z.json(), z.json()),
  hang: call('viewer', nothing, z.object({})),
  fault: call('viewer', nothing, z.object({})),
  bug: call('viewer', nothing, z.object({})),
  huge: call('viewer', nothing, z.string()),
  open: call('operator', nothing, z.object({})),
  rows: table('viewer', Row),
  secrets: table('admin', Row),
  log: journal('viewer', Entry),
  pictures: upload('operator', z.strictObject({ name: z.string() }), Header),
  frames: feed('viewer', z.strictObject({ name: z.string() }), Header),
}

export function openShop() {
  const rows = new Map<string, Row>()
  const tableListeners = new Set<(changes: readonly TableChange<Row>[]) => void>()
  const entries: Entry[] = []
  const journalListeners = new Set<() => void>()
  const feeds = new Set<{
    name: string
    newest: Frame<{ n: number }> | null
    taken: number
    wake: () => void
  }>()
  const uploads = new Set<{
    name: string
    more: (frames: number) => void
    taken: { n: number; bytes: Uint8Array }[]
  }>()
  const hooks = { read: (_after: number) => {}, hang: (_signal: AbortSignal) => {} }

  const handlers: Handlers<typeof contract> = {
    add: ({ a, list }) => ({ sum: list.reduce((sum, { b }) => sum + b, a) }),
    echo: (value) => value,
    hang: (_, __, signal) => {
      hooks.hang(signal)
      return new Promise((_resolve, reject) =>
        signal.addEventListener('abort', () => reject(new Error('stopped'))),
      )
    },
    fault() {
      throw new Fault('wrong-state', 'The door is open.', 'Close it.', new Error('kept inside'))
    },
    bug() {
      throw new TypeError('private words')
    },
    huge: () => 'x'.repeat(5_000_000),
    open: () => ({}),
    rows: {
      snapshot: () => rows.values(),
      subscribe(listener) {
        tableListeners.add(listener)
        return () => tableListeners.delete(listener)
      },
    },
    secrets: { snapshot: () => [], subscribe: () => () => {} },
    log: {
      head: () => entries.at(-1)?.seq ?? 0,
      async read(after, limit) {
        hooks.read(after)
        return entries.slice(after, after + limit)
      },
      subscribe(listener) {
        journalListeners.add(listener)
        return () => journalListeners.delete(listener)
      },
    },
    pictures({ name }, more) {
      if (name === 'missing') throw new Fault('not-found', 'No such camera.', '')
      const open = { name, more, taken: [] as { n: number; bytes: Uint8Array }[] }
      uploads.add(open)
      return {
        take: ({ n }, bytes) => open.taken.push({ n, bytes: bytes.slice() }),
        close: () => uploads.delete(open),
      }
    },
    frames({ name }, wake) {
      if (name === 'missing') throw new Fault('not-found', 'No such camera.', '')
      const open = { name, newest: null as Frame<{ n: number }> | null, taken: 0, wake }
      feeds.add(open)
      return {
        take() {
          const frame = open.newest
          open.newest = null
          if (frame !== null) open.taken++
          return frame
        },
        close: () => feeds.delete(open),
      }
    },
  }

  return {
    handlers,
    feeds,
    uploads,
    hooks,
    tableListeners,
    journalListeners,
    set(...changed: Row[]) {
      for (const row of changed) rows.set(row.id, row)
      for (const listener of tableListeners) listener(changed.map((row) => ({ row })))
    },
    remove(id: string) {
      rows.delete(id)
      for (const listener of tableListeners) listener([{ gone: id }])
    },
    append(count: number, text = 'entry') {
      for (let i = 0; i < count; i++) entries.push({ seq: entries.length + 1, text })
      for (const listener of journalListeners) listener()
    },
    clearJournal() {
      entries.length = 0
    },
    push(n: number, bytes = new Uint8Array([n & 0xff])) {
      for (const open of feeds) {
        open.newest = { header: { n }, bytes }
        open.wake()
      }
    },
  }
}
