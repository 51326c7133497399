/** The bounded table of events: the newest by the source's time, whatever the order in which they come. */
import { expect, it } from 'vitest'
import { NewestEvents, newestEvents } from '../../../src/main/live/newest-events.ts'
import { noon, storedEvent } from './detections.ts'

function ids(events: NewestEvents): number[] {
  return [...events.table.snapshot()].map(({ seq }) => seq).sort((a, b) => a - b)
}

it('keeps the newest, a bounded number', () => {
  const events = new NewestEvents()
  for (let n = 1; n <= 5000; n++) {
    events.apply([storedEvent(n)])
    expect(events.table.size).toBeLessThanOrEqual(newestEvents + 30)
  }
  expect(ids(events).slice(-newestEvents)).toEqual(
    Array.from({ length: newestEvents }, (_, n) => 5000 - newestEvents + 1 + n),
  )
})

it('leaves out what is older than what it has let go, and shows growth of what it shows', () => {
  const events = new NewestEvents()
  for (let n = 1; n <= 400; n++) events.apply([storedEvent(n)])
  events.apply([storedEvent(401, { at: noon - 1000 })])
  expect(events.table.get('401')).toBeUndefined()
  events.apply([storedEvent(5, { count: 3 })])
  expect(events.table.get('5')).toBeUndefined()
  events.apply([storedEvent(399, { count: 3 })])
  expect(events.table.get('399')).toMatchObject({ count: 3 })
})

it('forgets what the store has deleted', () => {
  const events = new NewestEvents()
  events.apply([storedEvent(1), storedEvent(2), storedEvent(3)])
  events.forgetBefore(noon + 2000)
  expect(ids(events)).toEqual([2, 3])
})
