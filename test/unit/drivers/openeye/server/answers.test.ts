/** What the OpenEye server answers over HTTP, path by path, in OpenEye's words. */
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { Fault } from '../../../../../src/contract/fault.ts'
import { LinkId } from '../../../../../src/contract/links.ts'
import { event } from './news.ts'
import { ask, head, json, Raw } from './raw.ts'
import { cameraOf, closeAll, jpeg, Screen, type Stand, startStand } from './stand.ts'

let stand: Stand
let token: string
beforeEach(async () => {
  stand = await startStand()
  token = await stand.token()
})
afterEach(closeAll)

async function body(path: string, bearer: string | undefined = token): Promise<[number, unknown]> {
  const reply = await stand.get(path, bearer)
  expect(reply.headers.get('content-type')).toBe('application/json')
  expect(reply.headers.get('cache-control')).toBe('no-store')
  return [reply.status, await reply.json()]
}

const door = {
  camera_id: 'eye:door',
  name: 'door',
  location: null,
  camera_type: 'rtsp',
  is_active: true,
  is_running: true,
  is_recording: false,
  face_detection_enabled: true,
}

describe('answers of the OpenEye server', () => {
  it('cameras, all and one, with their state; the same with a slash behind', async () => {
    const all = { cameras: [door, { ...door, camera_id: 'eye:yard', name: 'yard' }], total: 2 }
    expect(await body('/api/cameras/')).toEqual([200, all])
    expect(await body('/api/cameras')).toEqual([200, all])
    expect(await body('/api/cameras/eye:door')).toEqual([200, door])
    expect(await body('/api/cameras/eye/door')).toEqual([200, door])
    const at = Date.parse('2025-10-10T12:00:00.000Z')
    const off = cameraOf('eye/off', { isActive: false, isRunning: false, fps: null, trouble: 'no signal' })
    stand.site.rows = [cameraOf('eye/door', { lastFrameAt: at }), off]
    expect(await body('/api/cameras/eye:door/status')).toEqual([
      200,
      {
        camera_id: 'eye:door',
        is_active: true,
        is_running: true,
        fps: 10,
        last_frame_time: '2025-10-10T12:00:00.000Z',
        error_message: null,
      },
    ])
    expect((await body('/api/cameras/eye%3Aoff/status/'))[1]).toMatchObject({
      is_active: false,
      fps: null,
      last_frame_time: null,
      error_message: 'no signal',
    })
    expect(await body('/api/cameras/eye:gone')).toEqual([404, { detail: 'Camera not found' }])
  })

  it('a snapshot is a file to keep, or the trouble in words', async () => {
    const reply = await stand.get(`/api/cameras/eye:door/snapshot?token=${token}`)
    expect(Object.fromEntries(reply.headers)).toMatchObject({
      'content-type': 'image/jpeg',
      'content-length': '1000',
      'content-disposition': 'attachment; filename="eye_door.jpeg"',
      'x-content-type-options': 'nosniff',
      'x-ratelimit-limit': '10000',
    })
    expect(Buffer.from(await reply.arrayBuffer())).toEqual(jpeg(1000))
    const odd = 'eye/a";\r\nx: é'
    stand.site.rows = [...stand.site.rows, cameraOf(odd)]
    const named = await stand.get(`/api/cameras/${encodeURIComponent(odd)}/snapshot`, token)
    expect(named.headers.get('content-disposition')).toBe('attachment; filename="eye_a_x_.jpeg"')
    const faults: [Fault, number, string][] = [
      [
        new Fault('not-found', 'No camera door', 'Look at the list.'),
        404,
        'No camera door. Look at the list.',
      ],
      [new Fault('link-down', 'The link is down', 'Retry.'), 503, 'The link is down. Retry.'],
      [new Fault('timed-out', 'It took too long'), 504, 'It took too long.'],
    ]
    for (const [fault, status, detail] of faults) {
      stand.site.snapshotError = fault
      expect(await body('/api/cameras/eye:door/snapshot')).toEqual([status, { detail }])
    }
    stand.site.snapshot = () => Promise.reject(new Error('a secret of the inside'))
    expect(await body('/api/cameras/eye:door/snapshot')).toEqual([500, { detail: 'Internal Server Error' }])
    expect(stand.logged.some((line) => line.includes('openeye-request'))).toBe(true)
  })

  it('a snapshot that comes after its token ended is not given out', async () => {
    const inner = stand.site.snapshot.bind(stand.site)
    stand.site.snapshot = async () => {
      await stand.server.accounts.revoke('ann')
      return inner()
    }
    const reply = await stand.get('/api/cameras/eye:door/snapshot', token)
    expect([reply.status, reply.headers.get('www-authenticate')]).toEqual([401, 'Bearer'])
  })

  it('detections: faces in the pixels of the last picture, counts since the start', async () => {
    const at = Date.now()
    const box = { x: 0.5, y: 0.25, width: 0.25, height: 0.5 }
    const face = { person: 'Ann', confidence: 0.91, box, at }
    const row = { id: cameraOf('eye/door').id, faces: [face, { ...face, person: null, box: null }] }
    stand.site.faces = [{ ...row, link: LinkId.parse('eye'), receivedAt: at, budgetMs: 60_000 } as never]
    const before = (await body('/api/faces/detections'))[1] as Record<string, { recent_faces: object[] }>
    expect(before['eye:door']?.recent_faces[0]).toMatchObject({ name: 'Ann', location: null, box })
    stand.site.tell(event('eye/door'))
    const grown = event('eye/door', 'face-recognized', false)
    if (grown.is === 'event') stand.site.tell({ ...grown, event: { ...grown.event, count: 4 } })
    stand.site.tell(event('eye/door', 'motion_detected'))
    expect(await body('/api/faces/detections')).toEqual([
      200,
      {
        'eye:door': {
          recent_faces: [
            {
              name: 'Ann',
              confidence: 0.91,
              location: { top: 120, right: 480, bottom: 360, left: 320 },
              box,
              timestamp: new Date(at).toISOString(),
            },
            {
              name: 'Unknown',
              confidence: 0.91,
              location: null,
              box: null,
              timestamp: new Date(at).toISOString(),
            },
          ],
          statistics: {
            enabled: true,
            total_detections: 4,
            unique_people_detected: 1,
            last_detection_time: '2025-10-10T12:00:00.000Z',
            face_manager_ready: true,
          },
        },
        'eye:yard': {
          recent_faces: [],
          statistics: {
            enabled: true,
            total_detections: 0,
            unique_people_detected: 0,
            last_detection_time: null,
            face_manager_ready: true,
          },
        },
      },
    ])
    stand.site.faces = stand.site.faces.map((one) => ({ ...one, receivedAt: at - 120_000 }))
    const stale = (await body('/api/faces/detections'))[1] as Record<string, { recent_faces: object[] }>
    expect(stale['eye:door']?.recent_faces).toEqual([])
  })

  it('figures are flat, people have no folders, and nothing of it is for strangers', async () => {
    expect(await body('/api/faces/statistics')).toEqual([
      200,
      {
        total_people: 5,
        total_encodings: 4,
        recognitions_today: 42,
        last_recognition: '2025-10-10T11:59:30.000Z',
        unknown_faces_today: 3,
        timestamp: '2025-10-10T12:00:00.000Z',
      },
    ])
    expect(await body('/api/faces/people')).toEqual([200, [{ name: 'Ann', photo_count: 4, path: 'eye/Ann' }]])
    const guarded = [
      'faces/statistics',
      'faces/detections',
      'faces/people',
      'cameras/',
      'cameras/eye:door',
      'ws/status',
    ]
    for (const path of [
      ...guarded,
      'cameras/eye:door/status',
      'cameras/gone/stream',
      'cameras/gone/snapshot',
    ]) {
      const reply = await stand.get(`/api/${path}`)
      expect([reply.status, await reply.json(), reply.headers.get('www-authenticate')], path).toEqual([
        401,
        { detail: 'Could not validate credentials' },
        'Bearer',
      ])
    }
    for (const path of guarded)
      expect((await stand.get(`/api/${path}?token=${token}`)).status, path).toBe(401)
  })

  it('health and setup need no token, and setup is not done over the network', async () => {
    for (const bearer of [undefined, token, 'nonsense'])
      expect(await body('/api/health', bearer)).toEqual([200, { status: 'healthy' }])
    expect(await body('/api/setup/status', undefined)).toEqual([200, { setup_complete: true }])
    const empty = await startStand({ users: {} })
    expect(await (await empty.get('/api/setup/status')).json()).toEqual({ setup_complete: false })
    for (const one of [stand, empty]) {
      const made = JSON.stringify({ username: 'eve', password: 'x' })
      const reply = await one.get('/api/setup/initialize', undefined, { method: 'POST', body: made })
      expect([reply.status, JSON.stringify(await reply.json())]).toEqual([
        403,
        expect.stringContaining('Links screen'),
      ])
    }
    expect((await empty.login('eve', 'x')).status).toBe(401)
  })

  it('status of the sockets counts all of them, and what this user used', async () => {
    const [first] = [await Screen.open(stand), await Screen.open(stand), await Screen.open(stand, 'boss')]
    first.say({ type: 'ping', timestamp: 1 })
    await first.until('pong')
    const stream = new Raw(stand.port).say(head(`GET /api/cameras/eye:door/stream?token=${token}`))
    await stream.until((bytes) => bytes.includes('\r\n\r\n'))
    expect(await body('/api/ws/status')).toEqual([
      200,
      {
        status: 'operational',
        statistics: { total_connections: 3, total_users: 2, connections_by_user: { 1: 2, 2: 1 } },
        user_connections: 2,
        user_statistics: {
          since: expect.stringMatching(/Z$/),
          requests: 2,
          messages_received: 1,
          messages_sent: 5,
          bytes_received: 29,
          bytes_sent: expect.any(Number),
          streams: 1,
        },
      },
    ])
    stream.socket.destroy()
  })

  it('what there is not is 404, what is asked wrongly 405; HEAD has no body', async () => {
    const methods = ['POST', 'PUT', 'DELETE', 'PATCH', 'TRACE', 'HEAD', 'PURGE']
    for (const method of methods) {
      const raw = new Raw(stand.port).say(
        head(`${method} /api/cameras/`, { Authorization: `Bearer ${token}` }),
      )
      await raw.until((bytes) => bytes.includes('\r\n\r\n'))
      expect(raw.text).toMatch(/^HTTP\/1\.1 405 [\s\S]*\r\nallow: GET\r\n/i)
      // The next answer is not mistaken for the body of a HEAD.
      if (method === 'HEAD') {
        raw.say(head('GET /api/health'))
        await raw.until((bytes) =>
          /\r\n\r\nHTTP\/1\.1 200 [\s\S]*\{"status":"healthy"\}$/.test(bytes.toString()),
        )
      }
      raw.socket.destroy()
    }
    expect((await ask(stand, head('GET /api/token'))).headers).toMatchObject({ allow: 'POST' })
    for (const path of [
      '/',
      '/api',
      '/api/cameras//',
      '/api/faces/people/Ann/photos/1.jpg',
      '/index.html',
      '*',
      '/%',
    ])
      expect(json(await ask(stand, head(`GET ${path}`))), path).toEqual({ detail: 'Not Found' })
  })

  it('answers a client that offers another protocol as usual', async () => {
    const offer = { Connection: 'Upgrade, HTTP2-Settings', Upgrade: 'h2c', 'HTTP2-Settings': 'AAMAAABk' }
    const reply = await ask(stand, head('GET /api/health', offer))
    expect([reply.status, json(reply)]).toEqual([200, { status: 'healthy' }])
  })
})
