/**
 * A simulated OpenEye 3.4.0 over real sockets, with the ways of the deployed server that its guide does not tell. It shares no
 * code with the app. What happens in front of its cameras is said by a test, or happens by itself in the demo.
 */
import { randomBytes } from 'node:crypto'
import { once } from 'node:events'
import { createServer, type Server } from 'node:http'
import { chanceFrom } from '../blue-light/chance.ts'
import { Building, detectEveryMs, type RunningCamera } from './building.ts'
import type { Faults, OpenEyeOptions, User } from './options.ts'
import { answerer } from './routes.ts'
import { Sockets } from './sockets.ts'
import { type StreamCount, Streams } from './streams.ts'
import { utc } from './times.ts'
import { signToken, userOfToken } from './token.ts'

export interface Sight {
  /** How long they stay in the picture, looked at every two seconds. 0: looked at once. */
  readonly stayMs?: number
  /** How long they are in the picture before the first look; then nothing is seen yet when the call returns. */
  readonly leadMs?: number
  readonly confidence?: number
  /** When; now unless said. */
  readonly at?: number
}

export interface OpenEyeSim {
  /** `http://127.0.0.1:PORT` */
  readonly url: string
  readonly port: number
  /** The first user's. */
  readonly user: string
  readonly password: string
  readonly building: Building
  /** Requests since start, by method and path. */
  readonly requests: ReadonlyMap<string, number>
  /** Client texts that got no reply, and handshakes that were refused. */
  readonly dropped: number
  readonly refused: number
  token(user?: string): string
  /** Open statistics sockets. */
  sockets(): number
  streams(): StreamCount[]
  addPerson(name: string, photos?: number): void
  /** Somebody known, or a stranger, comes before a camera. */
  see(camera: string, person: string | null, sight?: Sight): void
  /** Never sent by the deployed server, which has the code for it and no caller: only told ones go out. */
  cameraEvent(camera: string, eventType: string, data?: object): void
  /** The same. */
  alert(alertType: 'error' | 'warning' | 'info', data: object): void
  /** Figures now, not at the next turn. */
  broadcast(): void
  /** Any text to every socket, as malformed as the test wants it. */
  say(message: { readonly type: string } & Readonly<Record<string, unknown>>): void
  setFault(faults: Partial<Faults>): void
  /** Every socket and stream is torn, without a goodbye. */
  cutSockets(): void
  /** Stops listening and tears what is open; `accept` listens again on the same port. */
  refuse(): Promise<void>
  accept(): Promise<void>
  close(): Promise<void>
}

export async function startOpenEye(options: OpenEyeOptions = {}): Promise<OpenEyeSim> {
  const { host = '127.0.0.1', statisticsMs = 5000, tokenLifeS = 1800, framesPerSecond = 30 } = options
  const log = options.log ?? (() => {})
  const key = randomBytes(32).toString('hex')
  const users: readonly User[] = options.users ?? [
    { user: 'operator', password: `Sim-${randomBytes(6).toString('hex')}!`, role: 'admin' },
  ]
  const [first] = users
  if (first === undefined) throw new Error('a simulated server needs a user')
  const building = new Building(options)
  const chance = chanceFrom(options.seed ?? 1)
  const userOf = (token: string) => {
    const name = userOfToken(token, key, Date.now())
    return users.find((each) => each.user === name) ?? null
  }
  const tokenFor = (user: User) => signToken(user.user, Date.now() + tokenLifeS * 1000, key)
  const sockets = new Sockets(building, userOf, (user) => users.indexOf(user) + 1)
  const streams = new Streams(framesPerSecond, building.faults)
  const requests = new Map<string, number>()
  const handle = answerer({
    building,
    sockets,
    streams,
    options,
    requests,
    userOf,
    tokenFor,
    find: (name, password) => users.find((each) => each.user === name && each.password === password) ?? null,
  })
  const timers = new Set<NodeJS.Timeout>()
  let server: Server | null = null
  let port = options.port ?? 0

  function later(ms: number, run: () => void): void {
    const timer = setTimeout(() => {
      timers.delete(timer)
      run()
    }, ms)
    timers.add(timer)
  }
  function repeat(ms: number, run: () => void): void {
    later(ms, () => {
      run()
      repeat(ms, run)
    })
  }

  async function listen(): Promise<void> {
    const opening = createServer(handle)
    opening.on('upgrade', (request, socket, head) => {
      socket.on('error', () => {})
      sockets.accept(request, socket, head)
    })
    opening.listen(port, host)
    await once(opening, 'listening')
    const address = opening.address()
    if (address !== null && typeof address === 'object') port = address.port
    server = opening
  }

  async function stop(): Promise<void> {
    const closing = server
    server = null
    if (closing === null) return
    const closed = once(closing, 'close')
    closing.close()
    sockets.cut()
    closing.closeAllConnections()
    await closed
  }

  function cameraOf(name: string): RunningCamera {
    const camera = building.cameras.get(name)
    if (camera === undefined) throw new Error(`there is no camera ${name}`)
    return camera
  }

  function see(name: string, person: string | null, sight: Sight = {}): void {
    const camera = cameraOf(name)
    const { stayMs = 0, leadMs = 0, confidence = 0.62 + chance.between(0, 0.3), at = Date.now() } = sight
    // One look more than the stay, so that whoever fetches the picture of it still finds them there.
    camera.enter(person, at + leadMs + stayMs + detectEveryMs)
    const look = (when: number) => {
      building.detect(camera, person, Math.round(confidence * 1000) / 1000, when)
      log({ event: 'seen', camera: name, person: person ?? 'Unknown', at: new Date(when).toISOString() })
    }
    if (leadMs === 0) look(at)
    for (let after = leadMs === 0 ? detectEveryMs : 0; after <= stayMs; after += detectEveryMs)
      later(leadMs + after, () => look(Date.now()))
  }

  function tellEvent(name: string, eventType: string, data: object): void {
    const timestamp = utc(Date.now(), building.dialect)
    sockets.tell({ type: 'camera_event', timestamp, camera_id: name, event_type: eventType, data })
  }

  const running = () => [...building.cameras.values()].filter((camera) => camera.isRunning)
  const pick = <Item>(items: readonly Item[]) => items[Math.floor(chance.next() * items.length)]

  function seeSomebody(): void {
    const camera = pick(running())
    const person = chance.next() < 0.2 ? null : pick([...building.people.keys()])
    if (camera !== undefined) see(camera.name, person ?? null, { leadMs: 1000, stayMs: 6000 })
  }

  function happen(everyMs: number | null | undefined, run: () => void): void {
    if (everyMs === null || everyMs === undefined) return
    later(everyMs * chance.between(0.6, 1.4), () => {
      run()
      happen(everyMs, run)
    })
  }

  await listen()
  // The server's own clock: whoever connects waits up to one turn for the first.
  repeat(statisticsMs, () => sockets.tellFigures())
  happen(options.seeEveryMs, seeSomebody)
  happen(options.eventEveryMs, () => {
    const camera = pick(running())
    if (camera !== undefined) tellEvent(camera.name, 'motion_detected', { details: 'Motion detected' })
  })

  return {
    url: `http://${host}:${port}`,
    port,
    user: first.user,
    password: first.password,
    building,
    requests,
    get dropped() {
      return sockets.dropped
    },
    get refused() {
      return sockets.refused
    },
    token: (name) => tokenFor(users.find((each) => each.user === name) ?? first),
    sockets: () => sockets.count,
    streams: () => streams.counts(),
    addPerson(name, photos = 1) {
      building.addPerson(name, photos)
      building.train()
    },
    see,
    cameraEvent: (name, eventType, data = {}) => tellEvent(name, eventType, data),
    alert(alertType, data) {
      sockets.tell({
        type: 'alert',
        timestamp: utc(Date.now(), building.dialect),
        alert_type: alertType,
        data,
      })
    },
    broadcast: () => sockets.tellFigures(),
    say: (message) => sockets.tell(message),
    setFault: (faults) => void Object.assign(building.faults, faults),
    cutSockets() {
      sockets.cut()
      streams.close()
    },
    refuse: stop,
    accept: listen,
    async close() {
      for (const timer of timers) clearTimeout(timer)
      streams.close()
      await stop()
    },
  }
}
