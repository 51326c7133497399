/**
 * A simulated RTSP camera (RFC 2326) over TCP, written apart from the product's client. Each session plays the clip from its
 * first frame, in a loop: the frame number painted into the pictures begins again at 0 with each loop, and the simulator
 * offsets nothing. Who needs numbers that never repeat counts the loops.
 */
import { createServer, type Socket } from 'node:net'
import { counterClip, readClip } from './clip.ts'
import { Conversation } from './conversation.ts'
import { Guard } from './guard.ts'
import { type Faults, noFaults, type RtspOptions } from './options.ts'

export interface RtspSim {
  /** Without credentials. */
  readonly url: string
  readonly user: string
  readonly password: string
  /** Switched while it runs; what is open follows. */
  readonly faults: Faults
  /** Sessions that play now. */
  readonly playing: number
  /** Every request line it got, in order, at most 1,000. */
  readonly requests: readonly string[]
  readonly authorizations: number
  readonly receiverReports: number
  readonly framesSent: number
  readonly packetsLost: number
  /** Every connection ends without a word. */
  hangUp(): void
  close(): Promise<void>
}

/** The generator of Park and Miller: the same seed, the same faults. */
function randomFrom(seed: number): () => number {
  let state = (seed % 2_147_483_646) + 1
  return () => {
    state = (state * 48_271) % 2_147_483_647
    return state / 2_147_483_647
  }
}

export async function startRtsp(options: RtspOptions = {}): Promise<RtspSim> {
  const { host = '127.0.0.1', path = 'live/main', auth = 'none' } = options
  const { user = 'viewer', password = 'Canary-Passw0rd!' } = options
  const faults: Faults = { ...noFaults, ...options.faults }
  const clip = readClip(options.clip ?? counterClip())
  const guard = new Guard(auth, user, password)
  const random = randomFrom(options.seed ?? 1)
  const requests: string[] = []
  const totals = { authorizations: 0, receiverReports: 0, framesSent: 0, packetsLost: 0 }
  const open = new Map<Socket, Conversation>()
  const server = createServer((socket) => {
    socket.setNoDelay(true)
    const conversation = new Conversation({
      socket,
      clip,
      faults,
      guard,
      random,
      path,
      framesPerSecond: options.framesPerSecond ?? 30,
      reportMs: options.reportMs ?? 1000,
      sessionTimeoutS: options.sessionTimeoutS ?? 60,
      sent: options.sent ?? (() => {}),
      asked: (line, isAuthorized) => {
        if (requests.length < 1000) requests.push(line)
        if (isAuthorized) totals.authorizations += 1
        options.log?.({ event: 'request', line })
      },
      reported: () => {
        totals.receiverReports += 1
      },
      played: (session) => {
        totals.framesSent += session.framesSent
        totals.packetsLost += session.packetsLost
      },
    })
    open.set(socket, conversation)
    socket.on('error', () => {})
    socket.on('close', () => {
      conversation.close()
      open.delete(socket)
    })
  })
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject)
    server.listen(options.port ?? 0, host, resolve)
  })
  const address = server.address()
  const port = typeof address === 'object' && address !== null ? address.port : 0
  const sum = (of: (one: Conversation) => number) => [...open.values()].reduce((all, one) => all + of(one), 0)
  return {
    url: `rtsp://${host}:${port}/${path}`,
    user,
    password,
    faults,
    requests,
    get playing() {
      return sum((one) => one.playing)
    },
    get authorizations() {
      return totals.authorizations
    },
    get receiverReports() {
      return totals.receiverReports
    },
    get framesSent() {
      return totals.framesSent + sum((one) => one.framesSent)
    },
    get packetsLost() {
      return totals.packetsLost + sum((one) => one.packetsLost)
    },
    hangUp() {
      for (const socket of open.keys()) socket.destroy()
    },
    close() {
      for (const socket of open.keys()) socket.destroy()
      return new Promise((resolve) => server.close(() => resolve()))
    },
  }
}
