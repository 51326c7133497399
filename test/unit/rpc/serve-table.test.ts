/** What an open table sends, when, with the reader's asking in the test's hand. */
import { describe, expect, it } from 'vitest'
import type { TableChange } from '../../../src/rpc/handlers.ts'
import { memoryPair } from '../../../src/rpc/memory-wire.ts'
import { Outlet } from '../../../src/rpc/outlet.ts'
import { ServedTable } from '../../../src/rpc/serve-table.ts'
import { HandTimers, settled } from './hand-timers.ts'

function open(rows: { id: string; n: number }[], duringSubscribe: TableChange<unknown>[] = []) {
  const timers = new HandTimers()
  const { server, client } = memoryPair()
  const sent: unknown[] = []
  const bugs: unknown[] = []
  client.onMessage((message) => sent.push(JSON.parse(String(message))))
  const table = new ServedTable(1, new Outlet(server), {
    timers,
    flushMs: 16,
    onBug: (error) => bugs.push(error),
  })
  let listener = (_changes: readonly TableChange<unknown>[]) => {}
  table.open({
    snapshot: () => rows,
    subscribe(given) {
      listener = given
      if (duringSubscribe.length > 0) given(duringSubscribe)
      return () => {}
    },
  })
  return { timers, table, sent, bugs, change: (...changes: TableChange<unknown>[]) => listener(changes) }
}

describe('an open table', () => {
  it('sends nothing before its snapshot, whatever is told meanwhile', async () => {
    const { sent } = open([{ id: 'a', n: 2 }], [{ row: { id: 'a', n: 1 } }, { gone: 'b' }])
    await settled()
    expect(sent).toEqual([{ is: 'rows', id: 1, rows: [{ id: 'a', n: 2 }], gone: [], snapshot: true }])
  })

  it('sends one message and then waits to be asked, however long', async () => {
    const { timers, table, sent, change } = open([{ id: 'a', n: 0 }])
    await settled()
    for (let n = 1; n <= 500; n++) {
      change({ row: { id: 'a', n } }, { row: { id: 'passing', n } }, { gone: 'passing' })
      await timers.pass(1)
    }
    expect(sent).toHaveLength(1)
    table.credit()
    await timers.pass(16)
    expect(sent.slice(1)).toEqual([{ is: 'rows', id: 1, rows: [{ id: 'a', n: 500 }], gone: [] }])
  })

  it('tells of a row that went while the snapshot was still being sent', async () => {
    const wide = 'x'.repeat(100_000)
    const rows = Array.from({ length: 6 }, (_one, n) => ({ id: `row-${n}`, n, wide }))
    const { timers, table, sent, change } = open(rows)
    await settled()
    change({ gone: 'row-0' }, { gone: 'row-5' }, { row: { id: 'row-4', n: -4 } })
    for (let asked = 0; asked < 4; asked++) {
      table.credit()
      await timers.pass(20)
    }
    expect(sent.at(0)).toMatchObject({ snapshot: true, more: true })
    const ids = sent.flatMap((message) =>
      JSON.parse(JSON.stringify(message)).rows.map((row: { id: string }) => row.id),
    )
    expect(ids).toEqual(['row-0', 'row-1', 'row-2', 'row-3', 'row-4'])
    expect(sent.at(-1)).toEqual({ is: 'rows', id: 1, rows: [], gone: ['row-0'] })
  })

  it('leaves out a row that cannot be sent, and says so', async () => {
    const { sent, bugs } = open([
      { id: 'a', n: 1 },
      { id: 'big', n: 2, ...{ pad: 'x'.repeat(3_000_000) } },
    ])
    await settled()
    expect(sent).toMatchObject([{ rows: [{ id: 'a' }] }])
    expect(bugs).toHaveLength(1)
  })
})
