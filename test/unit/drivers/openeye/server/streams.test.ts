/** MJPEG over HTTP: the bytes on the wire, our own reader of such streams, slow readers, and every way a stream ends. */
import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { HttpClient } from '../../../../../src/main/io/http-client.ts'
import { boundaryOf, MjpegParser } from '../../../../../src/main/io/mjpeg.ts'
import { bodyIn, head, Raw } from './raw.ts'
import { cameraOf, closeAll, jpeg, type Stand, startStand } from './stand.ts'

let stand: Stand
let token: string
beforeEach(async () => {
  stand = await startStand()
  token = await stand.token()
})
afterEach(closeAll)

const path = '/api/cameras/eye:door/stream'

/** What is still needed: the pictures already let go are collected first. */
function heldBytes(): number {
  setFlagsFromString('--expose-gc')
  runInNewContext('gc')()
  return process.memoryUsage().arrayBuffers
}

async function stream(of = path, bearer = token): Promise<Raw> {
  const raw = new Raw(stand.port).say(head(`GET ${of}`, { Authorization: `Bearer ${bearer}` }))
  await raw.until((bytes) => bytes.includes('\r\n\r\n'))
  return raw
}

async function streamCount(): Promise<number> {
  const reply = await stand.get('/api/ws/status', await stand.token())
  const { user_statistics: figures } = (await reply.json()) as { user_statistics: { streams: number } }
  return figures.streams
}

describe('a stream of the OpenEye server', () => {
  it('is multipart with a length in each part, the same for a header and an address token', async () => {
    const header = await stream()
    const query = new Raw(stand.port).say(head(`GET ${path}?token=${token}`))
    await query.until((bytes) => bytes.includes('\r\n\r\n'))
    await stand.site.watched('eye/door', 2)
    stand.site.show('eye/door', jpeg(300))
    const first = `--frame\r\nContent-Type: image/jpeg\r\nContent-Length: 300\r\n\r\n${jpeg(300).toString('latin1')}\r\n`
    for (const raw of [header, query])
      await raw.until((bytes) => bodyIn(bytes).body.toString('latin1') === first)
    stand.site.show('eye/door', jpeg(40, 0x66))
    const second = `--frame\r\nContent-Type: image/jpeg\r\nContent-Length: 40\r\n\r\n${jpeg(40, 0x66).toString('latin1')}\r\n`
    await header.until((bytes) => bodyIn(bytes).body.toString('latin1') === first + second)
    const { headers } = bodyIn(header.bytes)
    expect(header.text).toMatch(/^HTTP\/1\.1 200 /)
    expect(headers).toMatchObject({
      'content-type': 'multipart/x-mixed-replace; boundary=frame',
      'cache-control': 'no-store',
      'x-ratelimit-limit': '10000',
    })
    expect(headers).not.toHaveProperty('content-length')
  })

  it('needs no chunks for a reader of HTTP/1.0', async () => {
    const raw = new Raw(stand.port).say(`GET ${path}?token=${token} HTTP/1.0\r\nHost: 127.0.0.1\r\n\r\n`)
    await stand.site.watched('eye/door', 1)
    stand.site.show('eye/door', jpeg(300))
    await raw.until((bytes) => bytes.includes(jpeg(300)))
    expect(bodyIn(raw.bytes).headers).not.toHaveProperty('transfer-encoding')
  })

  it('is understood by our own reader, also where a picture is as long as a socket holds', async () => {
    const client = new HttpClient(2)
    const got: Buffer[] = []
    let parser = new MjpegParser('')
    let moved: () => void = () => {}
    const undo = client.openStream(
      { url: `${stand.url}${path}?token=${token}`, openWithinMs: 2000, stallMs: 10_000 },
      {
        opened: (status, headers) => {
          parser = new MjpegParser(boundaryOf(headers['content-type']) ?? '')
          return status === 200
        },
        chunk: (bytes) => {
          got.push(...parser.push(bytes).map((frame) => frame.bytes))
          moved()
        },
        ended: () => {},
      },
    )
    await stand.site.watched('eye/door', 1)
    const sizes = [4, 500, 65_400, 65_470, 65_480, 65_500, 65_535, 65_536, 16_350, 300_000, 2_000_000, 7]
    for (const [at, size] of sizes.entries()) {
      stand.site.show('eye/door', jpeg(size))
      while (got.length <= at) await new Promise<void>((resolve) => (moved = resolve))
    }
    expect(got.map((bytes) => bytes.length)).toEqual(sizes)
    expect(parser.counters).toMatchObject({ frames: sizes.length, bad: 0, oversize: 0 })
    undo()
    await stand.site.watched('eye/door', 0)
    client.close()
  })

  it('gives a slow reader the newest picture when it is ready, and keeps one for it, not a queue', async () => {
    const raw = await stream()
    await stand.site.watched('eye/door', 1)
    raw.socket.pause()
    const before = heldBytes()
    for (let i = 0; i < 300; i += 1) {
      stand.site.show('eye/door', jpeg(200_000, i % 250))
      await new Promise((resolve) => setImmediate(resolve))
    }
    // 60 MB were shown; the kernel took some, and this process holds little.
    expect(stand.site.taken).toBeLessThan(100)
    // Freed buffers are swept beside the program: a queue would stay, whenever one looks.
    await expect.poll(() => heldBytes() - before, { timeout: 10_000 }).toBeLessThan(5_000_000)
    stand.site.show('eye/door', jpeg(100, 0xaa))
    raw.socket.resume()
    await raw.until((bytes) => bytes.includes(jpeg(100, 0xaa)))
  })

  it('ends with its last boundary when the camera is in trouble, and does not begin when it already is', async () => {
    const raw = await stream()
    await stand.site.watched('eye/door', 1)
    stand.site.show('eye/door', jpeg(50))
    stand.site.show('eye/door', new Uint8Array(), 'the camera is off')
    await raw.closed
    expect(bodyIn(raw.bytes).body.toString('latin1')).toMatch(/\r\n--frame--\r\n$/)
    expect(await streamCount()).toBe(0)
    const frames = stand.site.frames.bind(stand.site)
    stand.site.frames = (camera, wake) => {
      const slot = frames(camera, wake)
      stand.site.show(camera, new Uint8Array(), 'nobody answers at this camera')
      return slot
    }
    const refused = await stand.get(path, token)
    expect([refused.status, await refused.json()]).toEqual([503, { detail: 'nobody answers at this camera' }])
    expect(await streamCount()).toBe(0)
    await stand.site.watched('eye/door', 0)
  })

  it('ends when its token is ended, its user removed, the key changed, the server closed', async () => {
    const ends: (() => Promise<void>)[] = [
      () => stand.server.accounts.revoke('ann'),
      () => stand.server.accounts.rotateKey(),
      () => stand.server.accounts.remove('ann'),
    ]
    for (const end of ends) {
      const raw = await stream(path, await stand.token())
      await stand.site.watched('eye/door', 1)
      stand.site.show('eye/door', jpeg(50))
      await end()
      await raw.closed
      expect(bodyIn(raw.bytes).body.toString('latin1')).toMatch(/\r\n--frame--\r\n$/)
      await stand.site.watched('eye/door', 0)
    }
    const boss = await stream(path, await stand.token('boss'))
    await stand.site.watched('eye/door', 1)
    await stand.server.close()
    await boss.closed
    expect(bodyIn(boss.bytes).body.toString('latin1')).toBe('--frame--\r\n')
  })

  it('is one of sixteen for a user, and none for whoever has left before it began', async () => {
    const all = []
    for (let i = 0; i < 16; i += 1) all.push(await stream())
    const seventeenth = await stand.get(path, token)
    expect([seventeenth.status, await seventeenth.json()]).toEqual([
      429,
      { detail: 'At most 16 streams at once' },
    ])
    expect(seventeenth.headers.get('retry-after')).toBe('5')
    const boss = await stream(path, await stand.token('boss'))
    expect(boss.text).toMatch(/^HTTP\/1\.1 200 /)
    for (const one of [...all, boss]) one.socket.resetAndDestroy()
    await stand.site.watched('eye/door', 0)
    // Gone while their token is looked at.
    for (let i = 0; i < 20; i += 1) {
      const raw = new Raw(stand.port)
      raw.socket.on('connect', () => {
        raw.say(head(`GET ${path}`, { Authorization: `Bearer ${token}` }))
        raw.socket.end(() => raw.socket.resetAndDestroy())
      })
      await raw.closed
    }
    await stand.get('/api/health')
    await stand.site.watched('eye/door', 0)
    expect(await streamCount()).toBe(0)
  })

  it('is of the camera its address names, in each spelling, and of no other', async () => {
    const odd = 'eye/a:b/c d%2F?ü'
    stand.site.rows = [...stand.site.rows, cameraOf(odd)]
    const spellings = [
      encodeURIComponent(odd),
      encodeURIComponent(odd.replace('/', ':')),
      odd.split('/').map(encodeURIComponent).join('/'),
    ]
    for (const [at, spelling] of spellings.entries()) {
      const raw = await stream(`/api/cameras/${spelling}/stream`)
      expect(raw.text).toMatch(/^HTTP\/1\.1 200 /)
      await stand.site.watched(odd, at + 1)
    }
    const strangers = [
      'eye:gone',
      'eye',
      'door',
      'eye:door%2F',
      'eye%253Adoor',
      '%',
      '%ff',
      '..%2Fdoor',
      '__proto__',
    ]
    for (const stranger of strangers)
      expect((await stand.get(`/api/cameras/${stranger}/stream`, token)).status, stranger).toBe(404)
  })
})
