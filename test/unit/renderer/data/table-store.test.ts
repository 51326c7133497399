/** When a table of the screen is asked for, and when it no longer is. */
import { expect, test } from 'vitest'
import { TableStore } from '../../../../src/renderer/data/table-store.ts'

function stand(keeps?: 'open' | 'while-used') {
  const said: string[] = []
  const store = new TableStore<{ id: string }>(() => {
    said.push('opened')
    return () => void said.push('closed')
  }, keeps)
  return { store, said }
}

const look = () => {}

test('a table is opened at first use, once, and kept open', () => {
  const { store, said } = stand()
  expect(said).toEqual([])
  const stops = [store.subscribe(look), store.subscribe(() => {})]
  for (const stop of stops) stop()
  store.subscribe(look)
  expect(said).toEqual(['opened'])
})

test('one that changes many times a second is open while somebody looks', () => {
  const { store, said } = stand('while-used')
  const stops = [store.subscribe(look), store.subscribe(() => {})]
  stops[0]?.()
  expect(said).toEqual(['opened'])
  stops[1]?.()
  expect(said).toEqual(['opened', 'closed'])
  store.subscribe(look)
  expect(said).toEqual(['opened', 'closed', 'opened'])
})
