/** Messages in both forms: what is written, what is understood, and that no bytes break it. */
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { keyOf, withKey } from '../../../../src/main/drivers/owt/address.ts'
import { Boxes, inPicture } from '../../../../src/main/drivers/owt/boxes.ts'
import {
  readMessage,
  shownPicture,
  withoutPictures,
  writePicture,
} from '../../../../src/main/drivers/owt/codec.ts'
import { Dialects } from '../../../../src/main/drivers/owt/dialects.ts'
import { Redactor } from '../../../../src/main/drivers/owt/redact.ts'

const about = { frameId: 'x-1', at: Date.UTC(2026, 0, 2, 3, 4, 5, 678), widthPx: 640, heightPx: 480 }
const jpeg = Uint8Array.from({ length: 1000 }, (_, n) => (n * 7) & 255)

function said(message: unknown) {
  return readMessage(Buffer.from(JSON.stringify(message)), false, 'utc')
}

function result(face: object, more: object = {}) {
  const read = said({ type: 'frameResult', data: { faces: [face], ...more } })
  if (read.is !== 'result') throw new Error(read.is)
  return read
}

describe('a picture', () => {
  test('in the deployed form is its base64 and nothing else', () => {
    const message = JSON.parse(writePicture('deployed', about, jpeg).toString())
    expect(message).toEqual({ type: 'processFrame', image: Buffer.from(jpeg).toString('base64') })
  })

  test("in the document's form carries what the document says", () => {
    const message = JSON.parse(writePicture('document', about, jpeg.subarray(1)).toString())
    expect(message).toEqual({
      type: 'frame',
      data: {
        frameId: 'x-1',
        timestamp: '2026-01-02T03:04:05.678Z',
        imageData: Buffer.from(jpeg.subarray(1)).toString('base64'),
        format: 'jpeg',
        width: 640,
        height: 480,
      },
    })
  })

  test('is shown to people as its size', () => {
    expect(shownPicture('deployed', about, 48_211)).toBe(
      '{"type":"processFrame","image":"<JPEG, 48,211 bytes>"}',
    )
    const crop = 'A'.repeat(300)
    expect(withoutPictures(`{"face_data":"${crop}"}`)).toBe('{"face_data":"<300 characters>"}')
  })
})

describe('an answer', () => {
  test("is understood in the document's form", () => {
    const face = {
      faceId: 'face_abc123',
      box: [10, 20, 30, 40],
      confidence: 0.95,
      isRecognized: true,
      personId: 'emp_001',
      employeeName: 'Nguyễn Lan',
    }
    const data = { frameId: 'x-1', timestamp: '2024-12-28T15:00:00.000Z', status: 'face_found' }
    expect(result(face, data)).toEqual({
      is: 'result',
      frameId: 'x-1',
      at: Date.UTC(2024, 11, 28, 15),
      status: 'face_found',
      processingMs: null,
      unread: 0,
      faces: [
        {
          person: 'Nguyễn Lan',
          confidence: 0.95,
          box: { field: 'box', numbers: [10, 20, 30, 40] },
          mask: null,
          age: null,
          gender: null,
          isCheckedIn: false,
        },
      ],
    })
  })

  test('is understood in the deployed form, with what a check-in adds', () => {
    const face = {
      faceId: 'lan',
      isRecognized: true,
      confidence: 1.2,
      gender: 'female',
      age: 31.4,
      mask: 'no_mask',
      bbox: [1, 2, 3, 4],
    }
    const read = result(face, { isCheckinSent: true, processingTime: 9, faceImagePath: 'https://x/y.jpg' })
    expect(read).toMatchObject({ frameId: null, processingMs: 9 })
    expect(read.faces).toEqual([
      {
        person: 'lan',
        confidence: 1,
        box: { field: 'bbox', numbers: [1, 2, 3, 4] },
        mask: false,
        age: 31,
        gender: 'female',
        isCheckedIn: true,
      },
    ])
  })

  test.each([
    [true, true],
    [false, false],
    ['mask', true],
    ['With Mask', true],
    ['no_mask', false],
    ['without-mask', false],
    ['perhaps', null],
    [0.4, null],
  ])('mask %j is %s', (mask, expected) => {
    expect(result({ mask }).faces[0]?.mask).toBe(expected)
  })

  test.each<[object, object, string | null]>([
    [{ isRecognized: false, faceId: 'face_1' }, {}, null],
    [{ isRecognized: true, personId: 'emp_1' }, {}, 'emp_1'],
    [{ personId: 'emp_1' }, {}, 'emp_1'],
    [{ faceId: 'face_1' }, {}, null],
    [{ isRecognized: true }, { employeeName: 'Lan' }, 'Lan'],
    [{ isRecognized: true, personId: 17 }, {}, '17'],
    [{ isRecognized: true }, {}, 'recognised, no name given'],
  ])('%j beside %j is %s', (face, more, expected) => {
    expect(result(face, more).faces[0]?.person).toBe(expected)
  })

  test('a check-in is about the face that was recognised', () => {
    const faces = [{ isRecognized: false }, { isRecognized: true, faceId: 'lan' }]
    const read = said({ type: 'frameResult', data: { faces, isCheckinSent: true } })
    if (read.is !== 'result') throw new Error(read.is)
    expect(read.faces.map(({ isCheckedIn }) => isCheckedIn)).toEqual([false, true])
  })

  test('no face at all is a result', () => {
    expect(said({ type: 'frameResult', data: {} })).toMatchObject({ is: 'result', faces: [] })
    expect(said({ type: 'frameResult', data: { faces: null } })).toMatchObject({ is: 'result', faces: [] })
    expect(said({ type: 'frameResult', data: { faces: [7, {}] } })).toMatchObject({ unread: 1 })
  })

  test('what else may come', () => {
    expect(said({ type: 'error', message: 'no' })).toEqual({ is: 'error', frameId: null, words: 'no' })
    expect(said({ type: 'error', error: 'nope' })).toMatchObject({ words: 'nope' })
    expect(said({ type: 'error' })).toMatchObject({ words: 'an error without words' })
    expect(said({ type: 'pong' })).toEqual({ is: 'chatter', type: 'pong' })
    expect(said({ type: 'surprise' })).toEqual({ is: 'unknown', type: 'surprise' })
    expect(said([1])).toMatchObject({ is: 'bad' })
    expect(said({ type: 'frameResult' })).toMatchObject({ is: 'bad' })
    expect(said({ type: 'frameResult', data: { faces: 'none' } })).toMatchObject({ is: 'bad' })
    expect(readMessage(Buffer.from([1, 2]), true, 'utc')).toMatchObject({ is: 'bad' })
    expect(readMessage(Buffer.from('['.repeat(5000)), false, 'utc')).toMatchObject({ is: 'bad' })
    expect(readMessage(Buffer.from('{"__proto__":{}}'), false, 'utc')).toMatchObject({ is: 'bad' })
  })

  test('never throws, and what it gives is within its limits', () => {
    const value = fc.oneof(
      fc.jsonValue(),
      fc.constant('mask'),
      fc.double(),
      fc.array(fc.double(), { maxLength: 5 }),
    )
    const face = fc.dictionary(
      fc.constantFrom(
        'faceId',
        'bbox',
        'box',
        'confidence',
        'isRecognized',
        'age',
        'gender',
        'mask',
        'employeeName',
      ),
      value,
    )
    const data = fc.record({
      frameId: value,
      timestamp: value,
      faces: fc.oneof(value, fc.array(face)),
      status: value,
    })
    fc.assert(
      fc.property(data, (data) => {
        const read = readMessage(Buffer.from(JSON.stringify({ type: 'frameResult', data })), false, 'local')
        if (read.is !== 'result') return
        expect(read.faces.length).toBeLessThanOrEqual(50)
        const boxes = new Boxes('auto')
        for (const { confidence, age, box } of read.faces) {
          if (confidence !== null) expect(confidence >= 0 && confidence <= 1).toBe(true)
          if (age !== null) expect(Number.isInteger(age)).toBe(true)
          const square = box === null ? null : boxes.read(box, { widthPx: 640, heightPx: 640 })
          const placed = square && inPicture(square, { x: -0.1, y: 0, width: 1.2, height: 1 })
          if (placed) {
            expect(placed.x >= 0 && placed.y >= 0).toBe(true)
            expect(placed.x + placed.width).toBeLessThanOrEqual(1 + 1e-9)
            expect(placed.y + placed.height).toBeLessThanOrEqual(1 + 1e-9)
            expect(placed.width > 0 && placed.height > 0).toBe(true)
          }
        }
      }),
    )
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), fc.boolean(), (bytes, isBinary) => {
        readMessage(Buffer.from(bytes), isBinary, 'utc')
      }),
    )
  })
})

describe('the key', () => {
  test('travels in the address, and is nowhere else', () => {
    const kept = JSON.stringify({ is: 'token', token: 'k&y=Ω-1234' })
    const { address, key } = withKey('wss://faces.example/ws?room=1', kept)
    expect(new URL(address).searchParams.get('apiKey')).toBe('k&y=Ω-1234')
    expect(new URL(address).searchParams.get('room')).toBe('1')
    const redactor = new Redactor()
    redactor.know(key)
    for (const text of [address, `bad key k&y=Ω-1234!`, 'GET /?apiKey=other HTTP/1.1'])
      expect(redactor.clean(text)).not.toMatch(/1234|other/)
    expect(keyOf(null)).toBeNull()
    expect(keyOf('{')).toBeNull()
    expect(withKey('wss://faces.example/', null)).toEqual({ address: 'wss://faces.example/', key: null })
  })
})

test('auto tries one form, then the other; what worked is left only after two silences', () => {
  const dialects = new Dialects('auto')
  expect(dialects.present).toBe('deployed')
  dialects.silence()
  expect(dialects.present).toBe('document')
  dialects.heard()
  dialects.silence()
  expect(dialects.present).toBe('document')
  dialects.silence()
  expect(dialects.present).toBe('deployed')
  const fixed = new Dialects('document')
  for (let n = 0; n < 5; n += 1) fixed.silence()
  expect(fixed.present).toBe('document')
})
