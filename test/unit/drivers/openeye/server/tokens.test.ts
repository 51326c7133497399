/** Forged, stale and misplaced tokens: each is refused on the socket with 1008 and over HTTP with 401, and nothing is sent first. */
import { createHmac, generateKeyPairSync, randomBytes, sign } from 'node:crypto'
import { jwtVerify, SignJWT } from 'jose'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { Passwords } from '../../../../../src/main/accounts/passwords.ts'
import { Tokens } from '../../../../../src/main/accounts/tokens.ts'
import { Vault } from '../../../../../src/main/accounts/vault.ts'
import { systemClock } from '../../../../../src/main/io/clock.ts'
import { closeAll, password, Screen, type Stand, startStand } from './stand.ts'

const b64 = (value: unknown) =>
  Buffer.from(typeof value === 'string' ? value : JSON.stringify(value)).toString('base64url')
const nowS = () => Math.floor(Date.now() / 1000)

function claims(more: object = {}): Record<string, unknown> {
  return { sub: 'ann', aud: 'openeye', iat: nowS(), exp: nowS() + 600, jti: 'j', ...more }
}

/** Signed with the server's own key, so that only what the case is about can be the reason. */
function make(
  key: Buffer,
  payload: unknown,
  header: unknown = { alg: 'HS256', typ: 'JWT' },
  hash = 'sha256',
): string {
  const body = `${b64(header)}.${b64(payload)}`
  return `${body}.${createHmac(hash, key).update(body).digest('base64url')}`
}

function without(name: string): object {
  const { [name]: _, ...rest } = claims()
  return rest
}

const rsa = generateKeyPairSync('rsa', { modulusLength: 2048 })
const ec = generateKeyPairSync('ec', { namedCurve: 'P-256' })
const publicPem = rsa.publicKey.export({ type: 'spki', format: 'pem' }).toString()

function spareBits(token: string): string {
  const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_'
  const last = alphabet.indexOf(token.at(-1) ?? 'A')
  return token.slice(0, -1) + alphabet[last ^ 1]
}

function asymmetric(alg: 'RS256' | 'ES256'): string {
  const body = `${b64({ alg, typ: 'JWT' })}.${b64(claims())}`
  const key = alg === 'RS256' ? rsa.privateKey : { key: ec.privateKey, dsaEncoding: 'ieee-p1363' as const }
  return `${body}.${sign('sha256', Buffer.from(body), key).toString('base64url')}`
}

const extra = (more: object) => (key: Buffer) => make(key, claims(), { alg: 'HS256', typ: 'JWT', ...more })
const claimed = (more: object) => (key: Buffer) => make(key, claims(more))
const noneOf = (alg: string) => () => `${b64({ alg, typ: 'JWT' })}.${b64(claims())}.`

type Forge = (key: Buffer, good: string) => string
const forged: Record<string, Forge> = {
  'alg none': noneOf('none'),
  'alg NONE': noneOf('NONE'),
  'alg None with a signature': (key) => make(key, claims(), { alg: 'None', typ: 'JWT' }),
  'alg hs256': (key) => make(key, claims(), { alg: 'hs256', typ: 'JWT' }),
  HS384: (key) => make(key, claims(), { alg: 'HS384', typ: 'JWT' }, 'sha384'),
  HS512: (key) => make(key, claims(), { alg: 'HS512', typ: 'JWT' }, 'sha512'),
  RS256: () => asymmetric('RS256'),
  ES256: () => asymmetric('ES256'),
  'public key as secret': () => make(Buffer.from(publicPem), claims()),
  'no alg': (key) => make(key, claims(), { typ: 'JWT' }),
  'empty secret': () => make(Buffer.alloc(0), claims()),
  'the deployed default secret': () => make(Buffer.from('your-secret-key'), claims()),
  'another key': () => make(randomBytes(32), claims()),
  'empty signature': (_key, good) => `${good.slice(0, good.lastIndexOf('.'))}.`,
  'stripped signature': (_key, good) => good.slice(0, good.lastIndexOf('.')),
  truncated: (_key, good) => good.slice(0, -4),
  'other spelling of the signature': (_key, good) => spareBits(good),
  'payload exchanged': (_key, good) => {
    const [header, , signature] = good.split('.')
    return `${header}.${b64(claims({ sub: 'boss' }))}.${signature}`
  },
  'wrong aud': claimed({ aud: 'other' }),
  'aud list': claimed({ aud: ['openeye', 'other'] }),
  'no aud': (key) => make(key, without('aud')),
  'exp past': claimed({ exp: nowS() - 1 }),
  'exp long past': claimed({ exp: 1 }),
  'no exp': (key) => make(key, without('exp')),
  'exp text': claimed({ exp: String(nowS() + 600) }),
  'exp null (NaN)': claimed({ exp: Number.NaN }),
  'exp 1e999': (key) => make(key, JSON.stringify(claims()).replace(/"exp":\d+/, '"exp":"1e999"')),
  'nbf in the future': claimed({ nbf: nowS() + 600 }),
  'nbf text': claimed({ nbf: 'now' }),
  'iat in the future': claimed({ iat: nowS() + 60 }),
  'no iat': (key) => make(key, without('iat')),
  'iat text': claimed({ iat: '1' }),
  'no jti': (key) => make(key, without('jti')),
  'jti number': claimed({ jti: 7 }),
  'no sub': (key) => make(key, without('sub')),
  'sub list': claimed({ sub: ['ann'] }),
  'sub unknown': claimed({ sub: 'nobody' }),
  'sub look-alike': claimed({ sub: 'аnn' }),
  'sub padded': claimed({ sub: 'ann ' }),
  'sub __proto__': claimed({ sub: '__proto__' }),
  'typ at+jwt': extra({ typ: 'at+jwt' }),
  'no typ': (key) => make(key, claims(), { alg: 'HS256' }),
  'kid path': extra({ kid: '../../dev/null' }),
  jku: extra({ jku: 'http://127.0.0.1/keys' }),
  jwk: extra({ jwk: { kty: 'oct', k: 'AA' } }),
  x5u: extra({ x5u: 'http://127.0.0.1/cert' }),
  x5c: extra({ x5c: ['AA'] }),
  crit: extra({ crit: ['exp'], exp: 1 }),
  'b64 false': extra({ b64: false, crit: ['b64'] }),
  zip: extra({ zip: 'DEF' }),
  'duplicate claim': (key) => make(key, JSON.stringify(claims()).replace('{', '{"sub":"boss",')),
  'duplicate header': (key) => make(key, claims(), '{"alg":"none","alg":"HS256","typ":"JWT"}'),
  'payload a list': (key) => make(key, [claims()]),
  'payload not JSON': (key) => make(key, 'hello'),
  nested: (key, good) => make(key, good, { alg: 'HS256', typ: 'JWT', cty: 'JWT' }),
  'ten kilobytes': claimed({ more: 'x'.repeat(5000) }),
  padding: (_key, good) => `${good}=`,
  'dots encoded twice': (_key, good) => good.replaceAll('.', '%2E'),
  'space before': (_key, good) => ` ${good}`,
  'newline behind': (_key, good) => `${good}\n`,
  'four parts': (_key, good) => `${good}.x`,
  'encryption shape': (_key, good) => `${good}.a.b`,
  'only dots': () => '..',
  empty: () => '',
}

let stand: Stand
let key: Buffer
beforeEach(async () => {
  stand = await startStand()
  key = Buffer.from((JSON.parse(stand.slot.text ?? '') as { key: string }).key, 'base64url')
})
afterEach(closeAll)

async function expectRefused(query: string, headers: Record<string, string> = {}): Promise<void> {
  const screen = new Screen(stand, query, [], { headers })
  expect(await screen.closed).toEqual({ code: 1008, reason: 'invalid token' })
  expect(screen.heard).toEqual([])
  const reply = await stand.get(`/api/cameras/eye:door/snapshot${query}`, undefined, { headers })
  expect(reply.status).toBe(401)
  expect(await reply.json()).toEqual({ detail: 'Could not validate credentials' })
}

describe('tokens of the OpenEye server', () => {
  it('takes what it gave out, and what is made the same way with its key', async () => {
    for (const token of [await stand.token(), make(key, claims())]) {
      const screen = new Screen(stand, `?token=${token}`)
      await screen.until('connection_status')
      expect((await stand.get('/api/ws/status', token)).status).toBe(200)
    }
    // One decoding is the address's own.
    const screen = new Screen(stand, `?token=${(await stand.token()).replaceAll('.', '%2E')}`)
    await screen.until('connection_status')
  })

  it(`refuses each of ${Object.keys(forged).length} forgeries on the socket and over HTTP`, async () => {
    expect(Object.keys(forged).length).toBeGreaterThanOrEqual(40)
    const good = await stand.token()
    for (const [name, forge] of Object.entries(forged))
      await expectRefused(`?token=${encodeURIComponent(forge(key, good))}`).catch((error: unknown) => {
        throw new Error(`${name}: ${String(error)}`)
      })
    expect(stand.logged.join('\n')).not.toContain(good)
    expect(JSON.stringify(stand.facts)).not.toContain(good.slice(0, 60))
  })

  it('refuses a token given twice, or where none belongs', async () => {
    const good = await stand.token()
    await expectRefused('')
    await expectRefused(`?token=${good}&token=${good}`)
    await expectRefused(`?access_token=${good}`)
    await expectRefused(`?Token=${good}`)
    await expectRefused(`?token=${good}`, { authorization: `Bearer ${good}` })
    await expectRefused('', { authorization: `Basic ${good}` })
    await expectRefused('', { authorization: good })
    await expectRefused('', { cookie: `token=${good}` })
    const status = await stand.get(`/api/ws/status?token=${good}`)
    expect(status.status).toBe(401)
  })

  it('takes it from the header, and from the subprotocol as browsers can', async () => {
    const good = await stand.token()
    await new Screen(stand, '', [], { headers: { authorization: `Bearer ${good}` } }).until(
      'connection_status',
    )
    const screen = new Screen(stand, '', ['bearer', good])
    await screen.until('connection_status')
    expect(screen.socket.protocol).toBe('bearer')
  })

  it('ends tokens and closes sockets: removed, revoked, another password, another key', async () => {
    const ends: [string, () => Promise<void>][] = [
      ['revoked', () => stand.server.accounts.revoke('ann')],
      ['password', () => stand.server.accounts.save('ann', 'viewer', `${password}2`)],
      ['key', () => stand.server.accounts.rotateKey()],
      ['removed', () => stand.server.accounts.remove('ann')],
    ]
    let pass = password
    for (const [name, end] of ends) {
      const reply = (await (await stand.login('ann', pass)).json()) as { access_token: string }
      const screen = new Screen(stand, `?token=${reply.access_token}`)
      await screen.until('statistics_update')
      await end()
      expect(await screen.closed, name).toEqual({ code: 1008, reason: 'token ended' })
      await expectRefused(`?token=${reply.access_token}`)
      if (name === 'password') pass = `${password}2`
    }
  })

  it('a role change keeps the tokens; a login right after a revocation works', async () => {
    const screen = await Screen.open(stand)
    await stand.server.accounts.save('ann', 'operator', undefined)
    await screen.settled()
    await stand.server.accounts.revoke('ann')
    expect((await stand.get('/api/ws/status', await stand.token())).status).toBe(200)
  })

  it('keeps users and key over a restart', async () => {
    const token = await stand.token()
    const again = await startStand({ slot: stand.slot, users: {} })
    expect((await again.get('/api/ws/status', token)).status).toBe(200)
    expect(stand.slot.text).not.toContain(password)
  })

  it('does the same work whatever is wrong: one verification, one derivation', async () => {
    const vault = await Vault.open(stand.slot)
    let verified = 0
    const counting: typeof jwtVerify = ((...all: Parameters<typeof jwtVerify>) => {
      verified += 1
      return jwtVerify(...all)
    }) as typeof jwtVerify
    const tokens = new Tokens(vault, systemClock, { audience: 'openeye', minutes: 30 }, counting)
    const stranger = await new SignJWT({}).setProtectedHeader({ alg: 'HS256' }).sign(randomBytes(32))
    for (const token of [null, '', 'x', stranger, make(key, claims()), make(key, claims({ sub: 'no' }))]) {
      verified = 0
      await tokens.verify(token)
      expect(verified).toBe(1)
    }
    const derived: number[] = []
    const passwords = new Passwords(
      { scryptCost: 64, scryptAtOnce: 2, scryptWaiting: 2 },
      async (_, __, { N = 0 }) => {
        derived.push(N)
        return Buffer.alloc(32)
      },
    )
    const kept = await passwords.hash('right')
    expect(await passwords.check('wrong', { ...kept, hash: Buffer.alloc(32, 1).toString('base64url') })).toBe(
      'wrong',
    )
    expect(await passwords.check('whatever', undefined)).toBe('wrong')
    expect(derived).toEqual([64, 64, 64])
  })

  it('computes at most two passwords at once and turns away what would wait too long', async () => {
    const waiting: (() => void)[] = []
    let running = 0
    let most = 0
    const passwords = new Passwords({ scryptCost: 64, scryptAtOnce: 2, scryptWaiting: 2 }, async () => {
      running += 1
      most = Math.max(most, running)
      await new Promise<void>((resolve) => waiting.push(resolve))
      running -= 1
      return Buffer.alloc(32)
    })
    const checks = Array.from({ length: 6 }, () => passwords.check('x', undefined))
    expect(await checks[4]).toBe('busy')
    expect(await checks[5]).toBe('busy')
    let left = 4
    while (left > 0) {
      await new Promise((resolve) => setImmediate(resolve))
      for (const go of waiting.splice(0)) {
        left -= 1
        go()
      }
    }
    expect(await Promise.all(checks.slice(0, 4))).toEqual(['wrong', 'wrong', 'wrong', 'wrong'])
    expect(most).toBe(2)
  })
})
