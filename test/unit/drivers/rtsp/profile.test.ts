/** What main lets through as an RTSP camera's profile, and whom its password is for. */
import { expect, test } from 'vitest'
import { audienceOf, checkProfile } from '../../../../src/main/link-checks.ts'
import { profileOf } from './stand.ts'

test.each([
  ['rtsp://admin:Canary@cam/a', 'The address carries a password'],
  ['rtsp://admin@cam/a', 'The address carries a password'],
  ['http://cam/a', '"http://cam/a" is not the address of an RTSP camera'],
  ['cam', '"cam" is not the address of an RTSP camera'],
])('%s is refused, and a password is not quoted', (url, message) => {
  expect(() => checkProfile(profileOf(url))).toThrow(message)
  expect(() => checkProfile(profileOf(url))).not.toThrow('Canary')
})

test('an address without a password passes', () => {
  expect(() => checkProfile(profileOf('rtsp://192.168.1.64:554/stream1'))).not.toThrow()
})

test('the password of one camera is not for another', () => {
  const of = (url: string) => audienceOf(profileOf(url))
  expect(of('rtsp://cam-1/a')).toBe(of('rtsp://CAM-1/b'))
  expect(of('rtsp://cam-1/a')).not.toBe(of('rtsp://cam-2/a'))
  expect(of('rtsp://cam-1/a')).not.toBe(of('rtsp://cam-1:8554/a'))
})
