/** Link profiles on their way to a file and back. */
import { expect, test } from 'vitest'
import { LinkProfile } from '../../../../src/contract/links.ts'
import {
  readProfiles,
  withoutSecrets,
  writeProfiles,
} from '../../../../src/renderer/features/links/profile-file.ts'

const hub = LinkProfile.parse({
  id: 'hub',
  driver: 'blue-light-hub',
  name: 'Device hub',
  enabled: true,
  host: '127.0.0.1',
  port: 8765,
  heartbeatMs: 30_000,
})
const relay = LinkProfile.parse({
  id: 'relay-2',
  driver: 'blue-light-client',
  name: 'Relay',
  enabled: false,
  url: 'wss://relay.example/ws?room=',
  group: 'east',
  deviceId: 'watchfloor',
  ladder: 'document',
})

test('what is written can be read back', () => {
  const read = readProfiles(writeProfiles([hub, relay]), [hub])
  expect(read?.map((one) => one.profile)).toEqual([hub, relay])
  expect(read?.map((one) => one.replaces)).toEqual([true, false])
})

test('nothing secret is written', () => {
  const secret = {
    ...relay,
    url: 'wss://me:pass-word@relay.example/ws?token=abc123&room=7#frag',
  } as LinkProfile
  const text = writeProfiles([secret])
  for (const word of ['pass-word', 'abc123', 'frag', 'me:']) expect(text).not.toContain(word)
  expect(withoutSecrets(secret)).toMatchObject({ url: 'wss://relay.example/ws?token=&room=' })
})

test('one bad entry does not spoil the others', () => {
  const text = JSON.stringify({
    format: 'watchfloor-links',
    version: 1,
    profiles: [relay, { ...relay, id: 'relay-3', name: 'Other', url: 'http://x' }, { driver: 'toaster' }, 7],
  })
  const read = readProfiles(text, [])
  expect(read?.map((one) => [one.profile !== null, one.why])).toEqual([
    [true, ''],
    [false, 'url'],
    [false, 'driver'],
    [false, 'driver'],
  ])
})

test.each(['', 'hello', '[]', '{}', '{"format":"other","profiles":[]}'])('%j is no profile file', (text) => {
  expect(readProfiles(text, [])).toBeNull()
})
