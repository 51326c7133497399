/** The inspector's memory is bounded, its pause loses nothing it has room for, and misses add up. */
import { expect, test } from 'vitest'
import type { WireMessage } from '../../../../src/contract/links.ts'
import { lineText, MessageLog } from '../../../../src/renderer/features/links/message-log.ts'

function message(text: string): WireMessage {
  return { at: 0, direction: 'in', peer: 'cam-1', sizeBytes: text.length, text, trouble: '' }
}

test('newest last, never more than its bound', () => {
  const log = new MessageLog()
  for (let n = 0; n < 30; n += 1)
    log.add(
      Array.from({ length: 100 }, (_, k) => message(`${n * 100 + k}`)),
      2,
    )
  const view = log.snapshot()
  expect(view.total).toBe(2000)
  expect(view.lines[0]?.text).toBe('1000')
  expect(view.lines.at(-1)?.text).toBe('2999')
  expect(view.missed).toBe(60)
})

test('a pause holds, its end shows', () => {
  const log = new MessageLog()
  log.add([message('a')], 0)
  log.pause(true)
  log.add([message('b')], 0)
  expect(log.snapshot()).toMatchObject({ total: 1, held: 1, paused: true })
  log.pause(false)
  expect(log.snapshot().lines.map((line) => line.text)).toEqual(['a', 'b'])
})

test('the filter looks at peer, text and trouble, and hides without forgetting', () => {
  const log = new MessageLog()
  log.add([message('heartbeat'), { ...message('{'), trouble: 'not JSON' }], 0)
  log.filter('NOT json')
  expect(log.snapshot().lines).toHaveLength(1)
  log.filter('')
  expect(log.snapshot().lines).toHaveLength(2)
})

test('a copied line says when, which way, who and how long', () => {
  expect(lineText({ ...message('{}'), trouble: 'unknown type' })).toBe(
    '1970-01-01T00:00:00.000Z in cam-1 2 B (unknown type)\n{}',
  )
})
