/** What strangers send the hub: malformed frames, hostile JSON, pictures that are none, floods, half-open sockets. */
import { randomBytes } from 'node:crypto'
import { once } from 'node:events'
import { connect, type Socket } from 'node:net'
import { afterEach, expect, test } from 'vitest'
import { WebSocket } from 'ws'
import { connectionLimits } from '../../../../src/main/drivers/blue-light/connection.ts'
import { peerLimits } from '../../../../src/main/io/peer.ts'
import { HandClock } from './hand-clock.ts'
import { alert, register, type Stand, type StandOptions, startStand, TestDevice } from './stand.ts'

const open: { close(): unknown }[] = []
afterEach(async () => {
  for (const one of open.splice(0).reverse()) await one.close()
  expect(Object.hasOwn(Object.prototype, 'polluted')).toBe(false)
})

async function stand(options: StandOptions = {}): Promise<Stand> {
  const started = await startStand(options)
  open.push(started)
  return started
}

async function device(url: string): Promise<TestDevice> {
  const connected = await TestDevice.connect(url)
  open.push(connected)
  return connected
}

/** A TCP socket that has done the handshake by hand and answers nothing by itself. */
async function rawPeer(port: number, headers: readonly string[] = [], host = `127.0.0.1:${port}`) {
  const socket: Socket = connect(port, '127.0.0.1')
  socket.on('error', () => {})
  open.push({ close: () => socket.destroy() })
  await once(socket, 'connect')
  const lines = [
    'GET / HTTP/1.1',
    `Host: ${host}`,
    'Connection: Upgrade',
    'Upgrade: websocket',
    'Sec-WebSocket-Version: 13',
    `Sec-WebSocket-Key: ${randomBytes(16).toString('base64')}`,
    ...headers,
  ]
  socket.write(`${lines.join('\r\n')}\r\n\r\n`)
  const [answer] = await once(socket, 'data')
  return { socket, answer: String(answer) }
}

/** A masked client frame with an all-zero mask. */
function frame(firstByte: number, payload: Buffer, claimed = payload.length): Buffer {
  const header = claimed < 126 ? Buffer.from([firstByte, 0x80 | claimed]) : Buffer.alloc(10)
  if (claimed >= 126) {
    header[0] = firstByte
    header[1] = 0x80 | 127
    header.writeBigUInt64BE(BigInt(claimed), 2)
  }
  return Buffer.concat([header, Buffer.alloc(4), payload])
}

function ended(socket: Socket): Promise<unknown> {
  socket.resume()
  return socket.closed ? Promise.resolve() : once(socket, 'close')
}

async function stillServes(url: string): Promise<void> {
  const camera = await device(url)
  camera.send(alert('survivor', randomBytes(8).toString('hex')))
  await camera.until(() => camera.acks().length === 1)
}

const badFrames: readonly (readonly [string, Buffer])[] = [
  ['four bytes of nonsense', Buffer.from([0xff, 0xff, 0xff, 0xff])],
  ['an unmasked frame', Buffer.from([0x81, 0x02, 0x7b, 0x7d])],
  ['a reserved bit, as of a compressed frame', frame(0xc1, Buffer.from('{}'))],
  ['bad UTF-8', frame(0x81, Buffer.from([0x22, 0xc3, 0x28, 0x22]))],
  ['a length of 2^53', frame(0x81, Buffer.alloc(0), 2 ** 53)],
  ['a length just over the limit', frame(0x81, Buffer.alloc(0), 1_572_865)],
  ['a close frame with a bad code', frame(0x88, Buffer.from([0x00, 0x01]))],
  [
    '65 fragments',
    Buffer.concat([frame(0x01, Buffer.from(' ')), ...Array(65).fill(frame(0x00, Buffer.from(' ')))]),
  ],
]

test.each(badFrames)('%s ends that socket and nothing else', async (_name, bytes) => {
  const { url, port } = await stand()
  const { socket } = await rawPeer(port)
  socket.write(bytes)
  await ended(socket)
  await stillServes(url)
})

test('compression is offered in vain', async () => {
  const { port } = await stand()
  const { answer } = await rawPeer(port, ['Sec-WebSocket-Extensions: permessage-deflate'])
  expect(answer).toMatch(/^HTTP\/1.1 101/)
  expect(answer.toLowerCase()).not.toContain('extensions')
})

const doors: readonly (readonly [string, readonly string[], string | undefined, number])[] = [
  ['a device', [], undefined, 101],
  ['a page of this host', ['Origin: http://127.0.0.1:PORT'], undefined, 101],
  ['a page from elsewhere', ['Origin: https://evil.example'], undefined, 403],
  ['a page of another port', ['Origin: http://127.0.0.1:1'], undefined, 403],
  ['a sandboxed page', ['Origin: null'], undefined, 403],
  ['a rebound name', ['Origin: http://evil.example:PORT'], 'evil.example:PORT', 403],
  ['a foreign name without a page', [], 'evil.example', 403],
  ['localhost', [], 'localhost:PORT', 101],
]

test.each(doors)('the door answers %s', async (_name, headers, host, status) => {
  const { port } = await stand()
  const filled = headers.map((line) => line.replace('PORT', String(port)))
  const { answer } = await rawPeer(port, filled, host?.replace('PORT', String(port)))
  expect(Number(answer.split(' ')[1])).toBe(status)
})

const badTexts: readonly (readonly [string, string, string])[] = [
  ['not JSON', '{"type":', 'bad-json'],
  ['5,000 levels', `${'['.repeat(5000)}${']'.repeat(5000)}`, 'too-deep'],
  ['__proto__', '{"type":"heartbeat","deviceId":"c1","__proto__":{"polluted":1}}', 'forbidden-key'],
  ['an escaped __proto__', '{"type":"heartbeat","\\u005f_proto__":{"polluted":1}}', 'forbidden-key'],
  [
    'constructor',
    '{"type":"heartbeat","payload":{"constructor":{"prototype":{"polluted":1}}}}',
    'forbidden-key',
  ],
  ['a repeated key', '{"type":"heartbeat","deviceId":"c1","deviceId":"c2"}', 'duplicate-key'],
  ['an array', '[1,2]', 'not-an-object'],
  ['no type', '{"deviceId":"c1"}', 'no-type'],
  ['no deviceId', '{"type":"blueAlert","payload":{"intensity":1}}', 'no-device-id'],
  ['an empty deviceId', '{"type":"blueAlert","deviceId":"\\u200b ","payload":{}}', 'no-device-id'],
  [
    '11 KiB beside the picture',
    `{"type":"heartbeat","deviceId":"c1","x":"${'x'.repeat(11_000)}"}`,
    'too-large',
  ],
]

test.each(badTexts)('%s is answered with an error and counted', async (_name, text, code) => {
  const { ledger, url } = await stand()
  const peer = await device(url)
  peer.send(text)
  const said = await peer.until((heard) => heard.find((one) => one.type === 'error'))
  expect(said.payload?.code).toBe(code)
  await ledger.until(() => ledger.link()?.counters.badMessages === 1)
  expect(ledger.raised).toEqual([])
  peer.send(alert('c1', 'm1'))
  await peer.until(() => peer.acks().length === 1)
})

test('nonsense without end is closed with 1008', async () => {
  const { url } = await stand()
  const peer = await device(url)
  for (let sent = 0; sent < 25; sent += 1) peer.send('nonsense')
  expect(await peer.closed).toBe(1008)
  await stillServes(url)
})

test('binary messages are refused without a disconnect', async () => {
  const { url } = await stand()
  const peer = await device(url)
  peer.socket.send(Buffer.from(JSON.stringify(alert('c1', 'm1'))), { binary: true })
  const said = await peer.until((heard) => heard.find((one) => one.type === 'error'))
  expect(said.payload?.code).toBe('binary')
})

const quick = { pingEveryMs: 200, pongWithinMs: 200, sweepEveryMs: 20, stallMs: 200, assemblyMs: 600 }

test('a peer that stops answering pings is gone within ping + deadline', async () => {
  const clock = new HandClock(Date.now())
  const { ledger, port } = await stand({ clock })
  const { socket } = await rawPeer(port)
  socket.write(frame(0x81, Buffer.from(JSON.stringify(register('c1')))))
  await ledger.until(() => ledger.device('c1')?.state === 'live')
  // A sweep each quarter of a second: the first one takes note of what was heard, the ping leaves five seconds later.
  const { pingEveryMs, pongWithinMs, sweepEveryMs } = peerLimits
  clock.advance(pingEveryMs + pongWithinMs - sweepEveryMs)
  expect(ledger.device('c1')?.state).toBe('live')
  clock.advance(3 * sweepEveryMs)
  await ledger.until(() => ledger.device('c1')?.state === 'disconnected')
  await ended(socket)
})

test('half a message and then nothing is cut', async () => {
  const { port, ledger } = await stand({ limits: { peer: { ...quick, pingEveryMs: 10_000 } } })
  const { socket } = await rawPeer(port)
  const whole = frame(0x81, Buffer.from(JSON.stringify(register('c1'))))
  socket.write(whole.subarray(0, 50))
  await ended(socket)
  expect(ledger.device('c1')).toBeUndefined()
})

test('a message dribbled byte by byte is cut when its time is over', async () => {
  const { port } = await stand({ limits: { peer: quick } })
  const { socket } = await rawPeer(port)
  socket.setNoDelay(true)
  const dribble = setInterval(() => socket.write('x'), 50)
  socket.write(frame(0x81, Buffer.alloc(0), 10_000))
  await ended(socket)
  clearInterval(dribble)
})

test('a flood of alerts is read more slowly and none is lost', async () => {
  const limits = { alertBurst: 20 }
  const { ledger, url } = await stand({ limits, settings: { alertsPerMinute: 6000 } })
  const camera = await device(url)
  // 100/s after a burst of 20: the last of 80 is due after 0.6 s.
  const before = performance.now()
  for (let sent = 0; sent < 400; sent += 1)
    camera.send(alert('c1', `m${sent}`, { message: 'x'.repeat(450), note: 'y'.repeat(8000) }))
  await camera.until(() => camera.acks().length === 400)
  expect(performance.now() - before).toBeGreaterThan(3000)
  expect(ledger.committed.size).toBe(400)
  expect(ledger.link()?.counters.pauses).toBeGreaterThan(0)
})

test('a store that stands still pauses the sockets instead of filling the memory', async () => {
  const { ledger, url } = await stand({
    settings: { alertsPerMinute: 1_000_000 },
    limits: { alertBurst: 100_000 },
  })
  ledger.mode = 'held'
  const camera = await device(url)
  for (let sent = 0; sent < 3000; sent += 1) camera.send(alert('c1', `m${sent}`, { note: 'y'.repeat(4000) }))
  await ledger.until(() => ledger.link()?.counters.pauses === 1)
  // One chunk of 64 KiB may already be in the parser when the socket is paused.
  expect(ledger.raised.length).toBeLessThanOrEqual(connectionLimits.uncommitted + 20)
  ledger.mode = 'at-once'
  ledger.release()
  await camera.until(() => camera.acks().length === 3000)
  expect(ledger.committed.size).toBe(3000)
})

test('a monitor that does not read is closed with 1013 or cut, and others are not held up', async () => {
  const { ledger, url } = await stand({
    settings: { alertsPerMinute: 1_000_000 },
    limits: { alertBurst: 100_000 },
  })
  const slow = await device(url)
  slow.send(register('slow', { mode: 'monitor' }))
  await slow.flush()
  slow.socket.pause()
  const camera = await device(url)
  const imageData = randomBytes(700_000).toString('base64')
  for (let sent = 0; sent < 24; sent += 1) {
    camera.send(alert('c1', `m${sent}`, { imageData }))
    await camera.until(() => camera.acks().length === sent + 1)
  }
  await ledger.until(() => ledger.device('slow')?.state === 'disconnected')
})

test('names without end do not fill the memory', async () => {
  const { ledger, url } = await stand({ limits: { statusPerSecond: 1_000_000, statusBurst: 1_000_000 } })
  const peer = await device(url)
  for (let sent = 0; sent < 6000; sent += 1)
    peer.send({ type: 'heartbeat', deviceId: `n${sent}`, timestamp: Date.now(), payload: {} })
  await ledger.until(() => ledger.link()?.counters.messagesIn === 6000)
  peer.send(alert('n5999', 'm1'))
  await peer.until(() => peer.acks().length === 1)
  const states = new Map(ledger.of('device-reported').map(({ device: { id, state } }) => [id, state]))
  expect([...states.values()].filter((state) => state === 'live').length).toBeLessThanOrEqual(256)
})

test('more connections than allowed are told so', async () => {
  const { url } = await stand({ limits: { maxPeers: 2 } })
  await device(url)
  await device(url)
  const third = new WebSocket(url)
  third.on('error', () => {})
  const [, response] = await once(third, 'unexpected-response')
  expect(response.statusCode).toBe(503)
  third.terminate()
})
