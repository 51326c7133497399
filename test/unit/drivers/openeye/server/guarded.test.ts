/** Who may ask and how often: pages of other origins, other names for this machine, bodies that make no sense, floods. */
import { afterEach, describe, expect, it } from 'vitest'
import { type Clock, systemClock } from '../../../../../src/main/io/clock.ts'
import { ask, head, json, Raw } from './raw.ts'
import { closeAll, password, startStand } from './stand.ts'

afterEach(closeAll)

const form = 'application/x-www-form-urlencoded'
const allowed = 'https://wall.example'

function post(body: string, headers: Record<string, string | number> = {}): string {
  return head('POST /api/token', { 'Content-Type': form, 'Content-Length': body.length, ...headers }) + body
}

/** Durations as the test says; the wall clock as it is. */
function handClock(): { clock: Clock; pass(ms: number): void } {
  let skewMs = 0
  const clock = { ...systemClock, monotonic: () => systemClock.monotonic() + skewMs }
  return { clock, pass: (ms) => (skewMs += ms) }
}

describe('pages and names', () => {
  it('a page of an allowed origin gets answers it may read, and asks first', async () => {
    const stand = await startStand()
    const token = await stand.token()
    const origin = { Origin: allowed }
    const paths = [
      '/api/health',
      '/api/cameras/',
      '/api/nothing',
      '/api/cameras/eye:door/snapshot',
      '/api/token',
    ]
    for (const path of paths)
      for (const bearer of [{}, { Authorization: `Bearer ${token}` }]) {
        const reply = await ask(stand, head(`GET ${path}`, { ...origin, ...bearer }))
        expect(reply.headers, path).toMatchObject({ 'access-control-allow-origin': allowed, vary: 'origin' })
        expect(reply.headers, path).not.toHaveProperty('access-control-allow-credentials')
      }
    const asking = { ...origin, 'Access-Control-Request-Method': 'GET' }
    const preflight = await ask(stand, head('OPTIONS /api/cameras/', asking))
    expect([preflight.status, preflight.headers]).toEqual([
      204,
      expect.objectContaining({
        'access-control-allow-origin': allowed,
        'access-control-allow-methods': 'GET, POST, OPTIONS',
        'access-control-allow-headers': 'authorization, content-type',
      }),
    ])
    const stream = new Raw(stand.port).say(head(`GET /api/cameras/eye:door/stream?token=${token}`, origin))
    const seen = await stream.until((bytes) => bytes.includes('\r\n\r\n') && bytes.toString())
    expect(seen).toContain(`access-control-allow-origin: ${allowed}`)
    stream.socket.destroy()
  })

  it('without an origin, and from this very host, nothing is said of origins', async () => {
    const stand = await startStand()
    const own = `127.0.0.1:${stand.port}`
    for (const headers of [{}, { Origin: `http://${own}` }]) {
      const reply = await ask(stand, head('GET /api/health', headers, own))
      expect(reply.status).toBe(200)
      expect(Object.keys(reply.headers).filter((name) => name.startsWith('access-control'))).toEqual([])
      const options = await ask(stand, head('OPTIONS /api/health', headers, own))
      expect([options.status, options.headers.allow]).toEqual([204, 'GET, POST, OPTIONS'])
      expect(Object.keys(options.headers).filter((name) => name.startsWith('access-control'))).toEqual([])
    }
  })

  it('other origins, and names that are not this machine, are refused before anything else', async () => {
    const stand = await startStand()
    const token = await stand.token()
    const bearer = { Authorization: `Bearer ${token}` }
    const origins = [
      'https://evil.example',
      'null',
      'https://wall.example.evil.example',
      'http://wall.example',
      '*',
    ]
    for (const Origin of [...origins, `http://localhost:${stand.port}`, `https://wall.example:444`])
      for (const line of ['GET /api/cameras/', 'OPTIONS /api/cameras/', 'POST /api/token']) {
        const raw = new Raw(stand.port).say(head(line, { Origin, ...bearer }, `127.0.0.1:${stand.port}`))
        await raw.closed
        expect(raw.text, `${Origin} ${line}`).toMatch(/^HTTP\/1\.1 403 /)
        expect(raw.text.toLowerCase()).not.toContain('access-control')
        expect(raw.text).not.toContain('camera_id')
      }
    const hosts = ['evil.example', `evil.example:${stand.port}`, '127.0.0.1.evil.example', '', 'a@127.0.0.1']
    for (const host of hosts) {
      const raw = new Raw(stand.port).say(head('GET /api/cameras/', bearer, host))
      await raw.closed
      expect(raw.text, host).toMatch(/^HTTP\/1\.1 403 [\s\S]*is not this machine/)
    }
    for (const host of ['localhost', `LOCALHOST:${stand.port}`, '[::1]', '10.1.2.3:9'])
      expect((await ask(stand, head('GET /api/health', {}, host))).status, host).toBe(200)
  })
})

describe('bodies', () => {
  it('that are no login are told what they lack', async () => {
    const stand = await startStand()
    const missing = (...names: string[]) => ({
      detail: names.map((name) => ({
        loc: ['body', name],
        msg: 'field required',
        type: 'value_error.missing',
      })),
    })
    const good = `username=ann&password=${encodeURIComponent(password)}`
    const cases: [string, Record<string, string>, number, unknown][] = [
      [good, {}, 200, expect.objectContaining({ token_type: 'bearer' })],
      [
        `grant_type=password&scope=&${good}`,
        { 'Content-Type': `${form}; charset=UTF-8` },
        200,
        expect.anything(),
      ],
      ['', {}, 422, missing('username', 'password')],
      ['username=ann', {}, 422, missing('password')],
      ['password=x&username=', {}, 422, missing('username')],
      [`${good}&username=boss`, {}, 422, expect.anything()],
      [`${good}&password=x`, {}, 422, expect.anything()],
      [`username=ann&password=${'x'.repeat(1001)}`, {}, 422, expect.anything()],
      [`username=${'x'.repeat(201)}&password=x`, {}, 422, expect.anything()],
      ['username=%ff%00&password=%', {}, 401, { detail: 'Incorrect username or password' }],
      ['username=__proto__&password=constructor', {}, 401, { detail: 'Incorrect username or password' }],
      ['username=ann&password=wrong', {}, 401, { detail: 'Incorrect username or password' }],
      ['{"username":"ann"}', { 'Content-Type': 'application/json' }, 415, expect.anything()],
      [good, { 'Content-Type': '' }, 415, expect.anything()],
    ]
    for (const [body, headers, status, said] of cases) {
      const reply = await ask(stand, post(body, headers))
      expect([reply.status, json(reply)], body.slice(0, 60)).toEqual([status, said])
    }
  })

  it('that are too long are answered, with a length and in chunks, also while still being sent', async () => {
    const stand = await startStand()
    const unsent = await ask(stand, post('', { 'Content-Length': 8193 }))
    expect([unsent.status, unsent.headers.connection]).toEqual([413, 'close'])
    const atMost = `username=ann&password=x&more=${'x'.repeat(8192)}`.slice(0, 8192)
    expect((await ask(stand, post(atMost))).status).toBe(401)
    const chunk = `2000\r\n${'x'.repeat(0x2000)}\r\n`
    const chunked = head('POST /api/token', { 'Content-Type': form, 'Transfer-Encoding': 'chunked' })
    const some = new Raw(stand.port).say(chunked + chunk.repeat(20))
    expect((await some.replies(1))[0]?.status).toBe(413)
    await some.closed
    // A sender that reads only when it is done, as most do.
    const all = new Raw(stand.port)
    all.socket.pause()
    all.say(post('x'.repeat(700_000)))
    await new Promise((resolve) => all.socket.once('drain', resolve))
    all.socket.resume()
    expect((await all.replies(1))[0]?.status).toBe(413)
    const fetched = await fetch(`${stand.url}/api/token`, {
      method: 'POST',
      headers: { 'content-type': form },
      body: 'x'.repeat(500_000),
    })
    expect(fetched.status).toBe(413)
    const both = { 'Content-Type': form, 'Content-Length': 5, 'Transfer-Encoding': 'chunked' }
    expect((await ask(stand, head('POST /api/token', both))).status).toBe(400)
  })

  it('that nobody reads are not taken for the next request', async () => {
    const stand = await startStand()
    const inner = head('GET /api/health')
    const raw = new Raw(stand.port)
    raw.say(head('POST /api/nothing', { 'Content-Length': inner.length + 100 }) + inner)
    await raw.closed
    expect(raw.text.match(/HTTP\/1\.1 \d+/g)).toEqual(['HTTP/1.1 404'])
  })
})

describe('floods', () => {
  it('a user has its rate, told in each answer, and gets through again after waiting as told', async () => {
    const { clock, pass } = handClock()
    const stand = await startStand({ limits: { requestsPerMinute: 20 }, clock })
    const [ann, boss] = [await stand.token(), await stand.token('boss')]
    for (let left = 19; left >= 0; left -= 1) {
      const reply = await stand.get(left === 10 ? '/api/cameras/none' : '/api/cameras/', ann)
      expect([reply.headers.get('x-ratelimit-limit'), reply.headers.get('x-ratelimit-remaining')]).toEqual([
        '20',
        String(left),
      ])
    }
    const refused = await stand.get('/api/cameras/', ann)
    const { detail } = (await refused.json()) as { detail: string }
    expect([refused.status, detail]).toEqual([429, 'Rate limit exceeded: 20 requests per minute'])
    expect(refused.headers.get('x-ratelimit-remaining')).toBe('0')
    expect((await stand.get('/api/cameras/', boss)).status).toBe(200)
    // Another token is no other user.
    expect((await stand.get('/api/ws/status', await stand.token())).status).toBe(429)
    pass(Number(refused.headers.get('retry-after')) * 1000)
    expect((await stand.get('/api/cameras/', ann)).status).toBe(200)
  })

  it('strangers share the rate of their address, whatever they ask for, and users do not feel it', async () => {
    const stand = await startStand({ limits: { requestsPerMinute: 10 } })
    const token = await stand.token()
    const asked = [
      'GET /api/health',
      'GET /api/cameras/',
      'GET /x',
      'PUT /api/health',
      'OPTIONS /x',
      'POST /api/token',
    ]
    const statuses: number[] = []
    for (let i = 0; i < 18; i += 1)
      statuses.push(
        (await ask(stand, head(asked[i % asked.length] ?? '', { Authorization: 'Bearer x' }))).status,
      )
    expect(statuses).toEqual([200, 401, 404, 405, 204, 415, 200, 401, 404, 405, ...Array(8).fill(429)])
    expect((await stand.get('/api/cameras/', token)).status).toBe(200)
    expect(stand.logged.filter((line) => line.includes('openeye-refused'))).not.toEqual([])
  })

  it('logins: an address has its rate, and a user has one; who waits as told gets in', async () => {
    const { clock, pass } = handClock()
    const stand = await startStand({ limits: { loginsPerMinute: 5 }, clock })
    for (let i = 0; i < 5; i += 1) expect((await stand.login(`nobody${i}`)).status).toBe(401)
    const refused = await stand.login()
    expect(Object.fromEntries(refused.headers)).toMatchObject({
      'x-ratelimit-limit': '5',
      'x-ratelimit-remaining': '0',
      'retry-after': '12',
    })
    expect([refused.status, await refused.json()]).toEqual([
      429,
      { detail: 'Too many attempts; try again in 12 s' },
    ])
    pass(12_000)
    expect((await stand.login()).status).toBe(200)
    expect(stand.logged.join('\n')).not.toContain('nobody')
    expect(stand.logged.join('\n')).not.toContain(password)
  })
})
