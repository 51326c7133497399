/** Clients that do not read, do not finish, die, or send what no client sends: the others notice nothing, and memory stays. */
import { once } from 'node:events'
import { connect, type Socket } from 'node:net'
import { afterEach, describe, expect, it } from 'vitest'
import { WebSocket } from 'ws'
import { moduleRow } from '../../../fakes/vehicles.ts'
import { closeAll, dataOf, later, Screen, type Stand, startStand } from './stand.ts'

afterEach(closeAll)

/** A revolution of about 20 kB. */
const points = Array.from({ length: 1500 }, (_, n) => [n % 360, 1000 + n] as const)

function rawSocket(screen: Screen): Socket {
  const raw = Reflect.get(screen.socket, '_socket')
  if (raw === undefined) throw new Error('no socket')
  return raw as Socket
}

async function handshake(stand: Stand): Promise<Socket> {
  const socket = connect(stand.port, '127.0.0.1')
  later(() => {
    socket.destroy()
  })
  socket.on('error', () => {})
  socket.write(
    `GET / HTTP/1.1\r\nHost: 127.0.0.1\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Key: ${Buffer.alloc(16).toString('base64')}\r\nSec-WebSocket-Version: 13\r\nAuthorization: Bearer ${await stand.token()}\r\n\r\n`,
  )
  await once(socket, 'data')
  return socket
}

const revolutions = (screen: Screen) =>
  screen
    .of('lidar')
    .flatMap((told) => (dataOf(told).kind === 'scan' ? [Number(dataOf(told).revolution)] : []))

describe('a client that does not read', () => {
  it('costs the others nothing, keeps only what is newest, and gets that when it reads again', async () => {
    const stand = await startStand()
    const others = await Promise.all(Array.from({ length: 50 }, () => Screen.open(stand)))
    // The many watch the modules, one of them the laser too: it shows that all was sent.
    const [first, ...rest] = others
    if (first === undefined) throw new Error('nobody')
    for (const screen of rest) screen.say({ type: 'subscribe', data: { types: ['telemetry'] } })
    const slow = await Screen.open(stand)
    for (const screen of others) await screen.settled()
    rawSocket(slow).pause()
    const count = 1500
    for (let n = 1; n <= count; n += 1) {
      stand.vehicles.scan(n, points)
      stand.vehicles.module(moduleRow({ 'battery-voltage': n, soc: 80, output: 1 }))
      if (n % 10 === 0) await first.when(() => revolutions(first).at(-1) === n)
    }
    // Nothing was left out for anybody who reads.
    expect(revolutions(first)).toEqual(Array.from({ length: count }, (_, n) => n + 1))
    for (const screen of rest) {
      await screen.settled()
      const voltages = new Set(
        screen
          .of('telemetry')
          .flatMap((told) =>
            (dataOf(told).registers as { name: string; value: number }[]).flatMap(({ name, value }) =>
              name === 'battery-voltage' ? [value] : [],
            ),
          ),
      )
      for (let n = 1; n <= count; n += 1) expect(voltages.has(n)).toBe(true)
    }
    rawSocket(slow).resume()
    await slow.when(() => revolutions(slow).at(-1) === count)
    const last = await slow.when(() => {
      const whole = slow.of('telemetry').filter((told) => dataOf(told).complete === true)
      const registers = dataOf(whole.at(-1)).registers as { value: number }[] | undefined
      return registers?.[0]?.value === count && registers
    })
    expect(last).toMatchObject([{ value: count }, { value: 80 }, { value: 1 }])
    // What the system's own buffers held came first; the rest was never kept.
    expect(revolutions(slow).length).toBeLessThan(count * 0.75)
    // And from now on it is like the others.
    stand.vehicles.scan(count + 1, points)
    await slow.when(() => revolutions(slow).at(-1) === count + 1)
  })

  it('is let go in the end, with the reason', async () => {
    const stand = await startStand({ limits: { behindForMs: 200 } })
    const slow = await Screen.open(stand)
    await slow.settled()
    rawSocket(slow).pause()
    let n = 0
    const feed = setInterval(() => {
      for (let burst = 0; burst < 100; burst += 1) stand.vehicles.scan(++n, points)
    }, 5)
    later(() => clearInterval(feed))
    await stand.until('live')
    await stand.until('listening')
    clearInterval(feed)
    rawSocket(slow).resume()
    expect(await slow.closed).toEqual({ code: 1013, reason: 'reads too slowly' })
  })

  it('and does not answer pings is gone soon', async () => {
    const stand = await startStand({
      limits: { peer: { pingEveryMs: 50, pongWithinMs: 100, sweepEveryMs: 20 } },
    })
    await handshake(stand)
    await stand.until('live')
    await stand.until('listening')
  })
})

it('clients that die in the middle of it leave the others with every change', async () => {
  const stand = await startStand()
  const all = await Promise.all(Array.from({ length: 40 }, () => Screen.open(stand)))
  for (const screen of all) await screen.settled()
  const [doomed, lucky] = [all.slice(0, 20), all.slice(20)]
  for (let n = 1; n <= 200; n += 1) {
    stand.vehicles.scan(n, points.slice(0, 50))
    if (n % 10 === 0) doomed.pop()?.socket.terminate()
    await new Promise((resolve) => setImmediate(resolve))
  }
  for (const screen of lucky) {
    await screen.when(() => revolutions(screen).at(-1) === 200)
    expect(revolutions(screen)).toHaveLength(200)
  }
  expect((await stand.gateway.accounts.users()).find(({ user }) => user === 'ann')?.connections).toBe(20)
})

describe('what no client sends', () => {
  it.each([
    ['four bytes of nothing', Buffer.from([0xff, 0xff, 0xff, 0xff])],
    ['a frame without a mask', Buffer.from([0x81, 0x02, 0x7b, 0x7d])],
    ['a reserved opcode', Buffer.from([0x83, 0x80, 0, 0, 0, 0])],
    ['a control frame that is too long', Buffer.from([0x89, 0xfe, 0x01, 0x00])],
    ['a message of four gigabytes', Buffer.from([0x81, 0xff, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0, 0])],
    ['text that is no UTF-8', Buffer.from([0x81, 0x82, 0, 0, 0, 0, 0xc3, 0x28])],
  ])('%s ends that socket and no other', async (_name, bytes) => {
    const stand = await startStand()
    const screen = await Screen.open(stand)
    const raw = await handshake(stand)
    raw.write(bytes)
    raw.resume()
    await once(raw, 'close')
    await screen.settled()
  })

  it('messages that are too long, too deep, doubled or binary are refused in words', async () => {
    const stand = await startStand()
    const screen = await Screen.open(stand)
    screen.say(`${'['.repeat(4000)}${']'.repeat(4000)}`)
    screen.say('{"type":"ping","type":"commands"}')
    screen.say('{"type":"ping","__proto__":{"role":"admin"}}')
    screen.socket.send(Buffer.from('{}'), { binary: true })
    await screen.until('error', 4)
    expect(screen.of('error').map(({ message }) => message)).toEqual([
      'nested deeper than 32',
      'repeats a key',
      'uses a reserved key name',
      'messages are text',
    ])
    screen.say('x'.repeat(10_241))
    expect(await screen.closed).toMatchObject({ code: 1009 })
  })

  it('a flood of messages ends its socket, in words', async () => {
    const stand = await startStand({ limits: { messageBurst: 10, messagesPerSecond: 10, owesMostMs: 500 } })
    const [screen, other] = [await Screen.open(stand), await Screen.open(stand)]
    for (let n = 0; n < 100; n += 1) screen.say({ type: 'ping' })
    expect(await screen.closed).toEqual({ code: 1008, reason: 'too many messages' })
    await other.settled()
  })
})

it('five thousand connections that say nothing leave room again', { timeout: 60_000 }, async () => {
  const stand = await startStand()
  const screen = await Screen.open(stand)
  const token = await stand.token()
  const silent = Array.from({ length: 5000 }, () => {
    const socket = connect(stand.port, '127.0.0.1')
    socket.on('error', () => {})
    // What it is told at the end has to be read, or it does not notice that it is the end.
    return socket.resume()
  })
  later(() => {
    for (const socket of silent) socket.destroy()
  })
  await Promise.all(silent.map((socket) => Promise.race([once(socket, 'connect'), once(socket, 'close')])))
  // Whoever was there before is served meanwhile.
  await screen.settled()
  for (;;) {
    const late = new Screen(stand, ['bearer', token])
    const isIn = await Promise.race([
      late.until('ready').then(() => true),
      late.closed.then(() => false),
    ]).catch(() => false)
    if (isIn) break
    await once(silent.find((socket) => !socket.destroyed && !socket.closed) ?? screen.socket, 'close')
  }
})

it('no more clients than it holds', async () => {
  const stand = await startStand({ limits: { maxPeers: 3 } })
  const screens = await Promise.all([1, 2, 3].map(() => Screen.open(stand)))
  const fourth = new WebSocket(stand.url.replace('http', 'ws'))
  fourth.on('error', () => {})
  const [, response] = await once(fourth, 'unexpected-response')
  expect(response.statusCode).toBe(503)
  response.destroy()
  screens[0]?.socket.close()
  await screens[0]?.closed
  await Screen.open(stand)
})
