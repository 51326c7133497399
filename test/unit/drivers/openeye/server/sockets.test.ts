/** Dashboards on real sockets: the document's own client, limits, filters, video, presence, words to others, slow readers. */
import { randomBytes } from 'node:crypto'
import { once } from 'node:events'
import { connect, type Socket } from 'node:net'
import { afterEach, describe, expect, it } from 'vitest'
import { alert, event } from './news.ts'
import { closeAll, jpeg, Screen, type Stand, startStand, type Told } from './stand.ts'

afterEach(closeAll)

/** The service of OpenEye's document, as its examples use it: connect(token), on(type, handler), isConnected(). */
class WebSocketService {
  readonly #handlers = new Map<string, ((message: Told) => void)[]>()
  #ws: WebSocket | null = null
  connect(base: string, token: string): void {
    this.#ws = new WebSocket(`${base}/api/ws/statistics?token=${token}`)
    this.#ws.onopen = () => this.#emit({ type: 'status_change', status: 'connected' })
    this.#ws.onclose = () => this.#emit({ type: 'status_change', status: 'disconnected' })
    this.#ws.onmessage = ({ data }) => this.#emit(JSON.parse(String(data)))
  }
  on(type: string, handler: (message: Told) => void): () => void {
    this.#handlers.set(type, [...(this.#handlers.get(type) ?? []), handler])
    return () => this.#handlers.set(type, [])
  }
  next(type: string): Promise<Told> {
    return new Promise((resolve) => this.on(type, resolve))
  }
  send(message: object): void {
    this.#ws?.send(JSON.stringify(message))
  }
  isConnected(): boolean {
    return this.#ws?.readyState === WebSocket.OPEN
  }
  disconnect(): void {
    this.#ws?.close(1000, 'Client disconnect')
  }
  #emit(message: Told): void {
    for (const handler of this.#handlers.get(message.type) ?? []) handler(message)
  }
}

/** A socket that greets as a WebSocket, and from then on reads nothing and answers no ping. */
async function deaf(stand: Stand, token: string): Promise<Socket> {
  const socket = connect(stand.port, '127.0.0.1')
  await once(socket, 'connect')
  socket.write(
    `GET /api/ws/statistics?token=${token} HTTP/1.1\r\nHost: 127.0.0.1:${stand.port}\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Key: ${randomBytes(16).toString('base64')}\r\nSec-WebSocket-Version: 13\r\n\r\n`,
  )
  let heard = ''
  while (!heard.includes('statistics_update')) heard += String((await once(socket, 'data'))[0])
  socket.pause()
  return socket
}

describe('a dashboard of the OpenEye server', () => {
  it('written from the document gets its messages as the document writes them', async () => {
    const stand = await startStand()
    const service = new WebSocketService()
    const greeting = service.next('connection_status')
    const figures = service.next('statistics_update')
    service.connect(stand.url.replace('http', 'ws'), await stand.token())
    expect(await greeting).toEqual({
      type: 'connection_status',
      status: 'connected',
      connection_id: expect.stringMatching(/^[0-9a-f-]{36}$/),
      user: { id: 1, username: 'ann' },
      message: 'WebSocket connection established successfully',
    })
    expect(await figures).toEqual({
      type: 'statistics_update',
      timestamp: expect.stringMatching(/Z$/),
      data: {
        face_recognition: {
          total_people: 5,
          recognitions_today: 42,
          last_recognition: '2025-10-10T11:59:30.000Z',
          unknown_faces_today: 3,
        },
        cameras: { total_cameras: 2, active_cameras: 2, recording_cameras: 1 },
        timestamp: '2025-10-10T12:00:00.000Z',
      },
    })
    expect(service.isConnected()).toBe(true)
    const pong = service.next('pong')
    service.send({ type: 'ping', timestamp: '2025-10-10T12:00:00.000Z' })
    expect(await pong).toEqual({ type: 'pong', timestamp: '2025-10-10T12:00:00.000Z' })
    const [seen, alerted] = [service.next('camera_event'), service.next('alert')]
    stand.site.tell(event('eye/door'))
    stand.site.tell(alert('raise'))
    expect(await seen).toMatchObject({
      camera_id: 'eye:door',
      event_type: 'face_recognized',
      timestamp: '2025-10-10T12:00:00.000Z',
      data: { name: 'Ann', location: { top: 240, right: 480, bottom: 360, left: 320 } },
    })
    expect(await alerted).toMatchObject({
      alert_type: 'warning',
      data: { message: 'Unknown face detected', camera_id: 'eye:door', id: 'a1', priority: 'medium' },
    })
    service.disconnect()
  })

  it('gets figures at once when they change, the next ones together, and in their rhythm', async () => {
    const stand = await startStand({ profile: { broadcastMs: 1000 } })
    const screen = await Screen.open(stand)
    for (let count = 43; count < 63; count += 1) {
      stand.site.figures = { ...stand.site.figures, recognitionsToday: count }
      stand.site.tell({ is: 'statistics', statistics: stand.site.figures })
    }
    const figures = () =>
      screen
        .of('statistics_update')
        .map((told) => /"recognitions_today":(\d+)/.exec(JSON.stringify(told))?.[1])
    await screen.when(() => figures().at(-1) === '62')
    // The one for the newcomer, a few at once, and one for all the others.
    expect(figures().slice(0, 3)).toEqual(['42', '43', '44'])
    expect(figures().length).toBeLessThan(10)
    const count = figures().length
    await screen.until('statistics_update', count + 1)
  })

  it('subscriptions filter by topic and camera, and name what there is not', async () => {
    const stand = await startStand()
    const screen = await Screen.open(stand)
    screen.say({ type: 'subscribe', event_types: ['camera_event', 'nonsense'], camera_ids: ['eye:yard', 3] })
    expect(await screen.until('subscription_confirmed')).toMatchObject({
      event_types: ['camera_event'],
      unknown: ['nonsense'],
      unknown_cameras: ['3'],
    })
    const tellAll = () => {
      stand.site.tell(event('eye/door', 'motion_detected'))
      stand.site.tell(event('eye/yard', 'face-unknown'))
      stand.site.tell(event('eye/yard', 'face-unknown', false))
      stand.site.tell(alert('raise'))
      stand.site.tell(alert('acknowledge'))
      stand.site.tell({ is: 'statistics', statistics: stand.site.figures })
    }
    tellAll()
    await screen.settled()
    expect(screen.of('camera_event').map((told) => [told.camera_id, told.event_type])).toEqual([
      ['eye:yard', 'face_detected'],
    ])
    expect([...screen.of('alert'), ...screen.of('alert_update')]).toEqual([])
    expect(screen.of('statistics_update')).toHaveLength(1)
    screen.say({ type: 'unsubscribe', event_types: ['camera_event'] })
    screen.say({ type: 'subscribe', event_types: ['alert_update', 'alert'] })
    await screen.until('unsubscription_confirmed')
    await screen.until('subscription_confirmed', 2)
    tellAll()
    await screen.until('alert_update')
    expect([screen.of('camera_event').length, screen.of('alert').length]).toEqual([1, 1])
  })

  it('refuses the sixth socket of a user, and lets a half-open one make room', async () => {
    const stand = await startStand({ limits: { proveWithinMs: 200 } })
    const token = await stand.token()
    const screens = Array.from({ length: 4 }, () => new Screen(stand, `?token=${token}`))
    await Promise.all(screens.map((screen) => screen.until('statistics_update')))
    const half = await deaf(stand, token)
    const sixth = new Screen(stand, `?token=${token}`)
    await sixth.until('connection_status')
    const seventh = new Screen(stand, `?token=${token}`)
    expect(await seventh.closed).toEqual({ code: 1008, reason: 'too_many_connections' })
    expect(seventh.heard).toEqual([])
    for (const screen of screens) await screen.settled()
    const status = await (await stand.get('/api/ws/status', token)).json()
    expect(status).toMatchObject({
      user_connections: 5,
      statistics: { connections_by_user: { 1: 5 }, total_users: 1 },
    })
    half.destroy()
  })

  it('ends when its token expires', async () => {
    let skewMs = 0
    const { systemClock } = await import('../../../../../src/main/io/clock.ts')
    const clock = { ...systemClock, now: () => Date.now() + skewMs }
    const stand = await startStand({ clock, profile: { tokenMinutes: 1 } })
    const token = await stand.token()
    skewMs = 58_500
    const screen = new Screen(stand, `?token=${token}`)
    await screen.until('statistics_update')
    expect(await screen.closed).toEqual({ code: 1008, reason: 'token expired' })
  })

  it('answers nonsense in words and ends an endless stream of it', async () => {
    const stand = await startStand()
    const screen = await Screen.open(stand)
    const hostile = [
      '{',
      '[]',
      '"x"',
      '['.repeat(50) + ']'.repeat(50),
      '{"__proto__":{}}',
      '{"type":"ping","type":"ping"}',
      '{"type":7}',
      '{"type":"ping","timestamp":{}}',
      '{"type":"subscribe"}',
      '{"type":"subscribe","event_types":[1]}',
    ]
    for (const text of hostile) screen.say(text)
    screen.socket.send(Buffer.from([1, 2]), { binary: true })
    screen.say({ type: 'dance' })
    await screen.until('error', hostile.length + 2)
    expect(screen.of('error').at(-1)).toMatchObject({ message: 'there is no message of type dance' })
    for (let i = 0; i < 9; i += 1) screen.say('{')
    expect((await screen.closed).code).toBe(1008)
    const large = await Screen.open(stand)
    large.say({ type: 'ping', more: 'x'.repeat(11_000) })
    expect((await large.closed).code).toBe(1009)
  })

  it('is not read for a while when it talks too much, and closed when it goes on', async () => {
    const stand = await startStand({ limits: { messagesPerMinute: 600, messageBurst: 5, pausedForMs: 300 } })
    const other = await Screen.open(stand, 'boss')
    const screen = await Screen.open(stand)
    for (let i = 0; i < 500; i += 1) screen.say({ type: 'ping', timestamp: i })
    expect(await screen.closed).toEqual({ code: 1008, reason: 'too many messages' })
    await other.settled()
  })

  it('brings video frames, newest only, and says when there are none', async () => {
    const stand = await startStand()
    const screen = await Screen.open(stand)
    screen.say({ type: 'subscribe', event_types: ['video_frame'] })
    expect(await screen.until('error')).toMatchObject({
      message: 'video_frame needs camera_ids: which cameras',
    })
    screen.say({ type: 'subscribe', event_types: ['video_frame', 'presence'], camera_ids: ['eye/door'] })
    await screen.until('subscription_confirmed')
    await stand.site.watched('eye/door', 1)
    stand.site.show('eye/door', jpeg(500))
    const bytes = await screen.when(() => screen.binary[0])
    const length = bytes.readUInt32BE(0)
    expect(JSON.parse(bytes.toString('utf8', 4, 4 + length))).toMatchObject({
      type: 'video_frame',
      camera_id: 'eye:door',
      width: 640,
      height: 480,
      frame: 1,
    })
    expect(bytes.subarray(4 + length)).toEqual(jpeg(500))
    stand.site.show('eye/door', new Uint8Array(), 'the camera is off')
    const second = await screen.when(() => screen.binary[1])
    expect(second.toString()).toContain('"trouble":"the camera is off"')
    screen.say({ type: 'unsubscribe', event_types: ['video_frame'] })
    await stand.site.watched('eye/door', 0)
  })

  it('presence names who watches, over sockets and streams', async () => {
    const stand = await startStand()
    const screen = await Screen.open(stand, 'boss')
    screen.say({ type: 'subscribe', event_types: ['presence'] })
    expect(await screen.until('presence')).toMatchObject({ cameras: {} })
    const abort = new AbortController()
    const stream = await stand.get('/api/cameras/eye:door/stream', await stand.token(), {
      signal: abort.signal,
    })
    expect(stream.status).toBe(200)
    expect(await screen.until('presence', 2)).toMatchObject({ cameras: { 'eye:door': ['ann'] } })
    abort.abort()
    expect(await screen.until('presence', 3)).toMatchObject({ cameras: {} })
  })

  it('lets only an admin write to others, and Watchfloor itself', async () => {
    const stand = await startStand()
    const [ann, boss] = [await Screen.open(stand), await Screen.open(stand, 'boss')]
    ann.say({ type: 'broadcast', message: 'hello' })
    expect(await ann.until('error')).toMatchObject({ message: 'only an admin may write to others' })
    boss.say({ type: 'broadcast', message: 'to all' })
    expect(await boss.until('broadcast_confirmed')).toMatchObject({ connections: 2 })
    expect(await ann.until('notification')).toMatchObject({ data: 'to all', from: 'boss' })
    boss.say({ type: 'broadcast', message: 'to ann', user_id: 1 })
    await ann.until('notification', 2)
    boss.say({ type: 'broadcast', message: 'x', username: 'nobody' })
    expect(await boss.until('error')).toMatchObject({ message: 'there is no such user' })
    expect(boss.of('notification')).toHaveLength(1)
    expect(stand.server.accounts.broadcast('from here', 'operator', 'ann')).toBe(1)
    expect(await ann.until('notification', 3)).toMatchObject({ data: 'from here', from: 'operator' })
    await stand.server.accounts.save('boss', 'viewer', undefined)
    boss.say({ type: 'broadcast', message: 'again' })
    await boss.until('error', 2)
  })

  it('compresses for whoever asks, and stays within its limits when it inflates', async () => {
    const stand = await startStand()
    const screen = await Screen.open(stand, 'ann', { perMessageDeflate: { threshold: 0 } })
    expect(screen.socket.extensions).toContain('permessage-deflate')
    stand.site.tell(alert('raise', 'low', 'long words '.repeat(500)))
    expect(await screen.until('alert')).toMatchObject({ alert_type: 'info' })
    screen.say({ type: 'ping', bomb: '0'.repeat(2_000_000) })
    expect((await screen.closed).code).toBe(1009)
  })
})
