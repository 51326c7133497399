/** The form of an RTSP camera: what is refused as typed, and how a pasted login leaves the address. */
import { describe, expect, test } from 'vitest'
import { LinkProfile } from '../../../../src/contract/links.ts'
import { kindOf } from '../../../../src/renderer/features/links/kinds/kinds.ts'
import {
  complaints,
  draftOf,
  emptyDraft,
  profileOf,
} from '../../../../src/renderer/features/links/profile-form.ts'

const empty = emptyDraft('rtsp-camera', 'rtsp-2')
const typedUrl = (url: string) => ({ ...empty, texts: { ...empty.texts, name: 'Door', url } })

test.each(['rtsp://192.168.1.64:554/stream1', 'RTSP://cam', 'rtsp://[::1]:8554/a?channel=1&subtype=1'])(
  '%s fits the contract, and comes back into the form as it was',
  (url) => {
    const profile = profileOf(typedUrl(url), [])
    expect(LinkProfile.safeParse(profile).success).toBe(true)
    if (profile !== null) expect(profileOf(draftOf(profile), [])).toEqual(profile)
  },
)

test.each([
  ['', 'rtsp-odd'],
  ['rtsp://', 'rtsp-odd'],
  ['http://192.168.1.64', 'rtsp-scheme'],
  ['192.168.1.64/stream1', 'rtsp-scheme'],
  ['rtsp:///stream1', 'rtsp-odd'],
  ['rtsp://cam/a#b', 'rtsp-odd'],
  ['rtsp://admin:secret@cam/a', 'url-secret'],
  [`rtsp://cam/${'a'.repeat(2048)}`, 'rtsp-odd'],
])('%s is complained about', (url, complaint) => {
  expect(complaints(typedUrl(url), [])).toEqual({ url: complaint })
})

test('a place of more than 120 characters is too long', () => {
  const draft = typedUrl('rtsp://cam/a')
  const long = { ...draft, texts: { ...draft.texts, location: 'x'.repeat(121) } }
  expect(complaints(long, [])).toEqual({ location: 'too-long' })
})

describe('a pasted login', () => {
  const { takeLogin } = kindOf('rtsp-camera')

  test.each([
    ['rtsp://admin:secret@cam:554/a?x=1', 'rtsp://cam:554/a?x=1', 'admin', 'secret'],
    ['rtsp://admin:p%40ss%3A@cam/a', 'rtsp://cam/a', 'admin', 'p@ss:'],
    ['rtsp://admin:p@ss@cam/a', 'rtsp://cam/a', 'admin', 'p@ss'],
    ['rtsp://admin:100%@cam/a', 'rtsp://cam/a', 'admin', '100%'],
    ['rtsp://admin@cam/a', 'rtsp://cam/a', 'admin', ''],
  ])('%s', (pasted, url, user, password) => {
    expect(takeLogin?.({ name: 'Door', url: pasted })).toEqual({
      texts: { name: 'Door', url },
      user,
      password,
    })
  })

  test.each(['rtsp://cam/a', 'rtsp://', 'http://admin:secret@cam', 'nothing'])('%s has none', (url) => {
    expect(takeLogin?.({ url })).toBeNull()
  })
})
