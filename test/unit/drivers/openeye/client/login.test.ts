/** Logging in, staying logged in, and what is said when the server does not let us. */
import { afterEach, expect, test } from 'vitest'
import { openEyeClient } from '../../../../../src/main/drivers/openeye/index.ts'
import { type Clock, systemClock } from '../../../../../src/main/io/clock.ts'
import { json, statistics, TestServer, tokenOf } from './server.ts'
import { type ClientOptions, openClient, profileOf, slotOf, ward } from './stand.ts'

const open: { close(): unknown }[] = []
afterEach(async () => {
  for (const one of open.splice(0).reverse()) await one.close()
})

async function serve(): Promise<TestServer> {
  const server = await TestServer.start()
  open.push(server)
  return server
}

async function connect(server: TestServer, options: ClientOptions = {}) {
  const client = await openClient(server.url, options)
  open.push(client.link)
  return client
}

test('logs in with a form, opens the socket with the token, and is live when the server answers', async () => {
  const server = await serve()
  const { ledger } = await connect(server)
  await ledger.is('live')
  const [login] = server.asked('/api/token', 'POST')
  expect(login?.headers['content-type']).toBe('application/x-www-form-urlencoded')
  expect(Object.fromEntries(new URLSearchParams(login?.body.toString()))).toEqual({
    username: 'ward',
    password: 'Canary-Passw0rd!',
  })
  expect(server.tokensSeen).toEqual([...server.good])
})

test('what it says on the socket has no true, false or null in it', async () => {
  const server = await serve()
  const { ledger } = await connect(server)
  await ledger.is('live')
  expect(server.socketSaid.length).toBeGreaterThanOrEqual(2)
  for (const text of server.socketSaid) expect(text).not.toMatch(/true|false|null/)
  const said = server.socketSaid.map((text) => JSON.parse(text))
  expect(said).toContainEqual({
    type: 'subscribe',
    event_types: ['statistics_update', 'camera_event', 'alert'],
  })
  expect(said.find((one) => one.type === 'ping')?.timestamp).toMatch(/^\d{4}-.*Z$/)
})

test('a wrong password is refused in the words of the server, and is not tried again', async () => {
  const server = await serve()
  const { ledger, link, slot } = await connect(server, {
    credentials: { is: 'password', user: 'ward', password: 'wrong' },
  })
  const state = await ledger.is('refused')
  expect(state.reason).toBe('the server refused the login: Incorrect username or password')
  expect(server.asked('/api/token', 'POST')).toHaveLength(1)
  // Until somebody enters another.
  await slot.write(JSON.stringify(ward))
  link.retry()
  await ledger.is('live')
  expect(server.asked('/api/token', 'POST')).toHaveLength(2)
})

test('without credentials nothing is asked', async () => {
  const server = await serve()
  const { ledger } = await connect(server, { credentials: null })
  expect((await ledger.is('refused')).reason).toBe('enter user and password')
  expect(server.requests).toEqual([])
})

test('a server nobody has set up says where to do it', async () => {
  const server = await serve()
  server.routes.set('/api/setup/status', json({ setup_complete: false }))
  const { ledger } = await connect(server)
  expect((await ledger.is('refused')).reason).toBe(
    `this OpenEye server has not been set up: open ${server.url} in a browser and create its first user`,
  )
  expect(server.asked('/api/token', 'POST')).toEqual([])
})

test('a pasted token is used as it is; when it ends, a new one is asked for', async () => {
  const server = await serve()
  const token = tokenOf({ sub: 'ward', exp: Date.now() / 1000 + 600 })
  server.good.add(token)
  // Ten minutes are over when the test says so.
  let end = () => {}
  const after: Clock['after'] = (delayMs, run) => {
    if (delayMs < 500_000) return systemClock.after(delayMs, run)
    end = run
    return () => {}
  }
  const { ledger } = await connect(server, {
    credentials: { is: 'token', token },
    clock: { ...systemClock, after },
  })
  await ledger.is('live')
  expect(server.tokensSeen).toEqual([token])
  expect(server.asked('/api/token', 'POST')).toEqual([])
  end()
  expect((await ledger.is('refused')).reason).toBe('the pasted token has expired: paste a new one')
})

test('a pasted token the server does not know is refused', async () => {
  const server = await serve()
  const { ledger } = await connect(server, { credentials: { is: 'token', token: tokenOf({ sub: 'x' }) } })
  expect((await ledger.is('refused')).reason).toBe(
    'the server does not accept the pasted token: paste a new one',
  )
})

test('the token is renewed before it ends, without touching the socket', async () => {
  const server = await serve()
  server.lifeS = 3
  const { ledger } = await connect(server, { profile: { pollMs: 300 } })
  await ledger.is('live')
  const [socket] = server.sockets
  await server.until(() => server.tokens >= 2)
  const second = [...server.good][1]
  await server.until(() =>
    server.asked('/api/faces/detections').some((told) => told.headers.authorization === `Bearer ${second}`),
  )
  expect([...server.sockets]).toEqual([socket])
  expect(server.tokensSeen).toHaveLength(1)
  expect(ledger.of('link-reported').filter((fact) => fact.state.is === 'opening')).toHaveLength(1)
})

test('a token the server has forgotten is replaced by one new login', async () => {
  const server = await serve()
  const { ledger } = await connect(server, { profile: { pollMs: 200 } })
  await ledger.is('live')
  await server.until(() => server.asked('/api/faces/detections').length > 0)
  server.good.clear()
  await server.until(() => server.tokens === 2)
  const seen = server.asked('/api/faces/detections').length
  await server.until(() => server.asked('/api/faces/detections').length > seen + 1)
  expect(server.tokens).toBe(2)
  expect(ledger.state()?.is).toBe('live')
})

test('a password that was changed meanwhile is refused', async () => {
  const server = await serve()
  const { ledger } = await connect(server, { profile: { pollMs: 200 } })
  await ledger.is('live')
  server.password = 'another'
  server.good.clear()
  expect((await ledger.is('refused')).reason).toContain('Incorrect username or password')
})

test('a handshake refused with a good token says that there are too many sockets, and is not stormed', async () => {
  const server = await serve()
  server.deny = 403
  const { ledger } = await connect(server)
  const state = await ledger.reason('5 sockets per user')
  expect(state).toMatchObject({
    is: 'waiting',
    reason: 'the server allows 5 sockets per user; close one (5 open)',
  })
  // The polls go on meanwhile, and the socket is tried once in 15 s.
  const polling = await ledger.is('polling')
  expect(polling.reason).toContain('5 sockets per user')
  expect(server.tokensSeen).toHaveLength(1)
  expect(server.asked('/api/ws/status')).toHaveLength(1)
})

test('retry does not wait for the hold', async () => {
  const server = await serve()
  server.deny = 403
  const { ledger, link } = await connect(server)
  await ledger.reason('5 sockets per user')
  server.deny = null
  link.retry()
  await ledger.is('live')
})

test('a socket closed with 1008 is explained the same way', async () => {
  const server = await serve()
  const { ledger } = await connect(server)
  await ledger.is('live')
  server.deny = 403
  for (const socket of server.sockets) socket.close(1008, 'too_many_connections')
  await ledger.reason('5 sockets per user')
})

test('nobody listening is a reason in words, and is tried again', async () => {
  const gone = await TestServer.start()
  const { url } = gone
  await gone.close()
  const { link, ledger } = await openClient(url)
  open.push(link)
  expect((await ledger.is('waiting')).reason).toBe(`nothing listens at ${url}`)
  await ledger.until(() =>
    ledger.of('link-reported').some((fact) => (fact.state as { attempt?: number }).attempt === 3),
  )
})

test('secrets are in no fact and no log', async () => {
  const server = await serve()
  const { ledger, link } = await connect(server, { profile: { pollMs: 200 } })
  await ledger.is('live')
  const [token = ''] = server.good
  // A server that echoes what it should not.
  server.say({ type: 'camera_event', event_type: 'odd', camera_id: 'c', data: { message: `x ${token}` } })
  server.say({
    type: 'alert',
    alert_type: 'error',
    data: { url: `rtsp://admin:hunter22@10.0.0.9/1?token=${token}` },
  })
  server.say(statistics())
  await ledger.until(
    () => ledger.of('alert-raised').length > 0 && ledger.of('statistics-reported').length > 0,
  )
  for (const socket of server.sockets) socket.close(1011, `bad ${token}`)
  await ledger.is('waiting')
  server.deny = 403
  await ledger.reason('5 sockets per user')
  await link.close()
  const all = JSON.stringify(ledger.facts) + ledger.logged.join('\n')
  for (const secret of [...server.good, ward.is === 'password' ? ward.password : '', 'hunter22'])
    expect(all).not.toContain(secret)
})

test('the test of a link says step by step what works, and leaves nothing open', async () => {
  const server = await serve()
  const result = await openEyeClient.test(profileOf(server.url), slotOf(ward))
  expect(result).toEqual({
    ok: true,
    steps: [
      { ok: true, text: `${server.url} answers, and says it is well` },
      { ok: true, text: 'logged in' },
      { ok: true, text: 'the socket opens' },
      { ok: true, text: 'it has 0 cameras' },
    ],
  })
  await server.until(() => server.connections === 0)
  server.deny = 403
  const denied = await openEyeClient.test(profileOf(server.url), slotOf(ward))
  expect(denied.steps[2]?.text).toContain('5 sockets per user')
  const wrong = await openEyeClient.test(profileOf(server.url), slotOf(null))
  expect(wrong.steps.at(-1)).toEqual({ ok: false, text: 'enter user and password' })
  await server.until(() => server.connections === 0)
})
