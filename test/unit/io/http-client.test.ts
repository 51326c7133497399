/** HTTP requests against real servers that misbehave: every ending is bounded and has words. */
import { createServer, type RequestListener } from 'node:http'
import { type AddressInfo, createServer as createRaw, type Socket } from 'node:net'
import { afterEach, expect, test } from 'vitest'
import { HttpClient } from '../../../src/main/io/http-client.ts'

const closing: (() => unknown)[] = []
afterEach(async () => {
  for (const close of closing.splice(0).reverse()) await close()
})

function client(): HttpClient {
  const made = new HttpClient(2)
  closing.push(() => made.close())
  return made
}

async function serve(listener: RequestListener) {
  const server = createServer(listener)
  const sockets = new Set<Socket>()
  server.on('connection', (socket) => {
    sockets.add(socket)
    socket.on('close', () => sockets.delete(socket))
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  closing.push(() => {
    server.closeAllConnections()
    server.close()
  })
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, sockets, server }
}

const limits = { timeoutMs: 2000, maxBytes: 1000 }

test('sends and answers, on a connection that is used again', async () => {
  const seen: string[] = []
  const { url, sockets } = await serve((request, response) => {
    let body = ''
    request.on('data', (chunk) => {
      body += chunk
    })
    request.on('end', () => {
      seen.push(`${request.method} ${request.url} ${request.headers['x-a']} ${body}`)
      response.writeHead(201, { 'x-b': 'c' })
      response.end('said')
    })
  })
  const http = client()
  for (let turn = 0; turn < 3; turn += 1) {
    const reply = await http.request({
      url: `${url}/p?q`,
      method: 'POST',
      headers: { 'x-a': '1' },
      body: 'ä',
      ...limits,
    })
    expect(reply).toMatchObject({ status: 201, headers: { 'x-b': 'c' } })
    expect(reply.body.toString()).toBe('said')
  }
  expect(seen).toEqual(Array(3).fill('POST /p?q 1 ä'))
  expect(sockets.size).toBe(1)
})

test('a redirect is an answer, not an order', async () => {
  const { url } = await serve((_request, response) => {
    response.writeHead(302, { location: 'http://127.0.0.1:1/' })
    response.end()
  })
  expect((await client().request({ url, ...limits })).status).toBe(302)
})

test.each([
  ['says so in its length', true],
  ['just goes on', false],
])('an answer that is too large is ended: it %s', async (_name, says) => {
  const { url } = await serve((_request, response) => {
    response.writeHead(200, says ? { 'content-length': '5000' } : {})
    response.write(Buffer.alloc(5000))
  })
  await expect(client().request({ url, ...limits })).rejects.toMatchObject({
    message: `${url} answered with more than 1000 bytes`,
  })
})

test('the deadline is over the whole exchange, also when bytes keep dribbling', async () => {
  const { url } = await serve((_request, response) => {
    response.writeHead(200)
    const timer = setInterval(() => response.write('x'), 20)
    response.on('close', () => clearInterval(timer))
  })
  const asked = client().request({ url, timeoutMs: 300, maxBytes: 100_000 })
  await expect(asked).rejects.toMatchObject({
    code: 'timed-out',
    message: `${url} did not answer within 0.3 s`,
  })
})

test('ends when asked to, and with its owner', async () => {
  const { url } = await serve(() => {})
  const http = client()
  const stop = new AbortController()
  const stopped = http.request({ url, ...limits, signal: stop.signal })
  stop.abort()
  await expect(stopped).rejects.toMatchObject({ code: 'link-down' })
  const pending = http.request({ url, ...limits })
  http.close()
  await expect(pending).rejects.toMatchObject({ code: 'link-down' })
  await expect(http.request({ url, ...limits })).rejects.toMatchObject({ code: 'link-down' })
})

test('what is wrong is said in words', async () => {
  const { url, server } = await serve(() => {})
  await new Promise((resolve) => server.close(resolve))
  const http = client()
  await expect(http.request({ url, ...limits })).rejects.toMatchObject({
    message: `nothing listens at ${url}`,
  })
  await expect(http.request({ url: 'ftp://x', ...limits })).rejects.toMatchObject({
    message: 'the address must start with http:// or https://',
  })
  const raw = createRaw((socket) => socket.destroy())
  await new Promise<void>((resolve) => raw.listen(0, '127.0.0.1', resolve))
  closing.push(() => raw.close())
  const port = (raw.address() as AddressInfo).port
  await expect(http.request({ url: `http://127.0.0.1:${port}`, ...limits })).rejects.toMatchObject({
    message: `http://127.0.0.1:${port} hung up`,
  })
  await expect(http.request({ url: url.replace('http', 'https'), ...limits })).rejects.toMatchObject({
    message: `nothing listens at ${url.replace('http', 'https')}`,
  })
})

test('a connection the server closed while idle costs a question nothing', async () => {
  let answered = 0
  const { url, sockets } = await serve((_request, response) => {
    answered += 1
    response.end('x')
  })
  const http = client()
  await http.request({ url, ...limits })
  // Closed without the client having had a turn to notice.
  for (const socket of sockets) socket.resetAndDestroy()
  expect((await http.request({ url, ...limits })).status).toBe(200)
  expect(answered).toBe(2)
})

test('a stream: headers, then bytes, then words when it ends or stalls', async () => {
  const { url } = await serve((request, response) => {
    response.writeHead(request.url === '/none' ? 404 : 200, { 'content-type': 'x/y' })
    response.write('abc')
    if (request.url === '/end') setTimeout(() => response.end('def'), 20)
  })
  const http = client()
  const follow = (path: string) =>
    new Promise<string[]>((resolve) => {
      const heard: string[] = []
      http.openStream(
        { url: `${url}${path}`, openWithinMs: 1000, stallMs: 300 },
        {
          opened: (status, headers) => {
            heard.push(`${status} ${headers['content-type']}`)
            if (status !== 200) setTimeout(() => resolve(heard), 50)
            return status === 200
          },
          chunk: (bytes) => heard.push(bytes.toString()),
          ended: (reason) => resolve([...heard, reason]),
        },
      )
    })
  expect(await follow('/end')).toEqual(['200 x/y', 'abc', 'def', 'the server ended it'])
  expect(await follow('/stall')).toEqual(['200 x/y', 'abc', 'nothing came for 0.3 s'])
  expect(await follow('/none')).toEqual(['404 x/y'])
})
