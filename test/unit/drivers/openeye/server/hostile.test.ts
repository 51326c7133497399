/** What no client sends: pieces, noise, requests in a row, many at once. The server answers the others all the while. */
import fc from 'fast-check'
import { afterEach, expect, it } from 'vitest'
import { ask, head, json, Raw } from './raw.ts'
import { closeAll, Screen, type Stand, startStand } from './stand.ts'

afterEach(closeAll)

async function expectHealthy(stand: Stand): Promise<void> {
  expect(json(await ask(stand, head('GET /api/health')))).toEqual({ status: 'healthy' })
}

it('noise gets an answer in HTTP and the end of its connection', async () => {
  const stand = await startStand()
  const token = await stand.token()
  const hostile: [string, number][] = [
    ['\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03', 400],
    ['hello\r\n\r\n', 400],
    ['GET /api/health\r\n\r\n', 403],
    ['GET /api/health HTTP/1.1\r\n\r\n', 400],
    ['GET /api/health HTTP/9.9\r\nHost: 127.0.0.1\r\n\r\n', 400],
    ['GET /api/health HTTP/1.1\r\nHost: 127.0.0.1\r\nBad Header: 1\r\n\r\n', 400],
    ['GET /a b HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n', 400],
    ['GET /\x00 HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n', 400],
    ['PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n', 400],
    [head('POST /api/token', { 'Content-Length': -1 }), 400],
    [head('POST /api/token', { 'Content-Length': '1, 2' }), 400],
    [`${head('POST /api/token', { 'Transfer-Encoding': 'chunked' })}zz\r\n`, 400],
    [`GET /api/health HTTP/1.1\r\nHost: 127.0.0.1\r\nX: ${'x'.repeat(9000)}\r\n\r\n`, 431],
    [`GET /${'x'.repeat(9000)} HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n`, 431],
    [`GET / HTTP/1.1\r\nHost: 127.0.0.1\r\n${'a: b\r\n'.repeat(5000)}\r\n`, 431],
  ]
  for (const [text, status] of hostile) {
    const raw = new Raw(stand.port).say(Buffer.from(text, 'latin1'))
    await raw.closed
    const first = /^HTTP\/1\.1 (\d+)/.exec(raw.text)?.[1]
    // A body that is nonsense is found out only when its request was already answered.
    if (text.includes('chunked')) expect(['400', '415']).toContain(first)
    else expect(first, text.slice(0, 60)).toBe(String(status))
  }
  await expectHealthy(stand)
  expect((await stand.get('/api/ws/status', token)).status).toBe(200)
})

it('requests in one packet are answered in their order, and a stream ends the row', async () => {
  const stand = await startStand()
  const bearer = { Authorization: `Bearer ${await stand.token()}` }
  const paths = [
    '/api/health',
    '/api/cameras/',
    '/api/cameras/eye:door/snapshot',
    '/api/none',
    '/api/ws/status',
  ]
  const many = Array.from({ length: 40 }, (_, at) => paths[at % paths.length] ?? '')
  const raw = new Raw(stand.port).say(many.map((path) => head(`GET ${path}`, bearer)).join(''))
  const replies = await raw.replies(40)
  expect(replies.map(({ status }) => status)).toEqual(many.map((path) => (path === '/api/none' ? 404 : 200)))
  expect(replies[2]?.headers['content-type']).toBe('image/jpeg')
  const stream = head('GET /api/cameras/eye:door/stream', bearer)
  const row = new Raw(stand.port).say(stream + stream + head('GET /api/health').repeat(200))
  await stand.site.watched('eye/door', 2)
  await expectHealthy(stand)
  row.socket.resetAndDestroy()
  await stand.site.watched('eye/door', 0)
})

it('two hundred requests that never end leave room for others', async () => {
  const stand = await startStand()
  const token = await stand.token()
  const unfinished = ['GET /api/hea', 'GET /api/health HTTP/1.1\r\nHost: 127.0.0.1\r\nX-A: b', '\r\n']
  const body = head('POST /api/token', {
    'Content-Type': 'application/x-www-form-urlencoded',
    'Content-Length': 40,
  })
  const all = Array.from({ length: 200 }, (_, at) => {
    const text = [...unfinished, `${body}username=ann`][at % 4] ?? ''
    return new Raw(stand.port).say(text)
  })
  const screen = await Screen.open(stand)
  let served = 0
  for (let i = 0; i < 50; i += 1) {
    const reply = await stand.get('/api/cameras/', token)
    if (reply.status === 200) served += 1
    await reply.arrayBuffer()
  }
  expect(served).toBe(50)
  await screen.settled()
  for (const one of all) one.socket.destroy()
})

it('no path and no query brings it down, or out of words', async () => {
  const stand = await startStand()
  const token = await stand.token()
  const pieces = fc.constantFrom(
    '/',
    '//',
    '..',
    '%2e%2e',
    '%',
    '%00',
    '%ff',
    ':',
    'eye',
    'door',
    '?',
    '&',
    '=',
    ';',
  )
  const names = fc.constantFrom(
    'api',
    'cameras',
    'faces',
    'stream',
    'snapshot',
    'status',
    'people',
    'token',
    'ws',
    'setup',
  )
  const odd = fc.constantFrom(
    '__proto__',
    'constructor',
    'toString',
    'a'.repeat(500),
    '*',
    '@',
    '\\',
    '"',
    '<',
    '{',
    '|',
  )
  const noise = fc.string({ maxLength: 8, unit: 'grapheme-ascii' }).map((text) => text.replace(/[ #]/g, '+'))
  const tail = fc.array(fc.oneof(pieces, names, odd, noise), { maxLength: 10 }).map((parts) => parts.join(''))
  const start = fc.constantFrom(
    '/',
    '/api/',
    '/api/cameras/',
    '/api/cameras/eye:door/',
    '/api/faces/',
    '/api/ws/',
    '',
  )
  const query = fc.oneof(
    fc.constant(''),
    tail.map((text) => `?${text}`),
    fc.constant(`?token=${token}`),
  )
  const method = fc.constantFrom('GET', 'GET', 'GET', 'POST', 'OPTIONS', 'DELETE')
  const statuses = new Set<number>()
  await fc.assert(
    fc.asyncProperty(method, start, tail, query, fc.boolean(), async (verb, from, to, more, hasToken) => {
      const path = `${from}${to}${more}`
      const target = path.startsWith('/') ? path : `/${path}`
      const raw = new Raw(stand.port)
      raw.say(head(`${verb} ${target}`, hasToken ? { Authorization: `Bearer ${token}` } : {}))
      const status = await raw.until(
        (bytes) => /^HTTP\/1\.1 (\d{3})[\s\S]*\r\n\r\n/.exec(bytes.toString())?.[1],
      )
      raw.socket.destroy()
      statuses.add(Number(status))
      expect(Number(status), target).toBeLessThan(500)
    }),
    { numRuns: 400 },
  )
  expect([...statuses]).toEqual(expect.arrayContaining([200, 401, 404, 405]))
  expect(stand.logged.filter((line) => line.includes('openeye-request'))).toEqual([])
  await expectHealthy(stand)
})
