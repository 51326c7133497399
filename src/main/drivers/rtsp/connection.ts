/** One RTSP connection: requests with their answers, logging in when asked, packets in between. RFC 2326 over one TCP socket. */
import { Fault } from '../../../contract/fault.ts'
import type { Clock } from '../../io/clock.ts'
import { HttpLogin, type Login } from '../../io/digest.ts'
import { dialTcp, type TcpSocket } from '../../io/tcp.ts'
import type { Address } from './address.ts'
import { header, type Item, type Reply, WireParser } from './wire.ts'

/** Trying again would not help until somebody changes something. */
export class Refused extends Fault {
  constructor(message: string, tip = 'Change the link and enter what the camera asks for.') {
    super('not-allowed', message, tip)
  }
}

export interface Crossed {
  readonly direction: 'in' | 'out'
  readonly sizeBytes: number
  readonly text: string
  readonly trouble: string
}

export interface ConnectionParts {
  readonly clock: Clock
  readonly address: Address
  readonly login: Login | null
  readonly crossed: (crossed: Crossed) => void
  readonly received: (bytes: number) => void
  readonly packet: (channel: number, bytes: Buffer) => void
  /** Once, unless we closed it ourselves. */
  readonly ended: (fault: Fault) => void
}

class Unanswered extends Fault {
  constructor(method: string) {
    super('link-down', `the camera does not answer ${method} within ${answerWithinMs / 1000} s`)
  }
}

const openWithinMs = 5000
const answerWithinMs = 5000
const agent = 'Watchfloor'

interface Waiting {
  readonly answer: (reply: Reply) => void
  readonly fail: (fault: Fault) => void
  readonly cancel: () => void
}

export class Connection {
  readonly #parts: ConnectionParts
  readonly #parser = new WireParser()
  readonly #socket: TcpSocket
  readonly #waiting = new Map<number, Waiting>()
  readonly #login: HttpLogin | null
  #isLoginProven = false
  #opened: { readonly done: () => void; readonly fail: (fault: Fault) => void } | null = null
  readonly opened: Promise<void>
  #sequence = 0
  #skipped = 0
  #isOver = false
  /** Packets of these are ours. */
  readonly channels = new Set<number>()

  constructor(parts: ConnectionParts) {
    this.#parts = parts
    this.#login = parts.login === null ? null : new HttpLogin(parts.login)
    this.opened = new Promise((done, fail) => {
      this.#opened = { done, fail }
    })
    // Whoever closes it early does not wait for it.
    this.opened.catch(() => {})
    const { host, port, url } = parts.address
    this.#socket = dialTcp({
      host,
      port,
      shownAs: url,
      clock: parts.clock,
      openWithinMs,
      opened: () => this.#opened?.done(),
      data: (chunk) => this.#hear(chunk),
      closed: (reason) => this.#end(new Fault('link-down', reason)),
    })
  }

  get skipped(): number {
    return this.#parser.skipped
  }

  /** Resolves with any answer but one that says we may not. */
  ask(method: string, url: string, headers: Readonly<Record<string, string>> = {}): Promise<Reply> {
    return this.#ask(method, url, headers, (late) => this.#end(late))
  }

  /** Says that we are still there. Some cameras hear it and never answer; whether one is gone is told by its pictures. */
  async remind(method: string, url: string, headers: Readonly<Record<string, string>>): Promise<void> {
    await this.#ask(method, url, headers, () => {}).catch((error: unknown) => {
      if (!(error instanceof Unanswered)) throw error
    })
  }

  async #ask(
    method: string,
    url: string,
    headers: Readonly<Record<string, string>>,
    unanswered: (late: Fault) => void,
  ): Promise<Reply> {
    let hasRetried = false
    for (;;) {
      const authorization = this.#login?.answer(method, url) ?? null
      const reply = await this.#send(method, url, headers, authorization, unanswered)
      if (reply.status === 403) throw new Refused('the camera does not let this account see its stream')
      if (reply.status !== 401) {
        if (authorization !== null) this.#isLoginProven = true
        return reply
      }
      this.#mayRetry(reply, authorization !== null, hasRetried)
      if (authorization !== null) hasRetried = true
    }
  }

  /** Throws unless another try is worth it: cameras lock accounts that are tried too often. */
  #mayRetry(reply: Reply, wasAnswered: boolean, hasRetried: boolean): void {
    if (this.#login === null)
      throw new Refused('the camera asks for a user and a password', 'Enter them in the link.')
    const isWorth = this.#login.challenged(reply.headers.get('www-authenticate'), wasAnswered)
    if (!isWorth && !wasAnswered)
      throw new Refused(
        'the camera asks for a login of a kind that is not known',
        'Set its RTSP login to Digest.',
      )
    // A nonce that worked and works no longer is old, also where the camera does not say so.
    if (hasRetried || (!isWorth && !this.#isLoginProven))
      throw new Refused('the camera refuses the user or the password', 'Enter them again in the link.')
  }

  #send(
    method: string,
    url: string,
    headers: Readonly<Record<string, string>>,
    authorization: string | null,
    unanswered: (late: Fault) => void,
  ): Promise<Reply> {
    this.#sequence += 1
    const sequence = this.#sequence
    const lines = [
      `${method} ${url} RTSP/1.0`,
      `CSeq: ${sequence}`,
      `User-Agent: ${agent}`,
      ...Object.entries(headers).map(([name, value]) => `${name}: ${value}`),
    ]
    const hidden = authorization === null ? [] : [`Authorization: ${authorization.split(' ')[0]} (not shown)`]
    const text = [
      ...lines,
      ...(authorization === null ? [] : [`Authorization: ${authorization}`]),
      '',
      '',
    ].join('\r\n')
    return new Promise((answer, fail) => {
      if (this.#isOver) {
        fail(new Fault('link-down', 'the connection is closed'))
        return
      }
      const cancel = this.#parts.clock.after(answerWithinMs, () => {
        const late = new Unanswered(method)
        this.#waiting.delete(sequence)
        fail(late)
        unanswered(late)
      })
      this.#waiting.set(sequence, { answer, fail, cancel })
      this.#tap('out', Buffer.byteLength(text), [...lines, ...hidden].join('\r\n'))
      this.#socket.write(text)
    })
  }

  #hear(chunk: Buffer): void {
    this.#parts.received(chunk.length)
    for (const item of this.#parser.push(chunk, (channel) => this.channels.has(channel))) {
      if (this.#isOver) return
      if (item.is === 'packet') this.#parts.packet(item.channel, item.bytes)
      else this.#message(item)
    }
    if (this.#parser.skipped > this.#skipped) {
      const bytes = this.#parser.skipped - this.#skipped
      this.#tap('in', bytes, `${bytes} bytes that are no RTSP`, 'passed over')
      this.#skipped = this.#parser.skipped
    }
    if (this.#parser.trouble !== '')
      this.#end(new Fault('link-down', `the camera cannot be understood: ${this.#parser.trouble}`))
  }

  #message(item: Exclude<Item, { is: 'packet' }>): void {
    const lines = [...item.headers].flatMap(([name, values]) => values.map((value) => `${name}: ${value}`))
    const first = item.is === 'reply' ? `RTSP/1.0 ${item.status} ${item.reason}` : item.method
    const body = item.is === 'reply' && item.body !== '' ? `\r\n\r\n${item.body}` : ''
    const text = `${[first, ...lines].join('\r\n')}${body}`
    this.#tap('in', Buffer.byteLength(text), text)
    const sequence = header(item.headers, 'cseq') ?? ''
    if (item.is === 'request') {
      // A server may ask whether we are still there; what it wants to change is not for it to say.
      const status =
        item.method === 'OPTIONS' || item.method === 'GET_PARAMETER' ? '200 OK' : '501 Not Implemented'
      this.#socket.write(`RTSP/1.0 ${status}\r\nCSeq: ${sequence.slice(0, 20)}\r\n\r\n`)
      return
    }
    // Some cameras leave the number out; then it can only be the oldest.
    const number = sequence === '' ? [...this.#waiting.keys()][0] : Number(sequence)
    const waiting = number === undefined ? undefined : this.#waiting.get(number)
    if (waiting === undefined || number === undefined) return
    this.#waiting.delete(number)
    waiting.cancel()
    waiting.answer(item)
  }

  #tap(direction: 'in' | 'out', sizeBytes: number, text: string, trouble = ''): void {
    // An address in an answer may carry credentials that are not even ours.
    this.#parts.crossed({ direction, sizeBytes, text: text.replace(/(rtsp:\/\/)[^/@\s]*@/gi, '$1'), trouble })
  }

  /** A packet of ours, RTCP. */
  packet(channel: number, bytes: Buffer): void {
    const head = Buffer.from([0x24, channel, bytes.length >> 8, bytes.length & 255])
    this.#socket.write(Buffer.concat([head, bytes]))
  }

  #end(fault: Fault): void {
    if (this.#isOver) return
    this.#over(fault)
    this.#parts.ended(fault)
  }

  #over(fault: Fault): void {
    this.#isOver = true
    this.#socket.close()
    this.#opened?.fail(fault)
    for (const { fail, cancel } of this.#waiting.values()) {
      cancel()
      fail(fault)
    }
    this.#waiting.clear()
  }

  /** `parting` is a last request whose answer nobody waits for. */
  close(parting?: {
    readonly method: string
    readonly url: string
    readonly headers: Record<string, string>
  }): void {
    if (this.#isOver) return
    if (parting !== undefined) this.ask(parting.method, parting.url, parting.headers).catch(() => {})
    this.#over(new Fault('link-down', 'the connection is closed'))
  }
}
