/** A rule's message as the alert's detail reads it: whole, in part, and not at all. */
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { readDetection } from '../../../../src/renderer/features/alerts/detection-message.ts'

const message = {
  rule: 'Unknown at night',
  instruction: 'Call the gate.',
  event: { kind: 'face-unknown', cameraName: 'Gate', person: null, confidence: 0.92 },
}

test('says what to do and why', () => {
  expect(readDetection(JSON.stringify(message))).toEqual({
    rule: 'Unknown at night',
    instruction: 'Call the gate.',
    camera: 'Gate',
    person: '',
    isFace: true,
    confidence: 0.92,
  })
})

test('what is missing is left out, not guessed', () => {
  const bare = { rule: 'Motion', event: { kind: 'motion_detected', confidence: 7 } }
  expect(readDetection(JSON.stringify(bare))).toMatchObject({
    instruction: '',
    camera: '',
    isFace: false,
    confidence: null,
  })
})

test.each([null, '', 'x', '[]', '{}', '{"rule":"a"}', '{"event":{}}', '{"rule":"a","event":7}'])(
  '%j is no rule’s message',
  (raw) => {
    expect(readDetection(raw)).toBeNull()
  },
)

test('anything can be read without harm', () => {
  fc.assert(
    fc.property(fc.json(), (raw) => {
      readDetection(raw)
    }),
  )
})
