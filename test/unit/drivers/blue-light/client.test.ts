/** The dialling driver against a real hub: registers, receives what is relayed, comes back, and says what is wrong. */

import { once } from 'node:events'
import { createServer } from 'node:http'
import { afterEach, expect, test } from 'vitest'
import { WebSocketServer } from 'ws'
import { LinkId } from '../../../../src/contract/links.ts'
import type { ClientProfile } from '../../../../src/main/drivers/blue-light/client.ts'
import { blueLightClient, blueLightHub } from '../../../../src/main/drivers/blue-light/index.ts'
import type { RunningLink } from '../../../../src/main/link.ts'
import { slotWith } from '../../../fakes/link-parts.ts'
import { alert, contextFor, hubProfile, Ledger, startStand, TestDevice } from './stand.ts'

const open: { close(): unknown }[] = []
afterEach(async () => {
  for (const one of open.splice(0).reverse()) await one.close()
})

function profile(url: string): ClientProfile {
  return {
    id: LinkId.parse('relay'),
    driver: 'blue-light-client',
    name: 'Relay',
    enabled: true,
    url,
    group: 'floor-1',
    deviceId: 'watchfloor-2',
    ladder: 'lan',
  }
}

async function client(url: string): Promise<{ link: RunningLink; ledger: Ledger }> {
  const ledger = new Ledger()
  const link = await blueLightClient.open(contextFor(profile(url), ledger))
  open.push(link)
  return { link, ledger }
}

const stateOf = (ledger: Ledger) => ledger.link()?.state.is

test('an alert relayed by a hub is kept here too, and both say received', async () => {
  const stand = await startStand()
  open.push(stand)
  const { ledger } = await client(stand.url)
  await stand.ledger.until(() => stand.ledger.device('watchfloor-2')?.role === 'monitor')
  const camera = await TestDevice.connect(stand.url)
  open.push(camera)
  camera.send(alert('c1', 'm1', { groupId: 'floor-1' }))
  const fact = await ledger.until(() => ledger.raised[0])
  expect(fact).toMatchObject({ source: 'relay', sourceId: 'm1', device: 'c1' })
  await ledger.until(() => stateOf(ledger) === 'live')
  expect(camera.acks()).toHaveLength(1)
})

test('a relay that was away is dialled again until it is there', async () => {
  const stand = await startStand()
  const { ledger } = await client(stand.url)
  await ledger.until(() => stateOf(ledger) === 'greeting')
  await stand.close()
  await ledger.until(() => stateOf(ledger) === 'waiting')
  await ledger.until(() => {
    const state = ledger.link()?.state
    return state?.is === 'waiting' && state.reason.includes('nothing listens')
  })
  const again = await startStand({ profile: { port: stand.port } })
  open.push(again)
  await again.ledger.until(() => again.ledger.device('watchfloor-2')?.state === 'live')
})

test('an echo server is not taken for a working relay', async () => {
  const server = new WebSocketServer({ port: 0, host: '127.0.0.1' })
  await once(server, 'listening')
  open.push({ close: () => new Promise((resolve) => server.close(resolve)) })
  const echoed = new Promise((resolve) => {
    server.on('connection', (socket) => {
      socket.on('message', (bytes) => {
        socket.send(bytes, { binary: false })
        resolve(null)
      })
    })
  })
  const bound = server.address()
  const { ledger } = await client(`ws://127.0.0.1:${typeof bound === 'object' ? bound?.port : 0}`)
  await echoed
  await ledger.until(() => (ledger.link()?.counters.messagesIn ?? 0) > 0)
  expect(stateOf(ledger)).toBe('greeting')
  expect(ledger.of('device-reported')).toEqual([])
})

const answers: readonly (readonly [string, number, string])[] = [
  ['a captive portal', 200, 'waiting'],
  ['a redirect', 302, 'waiting'],
  ['bad credentials', 401, 'refused'],
]

test.each(answers)('%s (%i) is named, not followed', async (_name, status, is) => {
  const server = createServer((_request, response) => {
    response.writeHead(status, { location: 'ws://127.0.0.1:1/' })
    response.end()
  }).listen(0, '127.0.0.1')
  server.on('upgrade', (_request, socket) => {
    socket.end(`HTTP/1.1 ${status} X\r\nLocation: ws://127.0.0.1:1/\r\nContent-Length: 0\r\n\r\n`)
  })
  await once(server, 'listening')
  open.push({ close: () => server.closeAllConnections() }, { close: () => server.close() })
  const bound = server.address()
  const { ledger } = await client(`ws://127.0.0.1:${typeof bound === 'object' ? bound?.port : 0}`)
  const state = await ledger.until(() => ledger.link()?.state.is === is && ledger.link()?.state)
  expect(JSON.stringify(state)).toContain(String(status))
})

test('an address that is none is refused at once', async () => {
  const { ledger } = await client('http://example.invalid')
  await ledger.until(() => stateOf(ledger) === 'refused')
})

test('the connection tests speak in steps and leave nothing open', async () => {
  const stand = await startStand()
  open.push(stand)
  const busy = await blueLightHub.test({ ...hubProfile, port: stand.port }, slotWith())
  expect(busy).toMatchObject({ ok: true })
  expect(busy.steps[0]?.text).toContain('already open')
  const free = await blueLightHub.test(hubProfile, slotWith())
  expect(free.steps.map((step) => step.ok)).toEqual([true, true, true])
  const dialled = await blueLightClient.test(profile(stand.url), slotWith())
  expect(dialled.ok).toBe(true)
  await stand.ledger.until(() => stand.ledger.link()?.peers === 0)
  const nobody = await blueLightClient.test(profile('ws://127.0.0.1:1'), slotWith())
  expect(nobody).toMatchObject({ ok: false, steps: [{ text: expect.stringContaining('nothing listens') }] })
})
