/** The door for screens and programs: wrong names, wrong tokens, wrong words. Same verdict as for devices. */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { WebSocket } from 'ws'
import { apiVersion } from '../../src/contract/version.ts'
import { dial, frame, handshake, open, type RawSocket } from './raw-socket.ts'
import { Site } from './site.ts'

let site: Site

beforeAll(async () => {
  site = await Site.start()
})
afterAll(() => site.end())

/** Speaks HTTP by hand: `fetch` would tidy the path and the headers. */
async function ask(request: string): Promise<RawSocket> {
  const socket = await dial(site.origin)
  socket.write(request.replaceAll('\n', '\r\n'))
  await socket.until((seen) => seen.isClosed || seen.text.includes('\r\n\r\n'), 'an answer')
  return socket
}

const host = () => new URL(site.origin).host

describe('HTTP', () => {
  test.each([
    [
      'another name in Host',
      () => `GET /api/health HTTP/1.1\nHost: evil.example\nConnection: close\n\n`,
      421,
    ],
    ['no Host', () => `GET /api/health HTTP/1.1\nConnection: close\n\n`, 400],
    ['another name for a file', () => `GET / HTTP/1.1\nHost: evil.example:80\nConnection: close\n\n`, 421],
    [
      'a way out of the folder',
      () => `GET /../../../../etc/passwd HTTP/1.1\nHost: ${host()}\nConnection: close\n\n`,
      404,
    ],
    [
      'the same, encoded',
      () => `GET /%2e%2e/%2e%2e/etc/passwd HTTP/1.1\nHost: ${host()}\nConnection: close\n\n`,
      404,
    ],
    [
      'the same, with backslashes',
      () => `GET /..\\..\\access.json HTTP/1.1\nHost: ${host()}\nConnection: close\n\n`,
      404,
    ],
    ['the manifest', () => `GET /manifest.json HTTP/1.1\nHost: ${host()}\nConnection: close\n\n`, 404],
    [
      'POST',
      () => `POST /api/alerts HTTP/1.1\nHost: ${host()}\nContent-Length: 2\nConnection: close\n\n{}`,
      405,
    ],
    [
      'a history without a token',
      () => `GET /api/alerts HTTP/1.1\nHost: ${host()}\nConnection: close\n\n`,
      401,
    ],
    [
      'a history with a wrong token',
      () =>
        `GET /api/alerts HTTP/1.1\nHost: ${host()}\nAuthorization: Bearer ${'x'.repeat(43)}\nConnection: close\n\n`,
      401,
    ],
    [
      'headers of 20 kB',
      () => `GET / HTTP/1.1\nHost: ${host()}\nX-Long: ${'x'.repeat(20_000)}\nConnection: close\n\n`,
      431,
    ],
    [
      'two lengths',
      () =>
        `GET / HTTP/1.1\nHost: ${host()}\nContent-Length: 5\nTransfer-Encoding: chunked\nConnection: close\n\n0\n\n`,
      400,
    ],
    ['no HTTP', () => `\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03\n\n`, 400],
  ])('%s is answered %#: refused', async (_name, request, status) => {
    await site.besides(async () => {
      const answer = await ask(request())
      expect(answer.text).toMatch(new RegExp(`^HTTP/1.1 ${status} `))
      expect(answer.text).not.toContain('root:')
      answer.end()
    })
    await site.judge()
  })

  test.each([
    ['limit=0'],
    ['limit=1000000'],
    ['after=-1'],
    ['after=1e99'],
    ['from=yesterday'],
    ['format=xml'],
    ['unknown=1'],
    [`q=${'x'.repeat(300)}`],
    ['after=1;DROP TABLE alerts'],
  ])('a history asked with %s is refused in words', async (query) => {
    const answer = await site.app.get(`/api/alerts?${query}`)
    expect(answer.status).toBe(400)
    expect(await answer.json()).toMatchObject({
      code: 'bad-input',
      message: expect.any(String),
      tip: expect.any(String),
    })
    await site.judge()
  })

  test.each([
    ['"'],
    ["' OR 1=1 --"],
    ['*'],
    ['NEAR('],
    ['a AND'],
    ['"unclosed'],
    ['-'],
    ['\u0000'],
    ['^x:y'],
  ])('a search for %j finds or does not find, without an error', async (text) => {
    const answer = await site.app.get(`/api/alerts?q=${encodeURIComponent(text)}`)
    expect(answer.status).toBe(200)
    await site.judge()
  })

  test('a client that sends its request letter by letter does not hold others up', async () => {
    await site.besides(async () => {
      const slow = await Promise.all(Array.from({ length: 50 }, () => dial(site.origin)))
      for (const socket of slow) socket.write('GET / HTTP/1.1\r\nHost: ')
      expect((await site.app.get('/api/health')).status).toBe(200)
      // The server ends them; nobody has to wait for their end.
      await Promise.all(slow.map((socket) => socket.closed()))
    })
    await site.judge()
  })
})

describe('the socket for screens', () => {
  test.each([
    ['another Origin', { Origin: 'http://evil.example' }, '403'],
    ['Origin null', { Origin: 'null' }, '403'],
    ['its own name with another scheme', { Origin: 'https://127.0.0.1' }, '403'],
    ['another Host', { Host: 'evil.example' }, '421'],
    ['another version of WebSocket', { 'Sec-WebSocket-Version': '7' }, '4'],
  ])('refuses %s', async (_name, headers, status) => {
    const socket = await dial(site.screens)
    socket.write(handshake(site.screens, headers))
    await socket.until((seen) => seen.isClosed || seen.text.includes('\r\n\r\n'), 'an answer')
    expect(socket.text).toMatch(new RegExp(`^HTTP/1.1 ${status}`))
    socket.end()
    await site.judge()
  })

  test('refuses another path', async () => {
    const socket = await dial(site.screens)
    socket.write(handshake(`${site.screens}/../admin`))
    await socket.until((seen) => seen.isClosed || seen.text.includes('\r\n\r\n'), 'an answer')
    expect(socket.text).toMatch(/^HTTP\/1.1 404/)
    await site.judge()
  })

  test('lets nobody stay who does not say hello', async () => {
    await site.besides(async () => {
      const socket = await open(site.screens)
      await socket.closed()
      expect(socket.closeCode).toBe(1008)
    })
    await site.judge()
  })

  const hello = (more: Record<string, unknown>) =>
    JSON.stringify({ is: 'hello', version: apiVersion, ...more })

  test.each([
    ['no token', () => hello({}), [1008]],
    ['a wrong token', () => hello({ token: 'x'.repeat(43) }), [1008]],
    ['a token of another type', () => hello({ token: { toString: 'x' } }), [1002, 1008]],
    ['another version', async () => hello({ version: 999, token: (await site.app.ready).token }), [1008]],
    ['a call before hello', () => '{"is":"call","id":1,"name":"site","input":{}}', [1002, 1008]],
    ['no JSON', () => 'hello', [1002, 1007, 1008]],
    ['JSON 5,000 deep', () => '['.repeat(5000) + ']'.repeat(5000), [1002, 1008]],
    ['nothing', () => '', [1002, 1007, 1008]],
    ['300 kB', () => hello({ token: 'x'.repeat(300_000) }), [1009]],
  ])('ends a screen that says %s', async (_name, words, codes) => {
    const socket = await open(site.screens)
    socket.send(await words())
    await socket.closed()
    expect(codes).toContain(socket.closeCode)
    expect(socket.text).not.toContain('welcome')
    await site.judge()
  })

  test.each([
    ['four bytes that are no frame', () => Buffer.from([0xf1, 0x85, 0, 0])],
    ['bad UTF-8', () => frame(Buffer.from([0xc3, 0x28]))],
    ['a frame of 2^40 bytes', () => frame('', { claims: 2n ** 40n })],
    ['unknown words', () => frame('{"is":"shutdown"}')],
    ['a call of nothing', () => frame('{"is":"call","id":2,"name":"__proto__","input":{}}')],
    [
      'a call with a polluted input',
      () => frame('{"is":"call","id":3,"name":"alerts.get","input":{"__proto__":{"id":"x"}}}'),
    ],
    ['a table that is a call', () => frame('{"is":"open","id":4,"name":"alerts.get"}')],
    [
      'a page with a limit of 10^9',
      () =>
        frame(
          '{"is":"call","id":5,"name":"alerts.page","input":{"filter":{},"after":null,"limit":1000000000}}',
        ),
    ],
    ['a credit for no feed', () => frame('{"is":"credit","id":99999}')],
    ['ids that are not numbers', () => frame('{"is":"call","id":"1","name":"site","input":{}}')],
  ])('survives a signed-on screen that sends %s', async (_name, bytes) => {
    await site.besides(async () => {
      const socket = await open(site.screens)
      socket.send(hello({ token: (await site.app.ready).token }))
      await socket.until((seen) => seen.text.includes('welcome'), 'the welcome')
      socket.write(bytes())
      socket.send('after', { opcode: 9 })
      await socket.until((seen) => seen.isClosed || seen.text.includes('after'), 'a pong or a close')
      socket.end()
    })
    await site.judge()
  })

  test('refuses a viewer every act, and says why', async () => {
    const access = JSON.parse(readFileSync(join(site.app.dataDir, 'access.json'), 'utf8')) as {
      viewer: string
    }
    const camera = await site.camera('acted-on')
    await camera.alertReceived()
    const screen = new WebSocket(site.screens)
    const answers: string[] = []
    const faults = new Promise<void>((resolve, reject) => {
      screen.on('error', reject)
      screen.on('message', (bytes) => {
        answers.push(String(bytes))
        if (answers.length === 5) resolve()
      })
    })
    screen.on('open', () => {
      screen.send(hello({ token: access.viewer }))
    })
    screen.once('message', () => {
      const calls = [
        ['alerts.acknowledge', { id: 'x' }],
        ['alerts.close', { id: 'x', disposition: 'true' }],
        ['settings.set', { key: 'sound', value: false }],
        ['links.remove', { id: 'x' }],
      ]
      for (const [n, [name, input]] of calls.entries())
        screen.send(JSON.stringify({ is: 'call', id: n + 1, name, input }))
    })
    await faults
    const codes = answers.slice(1).map((text) => (JSON.parse(text) as { code?: string }).code)
    expect(codes).toEqual(['not-allowed', 'not-allowed', 'not-allowed', 'not-allowed'])
    screen.close()
    await camera.close()
    await site.judge()
  })
})
