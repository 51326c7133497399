/** The simulated OpenEye server against what the deployed one is known to do: the client's tests are worth what this is worth. */
import { once } from 'node:events'
import { decode } from 'jpeg-js'
import { afterEach, describe, expect, test } from 'vitest'
import { WebSocket } from 'ws'
import { Film } from '../../sim/openeye/film.ts'
import type { OpenEyeOptions } from '../../sim/openeye/options.ts'
import { type OpenEyeSim, startOpenEye } from '../../sim/openeye/server.ts'

const open: OpenEyeSim[] = []

async function start(options: OpenEyeOptions = {}): Promise<OpenEyeSim> {
  const sim = await startOpenEye({ statisticsMs: 50, ...options })
  open.push(sim)
  return sim
}

afterEach(async () => {
  for (const sim of open.splice(0)) await sim.close()
})

interface Said {
  readonly type: string
  readonly [field: string]: unknown
}

/** A socket and everything it was told, to be waited for by type. */
async function connect(sim: OpenEyeSim, token = sim.token()) {
  const socket = new WebSocket(`${sim.url.replace('http', 'ws')}/api/ws/statistics?token=${token}`)
  const said: Said[] = []
  socket.on('message', (bytes) => said.push(JSON.parse(String(bytes))))
  await once(socket, 'open')
  return {
    socket,
    said,
    async heard(type: string): Promise<Said> {
      for (;;) {
        const found = said.find((message) => message.type === type)
        if (found !== undefined) return found
        await once(socket, 'message')
      }
    },
  }
}

function refusal(sim: OpenEyeSim, token: string): Promise<number | undefined> {
  return new Promise((resolve, reject) => {
    const socket = new WebSocket(`${sim.url.replace('http', 'ws')}/api/ws/statistics?token=${token}`)
    socket.on('unexpected-response', (request, response) => {
      resolve(response.statusCode)
      request.destroy()
    })
    socket.on('error', () => {})
    socket.on('open', () => reject(new Error('was let in')))
  })
}

function ask(sim: OpenEyeSim, path: string, init: RequestInit = {}): Promise<Response> {
  return fetch(`${sim.url}${path}`, {
    ...init,
    headers: { authorization: `Bearer ${sim.token()}`, ...init.headers },
  })
}

describe('the socket', () => {
  test('greets, gives figures with times that have no zone, and answers a ping', async () => {
    const peer = await connect(await start())
    expect(await peer.heard('connection_status')).toMatchObject({ user: { id: 1, username: 'operator' } })
    const { timestamp, data } = await peer.heard('statistics_update')
    expect(timestamp).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{6})?$/)
    expect(data).toMatchObject({
      face_recognition: { total_people: 5, last_recognition: null, unknown_faces_today: 0 },
      cameras: { total_cameras: 4, active_cameras: 3, recording_cameras: 1 },
    })
    peer.socket.send(JSON.stringify({ type: 'ping', timestamp: 'now' }))
    expect(await peer.heard('pong')).toMatchObject({ timestamp: 'now' })
  })

  test('drops a text that holds true, false or null, and confirms a subscription that changes nothing', async () => {
    const sim = await start()
    const peer = await connect(sim)
    peer.socket.send(JSON.stringify({ type: 'ping', timestamp: null }))
    peer.socket.send(JSON.stringify({ type: 'subscribe', event_types: ['alert'], all: [true] }))
    peer.socket.send(JSON.stringify({ type: 'subscribe', event_types: ['alert'] }))
    await peer.heard('subscription_confirmed')
    expect(sim.dropped).toBe(2)
    expect(peer.said.some((message) => message.type === 'pong')).toBe(false)
    await peer.heard('statistics_update')
  })

  test('refuses a bad token and the sixth of a user with 403 before it is open', async () => {
    const sim = await start()
    expect(await refusal(sim, 'nonsense')).toBe(403)
    for (let n = 0; n < 5; n += 1) await connect(sim)
    expect(await refusal(sim, sim.token())).toBe(403)
    expect(sim.sockets()).toBe(5)
  })

  test('in the document’s dialect closes them with 1008 and filters', async () => {
    const sim = await start({ dialect: 'document' })
    const socket = new WebSocket(`${sim.url.replace('http', 'ws')}/api/ws/statistics?token=x`)
    expect((await once(socket, 'close'))[0]).toBe(1008)
    const peer = await connect(sim)
    peer.socket.send(JSON.stringify({ type: 'subscribe', event_types: ['alert'] }))
    await peer.heard('subscription_confirmed')
    peer.said.length = 0
    sim.broadcast()
    sim.alert('warning', { message: 'told' })
    expect((await peer.heard('alert')).timestamp).toMatch(/Z$/)
    expect(peer.said).toHaveLength(1)
  })

  test('is away while it refuses, and back on the same port', async () => {
    const sim = await start()
    const peer = await connect(sim)
    const closed = once(peer.socket, 'close')
    await sim.refuse()
    await closed
    await expect(fetch(`${sim.url}/api/health`)).rejects.toThrow()
    await sim.accept()
    expect((await fetch(`${sim.url}/api/health`)).status).toBe(200)
  })
})

describe('the requests', () => {
  test('a wrong password is 401 in its words; a right one gives a token that ends', async () => {
    const sim = await start({ tokenLifeS: 60 })
    const login = (password: string) =>
      fetch(`${sim.url}/api/token`, {
        method: 'POST',
        body: new URLSearchParams({ username: sim.user, password }),
      })
    const refused = await login('wrong')
    expect(refused.status).toBe(401)
    expect(await refused.json()).toEqual({ detail: 'Incorrect username or password' })
    const { access_token } = (await (await login(sim.password)).json()) as { access_token: string }
    const claims = JSON.parse(Buffer.from(access_token.split('.')[1] ?? '', 'base64url').toString())
    expect(Object.keys(claims)).toEqual(['sub', 'exp'])
    expect(claims.exp * 1000 - Date.now()).toBeLessThanOrEqual(60_000)
  })

  test('people are added with a cleaned name, once, take photos, and go', async () => {
    const sim = await start()
    const add = (name: string) =>
      ask(sim, '/api/faces/people', { method: 'POST', body: JSON.stringify({ name }) })
    expect(await (await add(' Zoë/<b>! ')).json()).toMatchObject({ name: 'Zoëb', photo_count: 0 })
    expect((await add('Zoëb')).status).toBe(400)
    const form = new FormData()
    form.append('files', new Blob([Buffer.from([0xff, 0xd8, 0xff])]), 'a.jpg')
    const person = `/api/faces/people/${encodeURIComponent('Zoëb')}`
    expect(await (await ask(sim, `${person}/photos`, { method: 'POST', body: form })).json()).toMatchObject({
      uploaded_count: 1,
    })
    expect((await ask(sim, person, { method: 'DELETE' })).status).toBe(200)
    expect((await ask(sim, person)).status).toBe(404)
  })

  test('the hundred-and-first in a minute, and whatever looks like SQL, is a bare 500', async () => {
    const sim = await start({ requestsPerMinute: 3 })
    expect((await ask(sim, '/api/cameras/?limit=1--')).status).toBe(500)
    expect((await ask(sim, '/api/health')).headers.get('x-ratelimit-remaining')).toBe('1')
    await ask(sim, '/api/health')
    const over = await ask(sim, '/api/health')
    expect([over.status, await over.text()]).toEqual([500, 'Internal Server Error'])
  })

  test('the built-in camera counts and is a 404 until it has a row; one that is off is a 503', async () => {
    const sim = await start({ builtIn: 'memory' })
    expect((await fetch(`${sim.url}/api/cameras/mock_cam_1/stream`)).status).toBe(404)
    expect((await fetch(`${sim.url}/api/cameras/car_park_gate/stream`)).status).toBe(503)
    const { total } = (await (await fetch(`${sim.url}/api/cameras/`)).json()) as { total: number }
    expect([total, sim.building.cameras.size]).toEqual([4, 5])
  })
})

describe('the pictures', () => {
  test('a stream is parts without a length, each a JPEG, each another', async () => {
    const sim = await start()
    const response = await fetch(`${sim.url}/api/cameras/lobby/stream`)
    expect(response.headers.get('content-type')).toBe('multipart/x-mixed-replace; boundary=frame')
    let bytes = Buffer.alloc(0)
    const head = '--frame\r\nContent-Type: image/jpeg\r\n\r\n'
    for await (const chunk of response.body ?? []) {
      bytes = Buffer.concat([bytes, chunk])
      if (bytes.toString('latin1').split(head).length > 3) break
    }
    const [before, first = '', second = ''] = bytes.toString('latin1').split(head)
    expect(before).toBe('')
    expect(first.endsWith('\xff\xd9\r\n')).toBe(true)
    expect(first).not.toBe(second)
    const picture = decode(Buffer.from(first.slice(0, -2), 'latin1'))
    expect([picture.width, picture.height]).toEqual([640, 480])
  })

  test('the box of a detection is where the face is painted', () => {
    const film = new Film('lobby', 12)
    const at = 1_700_000_000_000
    const empty = decode(film.jpeg(at, null), { useTArray: true })
    const seen = decode(film.jpeg(at, { person: 'Ann Le' }), { useTArray: true })
    const box = film.face(at)
    const differs = (x: number, y: number) => {
      const from = (y * 640 + x) * 4
      return [0, 1, 2].some((n) => Math.abs((seen.data[from + n] ?? 0) - (empty.data[from + n] ?? 0)) > 12)
    }
    const middle = Math.round((box.top + box.bottom) / 2)
    const row = Array.from({ length: 640 }, (_, x) => x).filter((x) => differs(x, middle))
    expect(Math.abs((row[0] ?? 0) - box.left)).toBeLessThan(12)
    expect(Math.abs((row.at(-1) ?? 0) - box.right)).toBeLessThan(12)
  })

  test('a sighting is in the last ten of its camera, and a stranger is called Unknown', async () => {
    const sim = await start()
    for (let n = 0; n < 12; n += 1) sim.see('lobby', n % 2 === 0 ? 'Ann Le' : null)
    const map = (await (await ask(sim, '/api/faces/detections')).json()) as Record<
      string,
      { recent_faces: Said[] }
    >
    expect(map.lobby?.recent_faces).toHaveLength(10)
    expect(map.lobby?.recent_faces.at(-1)).toMatchObject({ name: 'Unknown', confidence: 0 })
  })
})
