/** The profile form: what is refused as typed, and that what passes fits the contract. */
import { describe, expect, test } from 'vitest'
import { LinkProfile } from '../../../../src/contract/links.ts'
import {
  complaints,
  type Draft,
  draftOf,
  emptyDraft,
  freshId,
  isLoopback,
  ladders,
  profileOf,
} from '../../../../src/renderer/features/links/profile-form.ts'

const hub: Draft = { ...emptyDraft('blue-light-hub', 'hub-2'), name: 'Second hub' }
const client: Draft = {
  ...emptyDraft('blue-light-client', 'relay-2'),
  name: 'Relay',
  url: 'wss://relay.example/ws',
}
const present = LinkProfile.parse({
  id: 'hub',
  driver: 'blue-light-hub',
  name: 'Device hub',
  enabled: true,
  host: '127.0.0.1',
  port: 8765,
  heartbeatMs: 30_000,
})

describe('a draft that passes', () => {
  test.each([hub, client, ...ladders.map((ladder) => ({ ...client, ladder }))])(
    'fits the contract',
    (draft) => {
      const profile = profileOf(draft, [present])
      expect(LinkProfile.safeParse(profile).success).toBe(true)
      if (profile) expect(profileOf(draftOf(profile), [present])).toEqual(profile)
    },
  )

  test('editing a link does not complain about its own name and port', () => {
    expect(complaints(draftOf(present), [present])).toEqual({})
  })
})

test.each<[Partial<Draft>, object]>([
  [{ name: ' ' }, { name: 'name-missing' }],
  [{ name: 'x'.repeat(81) }, { name: 'name-long' }],
  [{ name: 'device HUB' }, { name: 'name-taken' }],
  [{ host: '' }, { host: 'host-missing' }],
  [{ host: 'ws://10.0.0.1' }, { host: 'host-is-url' }],
  [{ host: '10.0.0.256' }, { host: 'host-odd' }],
  [{ host: '10.0 .0.1' }, { host: 'host-odd' }],
  [{ port: '70000' }, { port: 'port-range' }],
  [{ port: '-1' }, { port: 'port-range' }],
  [{ port: '80.5' }, { port: 'port-range' }],
  [{ port: '8765' }, { port: 'port-taken' }],
  [{ heartbeatS: '0.2' }, { heartbeatS: 'heartbeat-range' }],
  [{ heartbeatS: '' }, { heartbeatS: 'heartbeat-range' }],
  [{ heartbeatS: 'soon' }, { heartbeatS: 'heartbeat-range' }],
])('hub %j', (change, expected) => {
  const draft = { ...hub, ...change }
  expect(complaints(draft, [present])).toEqual(expected)
  expect(profileOf(draft, [present])).toBeNull()
})

test.each<[Partial<Draft>, object]>([
  [{ url: 'ws://' }, { url: 'url-missing' }],
  [{ url: 'http://relay' }, { url: 'url-http' }],
  [{ url: 'relay.example' }, { url: 'url-scheme' }],
  [{ url: 'ws://exa mple' }, { url: 'url-odd' }],
  [{ url: 'ws://me:word@relay' }, { url: 'url-secret' }],
  [{ deviceId: '' }, { deviceId: 'device-missing' }],
  [{ group: 'x'.repeat(129) }, { group: 'too-long' }],
])('client %j', (change, expected) => {
  expect(complaints({ ...client, ...change }, [present])).toEqual(expected)
})

test('a fresh id is not one of those taken', () => {
  expect(freshId('blue-light-hub', [])).toBe('hub-2')
  expect(freshId('blue-light-client', ['relay-2', 'relay-3'])).toBe('relay-4')
})

test.each([
  ['127.0.0.1', true],
  ['localhost', true],
  ['[::1]', true],
  ['0.0.0.0', false],
  ['192.168.1.4', false],
  ['127.evil.example', false],
])('%s is loopback: %s', (host, expected) => {
  expect(isLoopback(host)).toBe(expected)
})
