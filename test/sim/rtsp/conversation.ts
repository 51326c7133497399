/** One connection of the simulated camera: requests in, answers and packets out. */
import { randomBytes } from 'node:crypto'
import type { Socket } from 'node:net'
import type { Clip } from './clip.ts'
import type { Guard } from './guard.ts'
import type { Faults } from './options.ts'
import { Session } from './session.ts'

interface Parts {
  readonly socket: Socket
  readonly clip: Clip
  readonly faults: Faults
  readonly guard: Guard
  readonly random: () => number
  readonly path: string
  readonly framesPerSecond: number
  readonly reportMs: number
  readonly sessionTimeoutS: number
  readonly asked: (line: string, isAuthorized: boolean) => void
  readonly sent: (number: number, at: number) => void
  readonly reported: () => void
  readonly played: (session: Session) => void
}

interface Asked {
  readonly method: string
  readonly url: string
  readonly headers: ReadonlyMap<string, string>
}

const unsentLimit = 4 * 1024 * 1024

export class Conversation {
  readonly #parts: Parts
  #buffer = Buffer.alloc(0)
  #session: Session | null = null
  #isPlaying = false
  #redirected = 0
  readonly #sweep: NodeJS.Timeout

  constructor(parts: Parts) {
    this.#parts = parts
    parts.socket.on('data', (chunk) => this.#hear(chunk))
    this.#sweep = setInterval(() => {
      const silentMs = performance.now() - (this.#session?.heardAt ?? performance.now())
      if (silentMs > parts.sessionTimeoutS * 1000) parts.socket.destroy()
    }, 250)
  }

  get playing(): number {
    return this.#isPlaying ? 1 : 0
  }

  get framesSent(): number {
    return this.#session?.framesSent ?? 0
  }

  get packetsLost(): number {
    return this.#session?.packetsLost ?? 0
  }

  close(): void {
    clearInterval(this.#sweep)
    this.#end()
  }

  #end(): void {
    this.#isPlaying = false
    if (this.#session === null) return
    this.#session.stop()
    this.#parts.played(this.#session)
    this.#session = null
  }

  #hear(chunk: Buffer): void {
    this.#buffer = Buffer.concat([this.#buffer, chunk])
    if (this.#buffer.length > 65_536) this.#parts.socket.destroy()
    while (this.#buffer.length > 0) {
      if (this.#buffer[0] === 0x24) {
        if (this.#buffer.length < 4) return
        const end = 4 + this.#buffer.readUInt16BE(2)
        if (this.#buffer.length < end) return
        // What a viewer says about the packets it got: RTCP type 201.
        if (this.#buffer[5] === 201) this.#parts.reported()
        this.#buffer = this.#buffer.subarray(end)
        continue
      }
      const end = this.#buffer.indexOf('\r\n\r\n')
      if (end < 0) return
      const lines = this.#buffer.toString('latin1', 0, end).split('\r\n')
      this.#buffer = this.#buffer.subarray(end + 4)
      const [method = '', url = ''] = (lines[0] ?? '').split(' ')
      const headers = new Map(
        lines.slice(1).map((line): [string, string] => {
          const colon = line.indexOf(':')
          return [line.slice(0, colon).toLowerCase(), line.slice(colon + 1).trim()]
        }),
      )
      this.#parts.asked(lines[0] ?? '', headers.has('authorization'))
      if (this.#session !== null) this.#session.heardAt = performance.now()
      const { mute, deafToKeepAlive } = this.#parts.faults
      const isKeepAlive = method === 'GET_PARAMETER' || (method === 'OPTIONS' && this.#isPlaying)
      if (!mute && !(deafToKeepAlive && isKeepAlive)) this.#answer({ method, url, headers })
    }
  }

  #answer(asked: Asked): null {
    const { method, url, headers } = asked
    const { guard, faults, path } = this.#parts
    if (method === 'OPTIONS')
      return this.#reply(asked, '200 OK', {
        Public: 'OPTIONS, DESCRIBE, SETUP, PLAY, TEARDOWN, GET_PARAMETER',
      })
    const authorization = headers.get('authorization')
    const challenge = faults.refuseAll
      ? guard.challenge(false)
      : guard.check({ method, url, authorization }, faults.staleNonces)
    if (challenge !== null) return this.#reply(asked, '401 Unauthorized', { 'WWW-Authenticate': challenge })
    if (!new URL(url).pathname.startsWith(`/${path}`)) return this.#reply(asked, '404 Not Found', {})
    switch (method) {
      case 'DESCRIBE':
        return this.#describe(asked)
      case 'SETUP':
        return this.#setUp(asked)
      case 'PLAY':
        return this.#play(asked)
      case 'TEARDOWN':
        this.#end()
        return this.#reply(asked, '200 OK', {})
      case 'GET_PARAMETER':
        return this.#reply(asked, '200 OK', this.#session === null ? {} : { Session: this.#session.id })
      default:
        return this.#reply(asked, '501 Not Implemented', {})
    }
  }

  #describe(asked: Asked): null {
    const { faults } = this.#parts
    if (this.#redirected < faults.redirects) {
      this.#redirected += 1
      return this.#reply(asked, '302 Moved Temporarily', { Location: asked.url })
    }
    const body = this.#sdp(asked.url)
    if (faults.hugeBody) {
      this.#parts.socket.write(
        `RTSP/1.0 200 OK\r\nCSeq: ${asked.headers.get('cseq') ?? ''}\r\nContent-Length: 4294967296\r\n\r\n`,
      )
      return null
    }
    return this.#reply(
      asked,
      '200 OK',
      { 'Content-Base': `${asked.url}/`, 'Content-Type': 'application/sdp' },
      body,
    )
  }

  #sdp(url: string): string {
    const { clip, faults } = this.#parts
    if (faults.sdp === 'garbage') return '\0\xff=?\r\nm=\r\na=fmtp\r\n'.repeat(20)
    const base = faults.absoluteControls ? `${url}/` : ''
    const audio = ['m=audio 0 RTP/AVP 0', 'a=rtpmap:0 PCMU/8000', `a=control:${base}track1`]
    const sets = `;sprop-parameter-sets=${clip.sps.toString('base64')},${clip.pps.toString('base64')}`
    const level = clip.sps.toString('hex', 1, 4)
    const codec = { h265: 'H265', mpeg4: 'MP4V-ES' }[faults.sdp as string] ?? 'H264'
    const fmtp = codec === 'H264' ? `packetization-mode=1;profile-level-id=${level}` : 'profile-id=1'
    const track = faults.sdp === 'bad-control' ? '../../nowhere' : 'track2'
    const video = [
      'm=video 0 RTP/AVP 96',
      `a=rtpmap:96 ${codec}/90000`,
      `a=fmtp:96 ${fmtp}${codec === 'H264' && faults.sdp !== 'no-sets' ? sets : ''}`,
      `a=control:${base}${track}`,
    ]
    return [
      'v=0',
      'o=- 1 1 IN IP4 127.0.0.1',
      's=Simulated camera',
      't=0 0',
      'a=control:*',
      ...audio,
      ...(faults.sdp === 'no-video' ? [] : video),
      '',
    ].join('\r\n')
  }

  #setUp(asked: Asked): null {
    const { clip, faults, framesPerSecond, reportMs, random, socket, path, sessionTimeoutS } = this.#parts
    if (!asked.url.endsWith(`/${path}/track2`)) return this.#reply(asked, '404 Not Found', {})
    const channels = /interleaved=(\d+)-(\d+)/.exec(asked.headers.get('transport') ?? '')
    if (channels === null) return this.#reply(asked, '461 Unsupported Transport', {})
    const channel = Number(channels[1])
    this.#end()
    const session = new Session({
      id: randomBytes(8).toString('hex'),
      clip,
      faults,
      framesPerSecond,
      reportMs,
      channel,
      random,
      sent: this.#parts.sent,
      write: (bytes) => {
        // A viewer that does not read is not worth the memory.
        if (socket.writableLength > unsentLimit) socket.destroy()
        else if (!socket.destroyed) socket.write(bytes)
      },
    })
    this.#session = session
    return this.#reply(asked, '200 OK', {
      Session: `${session.id};timeout=${sessionTimeoutS}`,
      Transport: `RTP/AVP/TCP;unicast;interleaved=${channel}-${channel + 1}`,
    })
  }

  #play(asked: Asked): null {
    const session = this.#session
    if (session === null || asked.headers.get('session') !== session.id)
      return this.#reply(asked, '454 Session Not Found', {})
    const { firstSequence, firstTimestamp } = session
    const info = `url=${asked.url.replace(/\/$/, '')}/track2;seq=${firstSequence};rtptime=${firstTimestamp}`
    this.#reply(asked, '200 OK', { Session: session.id, Range: 'npt=now-', 'RTP-Info': info })
    this.#isPlaying = true
    session.play()
    return null
  }

  #reply(asked: Asked, status: string, headers: Readonly<Record<string, string>>, body = ''): null {
    const all = {
      CSeq: asked.headers.get('cseq') ?? '',
      ...headers,
      ...(body === '' ? {} : { 'Content-Length': String(Buffer.byteLength(body)) }),
    }
    const lines = Object.entries(all).map(([name, value]) => `${name}: ${value}\r\n`)
    this.#parts.socket.write(`RTSP/1.0 ${status}\r\n${lines.join('')}\r\n${body}`)
    return null
  }
}
