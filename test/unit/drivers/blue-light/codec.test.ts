/** The codec: never throws, never guesses, loses no alert that names its device. */
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { BlueLight } from '../../../../src/contract/alerts.ts'
import { alertFact } from '../../../../src/main/drivers/blue-light/alert-fact.ts'
import { decode, textOf } from '../../../../src/main/drivers/blue-light/codec.ts'
import { hubProfile } from './stand.ts'

const read = (value: unknown) => decode(Buffer.from(JSON.stringify(value))).message

const typeName = fc.constantFrom(
  'deviceRegister',
  'blueAlert',
  'heartbeat',
  'deviceStatus',
  'settings',
  'alertAck',
  'statusUpdate',
  'settingsSync',
  'customerWaiting',
  'blue_light_alert',
  'device_register',
  'toString',
  'somethingNew',
)
const key = fc.constantFrom(
  'intensity',
  'confidence',
  'duration',
  'detectionArea',
  'imageData',
  'location',
  'mode',
  'capabilities',
  'blueSensitivity',
  'targetDevices',
  'groupId',
  'messageId',
  'message',
  'replay',
)
const anything = fc.jsonValue({ maxDepth: 3 })
const payload = fc.oneof(anything, fc.dictionary(key, anything))

test('never throws on any bytes or JSON', () => {
  fc.assert(
    fc.property(
      fc.oneof(
        fc.uint8Array({ maxLength: 300 }).map(Buffer.from),
        anything.map((v) => Buffer.from(JSON.stringify(v))),
      ),
      (bytes) => {
        decode(bytes)
        decode(bytes, true)
      },
    ),
  )
})

test('any known type with any fields decodes to that type, or says why not', () => {
  fc.assert(
    fc.property(
      typeName,
      fc.oneof(fc.string(), anything),
      anything,
      payload,
      (type, deviceId, timestamp, body) => {
        const decoded = decode(Buffer.from(JSON.stringify({ type, deviceId, timestamp, payload: body })))
        const { message } = decoded
        if (message.is === 'bad') {
          expect(['no-device-id', 'too-large', 'forbidden-key', 'too-deep']).toContain(message.code)
          return
        }
        if (type === 'somethingNew' || type === 'toString') expect(message.is).toBe('unknown')
        expect(textOf(decoded, 4096).length).toBeLessThanOrEqual(4096)
      },
    ),
    { numRuns: 400 },
  )
})

test('any alert that names its device becomes a fact the store can keep', () => {
  fc.assert(
    fc.property(
      fc.constantFrom('blueAlert', 'customerWaiting', 'blue_light_alert'),
      anything,
      fc.dictionary(key, anything),
      (type, timestamp, body) => {
        const flat = type === 'blue_light_alert' ? body : { payload: body }
        const decoded = decode(Buffer.from(JSON.stringify({ ...flat, type, deviceId: 'c1', timestamp })))
        if (decoded.message.is === 'bad') return
        expect(decoded.message.is).toBe('alert')
        if (decoded.message.is !== 'alert') return
        const sender = { name: null, group: null, location: null }
        const fact = alertFact(hubProfile.id, decoded.message, decoded, sender, 1_700_000_000_000)
        if (fact.blue !== null) BlueLight.parse(fact.blue)
        expect(fact.sourceId).not.toBe('')
        expect(fact.text.length).toBeLessThan(2000)
        expect(Number.isSafeInteger(fact.raisedAt)).toBe(true)
      },
    ),
    { numRuns: 400 },
  )
})

test('an unknown type is unknown, never a heartbeat', () => {
  expect(read({ type: 'somethingNew', deviceId: 'c1' })).toEqual({ is: 'unknown', type: 'somethingNew' })
})

test('missing optional fields are undefined, wrong ones too', () => {
  const message = read({
    type: 'deviceStatus',
    deviceId: 'c1',
    payload: { blueIntensity: 4, batteryLevel: 0.5 },
  })
  expect(message).toMatchObject({ is: 'status', batteryLevel: 0.5 })
  expect(message).not.toHaveProperty('isMonitoring', expect.anything())
  expect(message).not.toHaveProperty('blueIntensity', expect.anything())
})

test('messageId, group and replay are read from the envelope or the payload', () => {
  const inside = read({
    type: 'blueAlert',
    deviceId: 'c1',
    payload: { messageId: 'm', groupId: 'g', replay: true },
  })
  const outside = read({
    type: 'blueAlert',
    deviceId: 'c1',
    messageId: 'm',
    groupId: 'g',
    replay: true,
    payload: {},
  })
  for (const message of [inside, outside])
    expect(message).toMatchObject({ messageId: 'm', group: 'g', replay: true })
})

test('names are made printable', () => {
  const message = read({
    type: 'heartbeat',
    deviceId: ' c\u202e1\u0000 ',
    deviceName: 'Cafe\u0301\n',
    payload: {},
  })
  expect(message).toMatchObject({ deviceId: 'c1', deviceName: 'Café' })
})

test('the picture is shown as its size', () => {
  const imageData = 'A'.repeat(4000)
  const decoded = decode(
    Buffer.from(JSON.stringify({ type: 'blueAlert', deviceId: 'c1', payload: { imageData } })),
  )
  expect(textOf(decoded, 4096)).toContain('<picture 3000 bytes>')
})
