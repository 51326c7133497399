/** Camera links with a ledger in place of the app, and an MJPEG camera on a real socket that can be as bad as real ones are. */
import { createHash } from 'node:crypto'
import { once } from 'node:events'
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { encode } from 'jpeg-js'
import type { Credentials } from '../../../../src/contract/accounts.ts'
import { LinkId, type LinkProfile } from '../../../../src/contract/links.ts'
import { type Clock, systemClock } from '../../../../src/main/io/clock.ts'
import type { Driver, LinkContext, RunningLink } from '../../../../src/main/link.ts'
import { silentLog } from '../../../../src/main/log.ts'
import { emptySite } from '../../../fakes/link-parts.ts'
import { Ledger, settings, slotOf } from '../openeye/client/stand.ts'

export const link = LinkId.parse('gate')
export const base = { id: link, name: 'Gate', enabled: true, location: 'North side' }

/** A real JPEG of one colour. */
export function jpeg(shade: number, width = 32, height = 24): Buffer {
  const data = Buffer.alloc(width * height * 4, shade)
  return Buffer.from(encode({ data, width, height }, 80).data)
}

export interface Opened {
  readonly ledger: Ledger
  readonly link: RunningLink
}

export async function open<P extends LinkProfile>(
  driver: Driver<P>,
  profile: P,
  more: { readonly credentials?: Credentials; readonly clock?: Clock } = {},
): Promise<Opened> {
  const ledger = new Ledger()
  const context: LinkContext<P> = {
    profile,
    settings,
    clock: more.clock ?? systemClock,
    log: silentLog,
    knownDevices: [],
    secret: slotOf(more.credentials ?? null),
    site: emptySite,
    inspected: () => true,
    raise: (fact) => ledger.raise(fact),
    tell: (fact) => ledger.tell(fact),
  }
  return { ledger, link: await driver.open(context) }
}

type Handler = (request: IncomingMessage, response: ServerResponse) => void

/** What it answers can be changed while it runs. */
export class BadCamera {
  readonly #server: Server
  readonly open = new Set<ServerResponse>()
  requests = 0
  answer: Handler

  private constructor(answer: Handler) {
    this.answer = answer
    this.#server = createServer((request, response) => {
      this.requests += 1
      this.open.add(response)
      response.on('close', () => this.open.delete(response))
      response.on('error', () => {})
      this.answer(request, response)
    })
  }

  static async start(answer: Handler, port = 0): Promise<BadCamera> {
    const camera = new BadCamera(answer)
    camera.#server.listen(port, '127.0.0.1')
    await once(camera.#server, 'listening')
    return camera
  }

  get port(): number {
    return (this.#server.address() as AddressInfo).port
  }

  get url(): string {
    return `http://127.0.0.1:${this.port}/video.mjpg?stream=1`
  }

  async close(): Promise<void> {
    this.#server.closeAllConnections()
    this.#server.close()
    await once(this.#server, 'close')
  }
}

/** Parts of a stream as cameras write them; every `everyMs` one more until the viewer leaves. */
export function film(pictures: readonly Buffer[], everyMs = 20, withLength = true): Handler {
  return (_request, response) => {
    response.writeHead(200, { 'content-type': 'multipart/x-mixed-replace; boundary=--cam' })
    let at = 0
    const timer = setInterval(() => {
      const picture = pictures[at++ % pictures.length] ?? Buffer.alloc(0)
      const length = withLength ? `Content-Length: ${picture.length}\r\n` : ''
      response.write(`--cam\r\nContent-Type: image/jpeg\r\n${length}\r\n`)
      response.write(picture)
      response.write('\r\n')
    }, everyMs)
    response.on('close', () => clearInterval(timer))
  }
}

/** In front of another answer: Digest as RFC 7616 has it, checked by its own arithmetic. */
export function guarded(algorithm: 'MD5' | 'SHA-256', then: Handler): Handler {
  const nonce = 'dcd98b7102dd2f0e'
  const hash = (text: string) =>
    createHash(algorithm === 'MD5' ? 'md5' : 'sha256')
      .update(text)
      .digest('hex')
  return (request, response) => {
    const said = request.headers.authorization ?? ''
    const part = (name: string) => new RegExp(`[ ,]${name}="?([^",]+)`).exec(said)?.[1] ?? ''
    const a1 = hash('admin:cam:right horse')
    const a2 = hash(`GET:${request.url}`)
    const wanted = hash(`${a1}:${nonce}:${part('nc')}:${part('cnonce')}:auth:${a2}`)
    if (part('response') === wanted && part('uri') === request.url) return then(request, response)
    response.writeHead(401, {
      'www-authenticate': `Digest realm="cam", qop="auth", algorithm=${algorithm}, nonce="${nonce}"`,
    })
    response.end()
  }
}
