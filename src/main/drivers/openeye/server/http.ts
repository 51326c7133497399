/** The HTTP half of the server: login, figures, faces, cameras and their pictures, each request under its user's rate. */
import type { IncomingMessage, ServerResponse } from 'node:http'
import type { Camera } from '../../../../contract/cameras.ts'
import { never } from '../../../../contract/fault.ts'
import { requestToken } from '../../../accounts/bearer.ts'
import { Rates } from '../../../accounts/rates.ts'
import type { Pass } from '../../../accounts/tokens.ts'
import { type Answer, noToken, ok, respond, respondEarly, trouble } from '../../../io/http-answer.ts'
import { Login } from './login.ts'
import type { Parts } from './parts.ts'
import { show } from './parts.ts'
import { sendSnapshot, startStream } from './pictures.ts'
import { methodOf, type Place, placeOf } from './routes.ts'
import { cameraOf, cameraStatus, cameraWords, flatFigures, personWords, time } from './site-words.ts'

type Headers = NonNullable<Answer['headers']>
type GuardedPlace = Exclude<Place, { is: 'token' | 'setup' | 'setup-status' | 'health' }>

const notAttempts: ReadonlySet<number> = new Set([413, 415, 422])
const makeFirst = "The first user is made on Watchfloor's Links screen, not over the network"

function addressOf(request: IncomingMessage): string {
  return request.socket.remoteAddress ?? 'unknown'
}

export class Http {
  readonly #parts: Parts
  readonly #login: Login
  readonly #users: Rates
  /** Of each address, for what brings no good token. */
  readonly #strangers: Rates

  constructor(parts: Parts) {
    this.#parts = parts
    this.#login = new Login(parts)
    this.#users = new Rates(parts.limits.requestsPerMinute)
    this.#strangers = new Rates(parts.limits.requestsPerMinute)
  }

  take(request: IncomingMessage, response: ServerResponse): void {
    // A page of this server's own host has the same origin and needs none of these; others were let in by name.
    const { origin } = request.headers
    const cors: Headers =
      origin !== undefined && this.#parts.context.profile.origins.includes(origin)
        ? { 'access-control-allow-origin': origin, vary: 'origin' }
        : {}
    response.on('error', () => {})
    this.#answer(request, response, cors)
      .catch((error: unknown) => {
        this.#parts.context.log.error('openeye-request', { error: String(error) })
        return trouble(500, 'Internal Server Error')
      })
      .then((answer) => {
        if (answer === null) return
        const whole = { ...answer, headers: { ...answer.headers, ...cors } }
        // A body nobody read must not be taken for the next request.
        if (request.complete) respond(response, whole)
        else respondEarly(request, response, whole, this.#parts.context.clock)
      })
      .catch(() => response.destroy())
  }

  async #answer(request: IncomingMessage, response: ServerResponse, cors: Headers): Promise<Answer | null> {
    const { method = 'GET', url = '' } = request
    const place = placeOf(url)
    const path = (url.split('?', 1)[0] ?? '').slice(0, 200)
    show(this.#parts, 'in', addressOf(request), 0, `${method} ${path}`, place === null ? 'no such path' : '')
    if (method === 'OPTIONS') return this.#preflight(request, response, cors)
    if (place === null) return this.#asStranger(request, trouble(404, 'Not Found'))
    const needed = methodOf(place)
    if (method !== needed)
      return this.#asStranger(request, trouble(405, 'Method Not Allowed', { allow: needed }))
    switch (place.is) {
      case 'token': {
        const answer = await this.#login.answer(request, addressOf(request))
        // What was no attempt to log in is not counted as one, but counted.
        return answer !== null && notAttempts.has(answer.status) ? this.#asStranger(request, answer) : answer
      }
      case 'setup':
        return this.#asStranger(request, trouble(403, makeFirst))
      case 'setup-status': {
        const isSetUp = this.#parts.vault.users.length > 0
        return this.#asStranger(request, ok({ setup_complete: isSetUp }))
      }
      case 'health':
        return this.#asStranger(request, ok({ status: 'healthy' }))
      default:
        return this.#guarded(request, response, place, cors)
    }
  }

  #preflight(request: IncomingMessage, response: ServerResponse, cors: Headers): Answer | null {
    const refused = this.#strangersWait(request)
    if (refused !== null) return refused
    response.writeHead(204, {
      ...cors,
      ...(cors['access-control-allow-origin'] === undefined
        ? {}
        : {
            'access-control-allow-methods': 'GET, POST, OPTIONS',
            'access-control-allow-headers': 'authorization, content-type',
            'access-control-max-age': '600',
          }),
      allow: 'GET, POST, OPTIONS',
    })
    response.end()
    return null
  }

  #strangersWait(request: IncomingMessage): Answer | null {
    const { waitMs } = this.#strangers.take(addressOf(request), this.#parts.context.clock.monotonic())
    return waitMs > 0 ? tooMany(waitMs, this.#strangers.perMinute) : null
  }

  #asStranger(request: IncomingMessage, answer: Answer): Answer {
    return this.#strangersWait(request) ?? answer
  }

  async #guarded(
    request: IncomingMessage,
    response: ServerResponse,
    place: GuardedPlace,
    cors: Headers,
  ): Promise<Answer | null> {
    const { tokens, attempts, book, sessions, context } = this.#parts
    const { clock } = context
    const verified = await tokens.verify(
      requestToken(request, place.is === 'stream' || place.is === 'snapshot'),
    )
    if (!verified.ok) {
      book.counters.refusedPeers += 1
      attempts.refused('request', addressOf(request), null, verified.why)
      return this.#asStranger(request, noToken)
    }
    const { pass } = verified
    const { perMinute } = this.#users
    const { waitMs, left } = this.#users.take(String(pass.user.id), clock.monotonic())
    if (waitMs > 0) return tooMany(waitMs, perMinute)
    sessions.usage(pass.user.id).requests += 1
    book.counters.messagesIn += 1
    book.useful(clock.now(), clock.monotonic())
    const rate = { 'x-ratelimit-limit': perMinute, 'x-ratelimit-remaining': left }
    const answer = await this.#placed(place, pass, response, { ...cors, ...rate })
    return answer && { ...answer, headers: { ...rate, ...answer.headers } }
  }

  #placed(
    place: GuardedPlace,
    pass: Pass,
    response: ServerResponse,
    headers: Headers,
  ): Answer | null | Promise<Answer | null> {
    const { site, clock } = this.#parts.context
    switch (place.is) {
      case 'socket-status':
        return ok(this.#socketStatus(pass))
      case 'figures':
        return ok(flatFigures(site.statistics(), site.people()))
      case 'detections':
        return ok(this.#parts.sightings.words(site, clock.now()))
      case 'people':
        return ok([...site.people()].map(personWords))
      case 'cameras': {
        const cameras = [...site.cameras()].map(cameraWords)
        return ok({ cameras, total: cameras.length })
      }
      case 'camera':
        return this.#ofCamera(place.camera, (camera) => ok(cameraWords(camera)))
      case 'camera-status':
        return this.#ofCamera(place.camera, (camera) => ok(cameraStatus(camera)))
      case 'stream':
        return this.#ofCamera(place.camera, (camera) =>
          startStream(response, camera, pass, this.#parts, headers),
        )
      case 'snapshot':
        return this.#ofCamera(place.camera, (camera) =>
          sendSnapshot(response, camera, pass, this.#parts, headers),
        )
      default:
        return never(place, 'place')
    }
  }

  #ofCamera<T>(id: string, answer: (camera: Camera) => T): T | Answer {
    const camera = cameraOf(this.#parts.context.site.cameras(), id)
    return camera === undefined ? trouble(404, 'Camera not found') : answer(camera)
  }

  #socketStatus({ user }: Pass): object {
    const { sessions } = this.#parts
    const byUser = sessions.connectionsByUser()
    const counts = Object.values(byUser)
    const { since, messagesIn, messagesOut, bytesIn, bytesOut, requests } = sessions.usage(user.id)
    return {
      status: 'operational',
      statistics: {
        total_connections: counts.reduce((sum, count) => sum + count, 0),
        total_users: counts.length,
        connections_by_user: byUser,
      },
      user_connections: byUser[user.id] ?? 0,
      user_statistics: {
        since: time(since),
        requests,
        messages_received: messagesIn,
        messages_sent: messagesOut,
        bytes_received: bytesIn,
        bytes_sent: bytesOut,
        streams: sessions.count(user.id, 'stream'),
      },
    }
  }
}

function tooMany(waitMs: number, perMinute: number): Answer {
  const afterS = Math.ceil(waitMs / 1000)
  return trouble(429, `Rate limit exceeded: ${perMinute} requests per minute`, {
    'retry-after': String(afterS),
    'x-ratelimit-limit': perMinute,
    'x-ratelimit-remaining': 0,
  })
}
