/** The parts without sockets: stays, boxes, the clock's offset, times, frames, words. */
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { LinkId } from '../../../../../src/contract/links.ts'
import { boxOf } from '../../../../../src/main/drivers/openeye/client/box.ts'
import { ClockOffset } from '../../../../../src/main/drivers/openeye/client/clock-offset.ts'
import { FrameRing } from '../../../../../src/main/drivers/openeye/client/frame-ring.ts'
import { Redactor } from '../../../../../src/main/drivers/openeye/client/redact.ts'
import {
  type Detection,
  detailOf,
  readDetections,
} from '../../../../../src/main/drivers/openeye/client/replies.ts'
import { serverAlert } from '../../../../../src/main/drivers/openeye/client/server-alert.ts'
import { Sightings } from '../../../../../src/main/drivers/openeye/client/sightings.ts'
import { expiryOf } from '../../../../../src/main/drivers/openeye/fields.ts'
import { decode } from '../../../../../src/main/drivers/openeye/messages.ts'
import { tokenOf } from './server.ts'

const t0 = Date.UTC(2026, 2, 1, 12)

function seen(person: string | null, atMs: number, confidence: number | null = 0.8): Detection {
  return { person, at: t0 + atMs, confidence, edges: { top: 10, right: 90, bottom: 80, left: 20 } }
}

describe('stays', () => {
  test('one face, seen again within 30 s, is one stay that grows', () => {
    const sightings = new Sightings()
    const [first] = sightings.buffer('front', [seen('Anna', 0, 0.7)])
    expect(first).toMatchObject({ isNew: true, stay: { sourceId: `face:front:Anna:${t0}`, count: 1 } })
    const [second] = sightings.buffer('front', [seen('Anna', 0, 0.7), seen('Anna', 29_000, 0.9)])
    expect(second).toMatchObject({
      isNew: false,
      stay: { sourceId: `face:front:Anna:${t0}`, count: 2, confidence: 0.9, lastAt: t0 + 29_000 },
    })
    const [third] = sightings.buffer('front', [seen('Anna', 29_000, 0.9), seen('Anna', 59_000, 0.6)])
    expect(third).toMatchObject({ isNew: true, stay: { at: t0 + 59_000, count: 1 } })
  })

  test('a buffer told again changes nothing', () => {
    const sightings = new Sightings()
    const buffer = [seen('Anna', 0), seen(null, 500), seen('Bob', 900)]
    expect(sightings.buffer('front', buffer)).toHaveLength(3)
    expect(sightings.buffer('front', buffer)).toEqual([])
  })

  test('cameras and people are kept apart, and nobody has a stay too', () => {
    const sightings = new Sightings()
    const ids = [
      ...sightings.buffer('a', [seen('Anna', 0), seen(null, 0)]),
      ...sightings.buffer('b', [seen('Anna', 0)]),
    ]
    expect(ids.map((change) => change.stay.sourceId)).toEqual([
      `face:a:Anna:${t0}`,
      `face:a:unknown:${t0}`,
      `face:b:Anna:${t0}`,
    ])
  })

  test('after a restart the same buffer gives the same ids', () => {
    const person = fc.constantFrom('Anna', 'Bob', null)
    fc.assert(
      fc.property(
        fc.array(fc.tuple(person, fc.integer({ min: 0, max: 200_000 })), { maxLength: 10 }),
        (rows) => {
          const buffer = rows.map(([who, at]) => seen(who, at)).toSorted((a, b) => a.at - b.at)
          // Told in growing pieces, as it was; and all at once, as after a restart.
          const grown = new Sightings()
          const ids = new Set<string>()
          for (let length = 1; length <= buffer.length; length += 1)
            for (const { stay } of grown.buffer('c', buffer.slice(0, length))) ids.add(stay.sourceId)
          const again = new Sightings().buffer('c', buffer).map((change) => change.stay.sourceId)
          expect(new Set(again)).toEqual(ids)
        },
      ),
    )
  })

  test('what the socket says makes a stay longer, and the buffer alone counts', () => {
    const sightings = new Sightings()
    expect(sightings.hint('c', seen('Anna', 0))).toMatchObject({ isNew: true, stay: { count: 0 } })
    const [told] = sightings.buffer('c', [seen('Anna', 200)])
    expect(told).toMatchObject({ isNew: false, stay: { sourceId: `face:c:Anna:${t0}`, count: 1 } })
    expect(sightings.hint('c', seen('Anna', 20_000)).stay).toMatchObject({ count: 1, lastAt: t0 + 20_000 })
  })
})

describe('boxes', () => {
  const size = { widthPx: 640, heightPx: 480 }
  test.each([
    [
      { top: 48, right: 320, bottom: 240, left: 64 },
      { x: 0.1, y: 0.1, width: 0.4, height: 0.4 },
    ],
    [
      { top: -10, right: 700, bottom: 500, left: -5 },
      { x: 0, y: 0, width: 1, height: 1 },
    ],
    [{ top: 10, right: 10, bottom: 20, left: 10 }, null],
    [{ top: 10, right: 5, bottom: 20, left: 10 }, null],
  ])('%j', (edges, box) => {
    const made = boxOf(edges, size)
    if (box === null) expect(made).toBeNull()
    else
      for (const [side, share] of Object.entries(box))
        expect(made).toHaveProperty(side, expect.closeTo(share, 9))
  })

  test('without a size or without edges there is none', () => {
    expect(boxOf({ top: 1, right: 2, bottom: 3, left: 1 }, undefined)).toBeNull()
    expect(boxOf(null, size)).toBeNull()
  })
})

test('the offset of the clock narrows with every answer, and follows when a clock is set', () => {
  const offset = new ClockOffset()
  expect(offset.ms).toBe(0)
  const real = 7_345
  for (let at = t0; at < t0 + 20_000; at += 730) {
    const server = at + 20 + real
    offset.note(new Date(Math.floor(server / 1000) * 1000).toUTCString(), at, at + 40)
  }
  expect(Math.abs(offset.ms - real)).toBeLessThan(60)
  const later = t0 + 30_000
  offset.note(new Date(later - 3_600_000).toUTCString(), later, later + 10)
  expect(Math.abs(offset.ms + 3_600_000)).toBeLessThan(1000)
  offset.note(undefined, later, later)
  offset.note('yesterday', later, later)
  expect(Math.abs(offset.ms + 3_600_000)).toBeLessThan(1000)
})

describe('times', () => {
  const local = (text: string) => new Date(text).getTime()
  test.each([
    ['utc', 'local', '2026-11-21T04:54:01.208181', Date.UTC(2026, 10, 21, 4, 54, 1, 208)],
    ['local', 'utc', '2026-11-21T04:54:01.208', local('2026-11-21T04:54:01.208')],
    ['local', 'local', '2026-11-21T04:54:01Z', Date.UTC(2026, 10, 21, 4, 54, 1)],
    ['utc', 'utc', '2026-11-21T04:54:01+07:00', Date.UTC(2026, 10, 20, 21, 54, 1)],
  ] as const)('statistics, zone %s, recognition %s: %s', (zone, recognitionZone, written, at) => {
    const text = JSON.stringify({
      type: 'statistics_update',
      timestamp: written,
      data: { face_recognition: { last_recognition: '2026-11-21T01:02:03.5' } },
    })
    const { message } = decode(Buffer.from(text), false, { zone, recognitionZone })
    const last = '2026-11-21T01:02:03.5'
    const lastRecognitionAt = recognitionZone === 'utc' ? Date.parse(`${last}Z`) : local(last)
    expect(message).toMatchObject({ is: 'statistics', at, figures: { lastRecognitionAt } })
  })

  test.each(['utc', 'local'] as const)('detections, recognition %s', (recognitionZone) => {
    const timestamp = '2026-11-21T01:02:03.5'
    const value = {
      c: { recent_faces: [{ name: 'Unknown', timestamp }, { name: 'x', timestamp: 'soon' }, 7] },
      d: 1,
    }
    const read = readDetections(value, { zone: 'utc', recognitionZone })
    const at = recognitionZone === 'utc' ? Date.parse(`${timestamp}Z`) : local(timestamp)
    expect([...(read ?? [])]).toEqual([['c', [{ person: null, confidence: null, at, edges: null }]]])
  })
})

test('the ring keeps four frames a second for eight seconds and finds the nearest', () => {
  const ring = new FrameRing()
  for (let ms = 0; ms <= 20_000; ms += 33)
    ring.push({ bytes: Buffer.from(String(ms)), widthPx: 1, heightPx: 1, receivedAt: t0 + ms })
  expect(ring.newest?.receivedAt).toBe(t0 + 19_998)
  const near = ring.nearest(t0 + 15_000)
  expect(Math.abs((near?.receivedAt ?? 0) - t0 - 15_000)).toBeLessThanOrEqual(150)
  expect(ring.nearest(t0 + 5000)).toBeNull()
  const large = new FrameRing()
  for (let ms = 0; ms <= 8000; ms += 250)
    large.push({ bytes: Buffer.alloc(500 * 1024), widthPx: 1, heightPx: 1, receivedAt: t0 + ms })
  expect(large.nearest(t0)).toBeNull()
  expect(large.nearest(t0 + 8000)).not.toBeNull()
})

test('secrets are taken out of text', () => {
  const redactor = new Redactor()
  redactor.know('s3cret!')
  expect(redactor.clean('a s3cret! b')).toBe('a … b')
  expect(redactor.clean('ws://x/y?token=abc&z=1')).toBe('ws://x/y?token=…&z=1')
  expect(redactor.clean('rtsp://admin:pa@ss@10.0.0.1/1')).toBe('rtsp://…@10.0.0.1/1')
  expect(redactor.clean(`see ${tokenOf({ sub: 'x' })}`)).toBe('see …')
})

test.each([
  [tokenOf({ exp: 1_800_000_000 }), 1_800_000_000_000],
  [tokenOf({ sub: 'x' }), null],
  [tokenOf({ exp: 'soon' }), null],
  [tokenOf({ exp: -5 }), null],
  ['no-token', null],
  ['a.!!!.c', null],
])('the end of %s', (token, at) => {
  expect(expiryOf(token)).toBe(at)
})

test.each([
  ['error', 'high'],
  ['warning', 'medium'],
  ['info', 'low'],
  ['', 'high'],
])('an alert of type %s is %s', (alert_type, priority) => {
  const text = JSON.stringify({
    type: 'alert',
    timestamp: '2026-03-01T12:00:00',
    alert_type,
    data: { message: 'Disk nearly full', camera_id: 'front' },
  })
  const { message } = decode(Buffer.from(text), false, { zone: 'utc', recognitionZone: 'local' })
  if (message.is !== 'alert') throw new Error(message.is)
  const fact = (now: number) => serverAlert(LinkId.parse('eye'), message, text, text, now)
  expect(fact(t0 + 1000)).toMatchObject({
    kind: 'server-alert',
    priority,
    device: 'front',
    text: 'Disk nearly full',
    raisedAt: t0,
    late: false,
    clockSuspect: false,
  })
  expect(fact(t0).sourceId).toMatch(/^sha256:[0-9a-f]{64}$/)
  expect(fact(t0 + 10 * 60_000)).toMatchObject({ late: true, clockSuspect: false })
  expect(fact(t0 - 2 * 3_600_000)).toMatchObject({ late: false, clockSuspect: true })
})

test('errors in the words of the server', () => {
  expect(detailOf({ detail: 'Person exists' })).toBe('Person exists')
  expect(detailOf({ detail: [{ loc: ['body', 'name'], msg: 'field required', type: 'x' }] })).toBe(
    'name: field required',
  )
  expect(detailOf('x')).toBeNull()
})

test('any bytes are read without throwing', () => {
  fc.assert(
    fc.property(fc.oneof(fc.json(), fc.string()), (text) => {
      decode(Buffer.from(text), false, { zone: 'utc', recognitionZone: 'local' })
    }),
  )
  const typed = fc.constantFrom('statistics_update', 'camera_event', 'alert', 'pong').chain((type) =>
    fc.record({
      type: fc.constant(type),
      data: fc.jsonValue(),
      timestamp: fc.jsonValue(),
      event_type: fc.jsonValue(),
    }),
  )
  fc.assert(
    fc.property(typed, (value) => {
      decode(Buffer.from(JSON.stringify(value)), false, { zone: 'utc', recognitionZone: 'local' })
    }),
  )
})
