/** The forms of the cameras: what can be saved, and what is complained about in which words. */
import { expect, test } from 'vitest'
import { LinkProfile } from '../../../../src/contract/links.ts'
import type { Complaint, FieldName, Texts } from '../../../../src/renderer/features/links/kinds/kind.ts'
import { mjpegCamera } from '../../../../src/renderer/features/links/kinds/mjpeg-camera.ts'
import { stillCamera } from '../../../../src/renderer/features/links/kinds/still-camera.ts'
import { webcam } from '../../../../src/renderer/features/links/kinds/webcam.ts'

const base = { id: 'c' as never, name: 'Yard', enabled: true }
const good: Texts = { url: ' http://10.0.0.8:8080/video?channel=1 ', location: ' North ', ladder: 'lan' }

test('what the forms build is what the app takes, and reads back as it was typed', () => {
  const built = [
    mjpegCamera.build(base, good),
    webcam.build(base, { location: 'Desk' }),
    stillCamera.build(base, { path: '/srv/pictures', framesPerSecond: '0.5', location: '' }),
  ]
  for (const profile of built) expect(LinkProfile.parse(profile)).toEqual(profile)
  expect(built[0]).toMatchObject({ url: 'http://10.0.0.8:8080/video?channel=1', location: 'North' })
  expect(mjpegCamera.read({ ...built[0] })).toMatchObject({ location: 'North', ladder: 'lan' })
  expect(stillCamera.read({ ...built[2] })).toEqual({
    path: '/srv/pictures',
    framesPerSecond: '0.5',
    location: '',
  })
})

test('empty forms cannot be saved, and nothing odd makes one throw', () => {
  expect(mjpegCamera.complaints(mjpegCamera.empty, [])).toHaveProperty('url')
  expect(stillCamera.complaints(stillCamera.empty, [])).toHaveProperty('path')
  expect(webcam.complaints(webcam.empty, [])).toEqual({})
  for (const kind of [mjpegCamera, stillCamera, webcam])
    expect(() => kind.read({ url: 4, path: {}, framesPerSecond: [], location: null })).not.toThrow()
})

const cases: readonly [Texts, FieldName, Complaint][] = [
  [{ ...good, url: 'rtsp://10.0.0.8/1' }, 'url', 'stream-rtsp'],
  [{ ...good, url: 'http://' }, 'url', 'stream-odd'],
  [{ ...good, url: 'http://admin:x@10.0.0.8/video' }, 'url', 'url-secret'],
  [{ ...good, url: 'http://10.0.0.8/video#a' }, 'url', 'stream-odd'],
  [{ ...good, url: 'ws://10.0.0.8/video' }, 'url', 'web-ws'],
  [{ ...good, location: 'x'.repeat(121) }, 'location', 'too-long'],
]
test.each(cases)('%j: %s %s', (texts, field, complaint) => {
  expect(mjpegCamera.complaints(texts, [])).toEqual({ [field]: complaint })
})

test.each([
  ['pictures', '1', { path: 'path-odd' }],
  ['//server/share', '1', { path: 'path-odd' }],
  ['C:\\pictures', '1', {}],
  ['/srv', '0', { framesPerSecond: 'frame-rate' }],
  ['/srv', '31', { framesPerSecond: 'frame-rate' }],
  ['/srv', '', { framesPerSecond: 'frame-rate' }],
] as const)('a folder %s at %s a second', (path, framesPerSecond, expected) => {
  expect(stillCamera.complaints({ path, framesPerSecond, location: '' }, [])).toEqual(expected)
})
