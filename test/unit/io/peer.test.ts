/** Deadlines of a peer by a clock in the test's hand: who is silent is hung up on, who was only not read by us is not. */
import { once } from 'node:events'
import { afterEach, expect, test } from 'vitest'
import { WebSocket } from 'ws'
import { systemClock } from '../../../src/main/io/clock.ts'
import { listen } from '../../../src/main/io/listen.ts'
import { type Peer, peerLimits } from '../../../src/main/io/peer.ts'

const { pingEveryMs, pongWithinMs, sweepEveryMs } = peerLimits

const ends: (() => unknown)[] = []
afterEach(async () => {
  for (const end of ends.splice(0).reverse()) await end()
})

/** A peer that answers pings, and what the server says of its end; `sweep` moves the clock and looks. */
async function stand() {
  let now = 0
  let looks = () => {}
  const clock = {
    ...systemClock,
    monotonic: () => now,
    every: (_: number, run: () => void) => {
      looks = run
      return () => {}
    },
  }
  const closed: string[] = []
  const peers: Peer[] = []
  const server = await listen({
    ...{ host: '127.0.0.1', port: 0, clock, refused() {} },
    peer(peer) {
      peers.push(peer)
      return { message() {}, closed: (_, reason) => void closed.push(reason) }
    },
  })
  ends.push(() => server.close())
  const socket = new WebSocket(`ws://127.0.0.1:${server.port}`)
  ends.push(() => socket.terminate())
  await once(socket, 'open')
  const sweep = (ms: number) => {
    now += ms
    looks()
  }
  return {
    closed,
    socket,
    sweep,
    /** As when everything runs in time; nothing is read meanwhile, as it is one turn. */
    pass(ms: number) {
      for (let left = ms; left > 0; left -= sweepEveryMs) sweep(sweepEveryMs)
    },
  }
}

test('no answer in time is the end, after a ping and its deadline', async () => {
  const { closed, pass } = await stand()
  pass(pingEveryMs + pongWithinMs - sweepEveryMs)
  expect(closed).toEqual([])
  pass(2 * sweepEveryMs)
  expect(closed).toEqual(['no answer to ping'])
})

test('a process that did not run hangs up on nobody: what was answered meanwhile has not been read yet', async () => {
  const { closed, pass, sweep, socket } = await stand()
  pass(pingEveryMs + sweepEveryMs)
  await once(socket, 'ping')
  // The answer is under way or here, and this process stands still for a minute: the timer comes before the socket.
  sweep(60_000)
  expect(closed).toEqual([])
  // And who does not answer after that is found as ever.
  pass(pingEveryMs + pongWithinMs - sweepEveryMs)
  expect(closed).toEqual([])
  pass(2 * sweepEveryMs)
  expect(closed).toEqual(['no answer to ping'])
})
