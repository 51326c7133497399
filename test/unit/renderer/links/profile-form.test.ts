/** The profile form: what is refused as typed, and that what passes fits the contract. */
import { describe, expect, test } from 'vitest'
import { LinkProfile } from '../../../../src/contract/links.ts'
import { isLoopback } from '../../../../src/renderer/features/links/kinds/address.ts'
import type { Texts } from '../../../../src/renderer/features/links/kinds/kind.ts'
import {
  complaints,
  type Draft,
  draftOf,
  emptyDraft,
  freshId,
  profileOf,
} from '../../../../src/renderer/features/links/profile-form.ts'

function typedIn(draft: Draft, texts: Texts): Draft {
  return { ...draft, texts: { ...draft.texts, ...texts } }
}

const hub = typedIn(emptyDraft('blue-light-hub', 'hub-2'), { name: 'Second hub' })
const client = typedIn(emptyDraft('blue-light-client', 'relay-2'), {
  name: 'Relay',
  url: 'wss://relay.example/ws',
})
const openEye = typedIn(emptyDraft('openeye-client', 'openeye-2'), {
  name: 'OpenEye',
  url: 'http://192.168.1.30:8000',
})
const owt = typedIn(emptyDraft('owt-client', 'owt-2'), { name: 'Faces', url: 'wss://faces.example.org' })
const vehicle = typedIn(emptyDraft('oht50-client', 'vehicle-2'), {
  name: 'Line 1',
  vehicle: 'OHT-50-001',
  httpUrl: 'http://192.168.1.50:8080',
})
const openEyeServer = typedIn(emptyDraft('openeye-server', 'openeye-server-2'), { name: 'For dashboards' })
const gateway = typedIn(emptyDraft('oht50-gateway', 'gateway-2'), { name: 'For others' })
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
  test.each([
    hub,
    client,
    ...['lan', 'steady-5s', 'document'].map((ladder) => typedIn(client, { ladder })),
    openEye,
    typedIn(openEye, { zone: 'local', recognitionZone: 'utc', keepStreams: 'yes', pollS: '2.5' }),
    owt,
    ...['deployed', 'document'].map((dialect) => typedIn(owt, { dialect, zone: 'local' })),
    ...['xywh-px', 'xyxy-px', 'xywh-norm', 'tlbr-px'].map((boxFormat) => typedIn(owt, { boxFormat })),
    vehicle,
    typedIn(vehicle, {
      httpUrl: '',
      socketUrl: 'ws://192.168.1.50:8081',
      backendUrl: 'ws://192.168.1.51:8000',
      pollS: '0.25',
    }),
    gateway,
    typedIn(gateway, {
      viewersNeedToken: '',
      port: '0',
      tokenMinutes: '525600',
      origins: 'https://two.example',
    }),
    openEyeServer,
    typedIn(openEyeServer, { origins: 'http://one.example:3000\nhttps://two.example ' }),
  ])('fits the contract', (draft) => {
    const profile = profileOf(draft, [present])
    expect(LinkProfile.safeParse(profile).success).toBe(true)
    if (profile) expect(profileOf(draftOf(profile), [present])).toEqual(profile)
  })

  test('editing a link does not complain about its own name and port', () => {
    expect(complaints(draftOf(present), [present])).toEqual({})
  })
})

test.each<[Texts, object]>([
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
  const draft = typedIn(hub, change)
  expect(complaints(draft, [present])).toEqual(expected)
  expect(profileOf(draft, [present])).toBeNull()
})

test.each<[Texts, object]>([
  [{ url: 'ws://' }, { url: 'url-missing' }],
  [{ url: 'http://relay' }, { url: 'url-http' }],
  [{ url: 'relay.example' }, { url: 'url-scheme' }],
  [{ url: 'ws://exa mple' }, { url: 'url-odd' }],
  [{ url: 'ws://me:word@relay' }, { url: 'url-secret' }],
  [{ deviceId: '' }, { deviceId: 'device-missing' }],
  [{ group: 'x'.repeat(129) }, { group: 'too-long' }],
])('client %j', (change, expected) => {
  expect(complaints(typedIn(client, change), [present])).toEqual(expected)
})

test.each<[Texts, object]>([
  [{ url: 'http://' }, { url: 'web-missing' }],
  [{ url: 'ws://10.0.0.5:8000' }, { url: 'web-ws' }],
  [{ url: '10.0.0.5:8000' }, { url: 'web-scheme' }],
  [{ url: 'http://me:word@10.0.0.5' }, { url: 'url-secret' }],
  [{ url: 'http://10.0.0.5/?token=abc' }, { url: 'web-odd' }],
  [{ pollS: '1' }, { pollS: 'poll-range' }],
  [{ pollS: '' }, { pollS: 'poll-range' }],
])('OpenEye client %j', (change, expected) => {
  expect(complaints(typedIn(openEye, change), [present])).toEqual(expected)
})

test.each<[Texts, object]>([
  [{ port: '8765' }, { port: 'port-taken' }],
  [{ broadcastS: '0.5' }, { broadcastS: 'broadcast-range' }],
  [{ tokenMinutes: '0' }, { tokenMinutes: 'token-range' }],
  [{ tokenMinutes: '1441' }, { tokenMinutes: 'token-range' }],
  [{ origins: 'dashboard.example' }, { origins: 'origin-odd' }],
  [{ origins: 'http://dashboard.example/path' }, { origins: 'origin-odd' }],
  [
    { origins: Array.from({ length: 21 }, (_, n) => `http://h${n}.example`).join('\n') },
    { origins: 'origin-odd' },
  ],
])('OpenEye server %j', (change, expected) => {
  expect(complaints(typedIn(openEyeServer, change), [present])).toEqual(expected)
})

test.each<[Texts, object]>([
  [{ port: '8765' }, { port: 'port-taken' }],
  [{ host: '' }, { host: 'host-missing' }],
  [{ tokenMinutes: '525601' }, { tokenMinutes: 'gateway-token-range' }],
  [{ tokenMinutes: '' }, { tokenMinutes: 'gateway-token-range' }],
  [{ origins: 'dashboard.example' }, { origins: 'origin-odd' }],
])('gateway %j', (change, expected) => {
  expect(complaints(typedIn(gateway, change), [present])).toEqual(expected)
})

test.each<[Texts, object]>([
  [{ url: 'wss://' }, { url: 'url-missing' }],
  [{ url: 'https://faces.example.org' }, { url: 'url-http' }],
  [{ url: 'wss://faces.example.org/?apiKey=abc' }, { url: 'url-key' }],
  [{ url: 'wss://faces.example.org/?access_token=abc' }, { url: 'url-key' }],
  [{ url: 'wss://faces.example.org/?room=1' }, {}],
])('OWT client %j', (change, expected) => {
  expect(complaints(typedIn(owt, change), [present])).toEqual(expected)
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

test.each<[Texts, object]>([
  [{ vehicle: ' ' }, { vehicle: 'vehicle-odd' }],
  [{ vehicle: 'x'.repeat(61) }, { vehicle: 'vehicle-odd' }],
  [{ httpUrl: 'http://' }, { httpUrl: 'vehicle-url-missing' }],
  [{ httpUrl: 'ws://192.168.1.50:8081' }, { httpUrl: 'web-ws' }],
  [{ socketUrl: 'http://192.168.1.50:8081' }, { socketUrl: 'url-http' }],
  [{ backendUrl: 'ws://user:word@192.168.1.51' }, { backendUrl: 'url-secret' }],
  [{ pollS: '0.1' }, { pollS: 'vehicle-poll-range' }],
])('vehicle over the network %j', (change, expected) => {
  expect(complaints(typedIn(vehicle, change), [present])).toEqual(expected)
})
