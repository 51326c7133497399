/** The port, its HTTP half, and what the link says of itself. */
import { once } from 'node:events'
import { createServer } from 'node:net'
import { afterEach, expect, it } from 'vitest'
import { WebSocket } from 'ws'
import { oht50Gateway } from '../../../../src/main/drivers/oht50-gateway/index.ts'
import { slotWith } from '../../../fakes/link-parts.ts'
import { cart } from '../../../fakes/vehicles.ts'
import { closeAll, later, Screen, startStand } from './stand.ts'

afterEach(closeAll)

it('a port in use is waited for, with who has it, and had as soon as it is free', async () => {
  const holder = createServer().listen(0, '127.0.0.1')
  later(() => {
    holder.close()
  })
  await once(holder, 'listening')
  const bound = holder.address()
  const port = typeof bound === 'object' && bound !== null ? bound.port : 0
  const stand = await startStand({ profile: { port } })
  const state = stand.state()
  expect(state).toMatchObject({ is: 'waiting', reason: expect.stringContaining(`port ${port}`) })
  if (process.platform === 'linux')
    expect(state).toMatchObject({ reason: expect.stringContaining(`${process.pid}`) })
  holder.close()
  await once(holder, 'close')
  await stand.until('listening')
  const screen = await Screen.open(stand)
  await screen.settled()
})

it('retry has it at once', async () => {
  const holder = createServer().listen(0, '127.0.0.1')
  await once(holder, 'listening')
  const bound = holder.address()
  const stand = await startStand({ profile: { port: typeof bound === 'object' ? (bound?.port ?? 0) : 0 } })
  await stand.until('waiting')
  holder.close()
  await once(holder, 'close')
  stand.gateway.retry()
  await stand.until('listening')
})

it('listens until a client is there, is live with one, and listens again', async () => {
  const stand = await startStand()
  expect(stand.state()).toEqual({ is: 'listening' })
  const screen = await Screen.open(stand)
  expect((await stand.until('live')).is).toBe('live')
  screen.socket.close()
  await stand.until('listening')
  expect(stand.facts.filter((fact) => fact.type === 'link-reported').at(-1)).toMatchObject({ peers: 0 })
})

it('tells its health to everybody, more to whoever may watch, and nothing else', async () => {
  const stand = await startStand()
  await Screen.open(stand)
  const health = await (await stand.get('/health')).json()
  expect(health).toMatchObject({
    success: true,
    status: 'ok',
    clients: 1,
    uptime_ms: expect.any(Number),
    messages_sent: expect.any(Number),
    sources: [{ link: 'bus', vehicle_id: cart, source: 'bus', state: 'live', age_ms: expect.any(Number) }],
  })
  expect((await stand.get('/api/v1/status')).status).toBe(401)
  const authorization = `Bearer ${await stand.token()}`
  const status = await stand.get('/api/v1/status', { headers: { authorization } })
  expect(await status.json()).toMatchObject({
    clients_connected: 1,
    vehicles: [cart],
    modules: { total: 1, online: 1 },
  })
  const nowhere = await stand.get('/api/v1/robot/status?x=1')
  expect([nowhere.status, nowhere.headers.get('content-type')]).toEqual([404, 'application/json'])
  expect((await stand.get('/health', { method: 'POST' })).status).toBe(405)
})

it('lets pages of the origins on its list connect, and no others', async () => {
  const stand = await startStand({ profile: { viewersNeedToken: false } })
  const from = (origin: string) => new WebSocket(stand.url.replace('http', 'ws'), { origin })
  const good = from('https://wall.example')
  await once(good, 'open')
  good.terminate()
  const bad = from('https://evil.example')
  bad.on('error', () => {})
  const [, response] = await once(bad, 'unexpected-response')
  expect(response.statusCode).toBe(403)
  response.destroy()
  const login = await stand.get('/health', { headers: { origin: 'https://evil.example' } })
  expect(login.status).toBe(403)
  const allowed = await stand.get('/health', { headers: { origin: 'https://wall.example' } })
  expect(allowed.headers.get('access-control-allow-origin')).toBe('https://wall.example')
})

it('a test says in words whether the port can be had, also where this very gateway has it', async () => {
  const stand = await startStand()
  const free = await oht50Gateway.test(stand.profile, slotWith())
  expect(free).toMatchObject({ ok: true, steps: [{ text: /could be opened/ }, { text: /it answered/ }] })
  const own = await oht50Gateway.test({ ...stand.profile, port: stand.port }, slotWith())
  expect(own).toMatchObject({ ok: true, steps: [{ text: /is open already/ }, { text: /answered on/ }] })
  const other = createServer((socket) => socket.end('HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\nhi')).listen(
    0,
    '127.0.0.1',
  )
  later(() => {
    other.close()
  })
  await once(other, 'listening')
  const bound = other.address()
  const port = typeof bound === 'object' && bound !== null ? bound.port : 0
  const taken = await oht50Gateway.test({ ...stand.profile, port }, slotWith())
  expect(taken).toMatchObject({ ok: false, steps: [{ text: /in use/ }, { text: /no gateway of ours/ }] })
})

it('accounts that cannot be read are a state of the link, in words', async () => {
  const stand = await startStand()
  const facts: unknown[] = []
  const context = {
    profile: { ...stand.profile, port: 0 },
    settings: {} as never,
    clock: (await import('../../../../src/main/io/clock.ts')).systemClock,
    log: { error() {}, warn() {}, info() {}, debug() {} },
    knownDevices: [],
    secret: slotWith('not what was written'),
    site: stand.vehicles.site,
    vehicles: { knownModules: [], registerMaps: [], monitored: () => false, view: stand.vehicles },
    inspected: () => false,
    raise: () => Promise.reject(new Error('nothing is raised')),
    tell: (fact: unknown) => facts.push(fact),
  }
  const link = await oht50Gateway.open(context)
  later(() => link.close())
  expect(facts.at(-1)).toMatchObject({ type: 'link-reported', state: { is: 'refused', reason: /damaged/ } })
  await expect(link.accounts?.users()).rejects.toThrow(/damaged/)
  await context.secret.write(null)
  link.retry()
  while (!facts.some((fact) => JSON.stringify(fact).includes('"listening"')))
    await new Promise((resolve) => setImmediate(resolve))
  expect(await link.accounts?.users()).toEqual([])
})

it('leaves nothing behind when it is closed', async () => {
  const stand = await startStand()
  const screen = await Screen.open(stand)
  await stand.gateway.close()
  expect(await screen.closed).toEqual({ code: 1001, reason: 'going away' })
  expect(stand.vehicles.listeners).toBe(0)
  expect(stand.state()).toEqual({ is: 'stopped' })
})
