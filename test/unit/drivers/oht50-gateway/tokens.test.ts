/** Who is let in, how, and as what: three ways of a token, no token, wrong ones, and accounts that change meanwhile. */
import { decodeJwt, SignJWT } from 'jose'
import { afterEach, describe, expect, it } from 'vitest'
import { slotWith } from '../../../fakes/link-parts.ts'
import { moduleRow } from '../../../fakes/vehicles.ts'
import { closeAll, dataOf, password, Screen, startStand } from './stand.ts'

afterEach(closeAll)

const refused = { code: 1008, reason: 'invalid token' }

describe('a token', () => {
  it('may come in a header, as a subprotocol, or as the first message', async () => {
    const stand = await startStand()
    const token = await stand.token('olga')
    const header = new Screen(stand, [], { headers: { authorization: `Bearer ${token}` } }, '/ws')
    expect(dataOf(await header.until('ready'))).toMatchObject({ user: 'olga', role: 'operator' })
    const protocol = new Screen(stand, ['bearer', token], {}, '/any/path')
    await protocol.until('ready')
    expect(protocol.socket.protocol).toBe('bearer')
    const message = new Screen(stand)
    expect(dataOf(await message.until('auth_required'))).toMatchObject({ within_ms: 3000 })
    message.say({ type: 'auth', token })
    expect(dataOf(await message.until('ready'))).toMatchObject({ user: 'olga', role: 'operator' })
    await message.until('alerts')
    expect((await stand.gateway.accounts.users()).find(({ user }) => user === 'olga')?.connections).toBe(3)
  })

  it('says what the vehicle’s own backend says in one', async () => {
    const stand = await startStand()
    const claims = decodeJwt(await stand.token('olga'))
    expect(claims).toMatchObject({ sub: 'olga', role: 'operator', type: 'access' })
    expect((claims.exp ?? 0) - Math.floor(claims.iat ?? 0)).toBe(1800)
  })

  it.each([
    ['in a header', (token: string) => [[], { headers: { authorization: `Bearer ${token}` } }] as const],
    ['as a subprotocol', (token: string) => [['bearer', token], {}] as const],
  ])('that is wrong ends the socket at once %s, and nothing is told', async (_name, way) => {
    const stand = await startStand()
    const good = await stand.token()
    for (const token of [`${good.slice(0, -4)}AAAA`, 'oht50_admin_token_2025', good.split('.')[1] ?? '']) {
      const [protocols, options] = way(token)
      const screen = new Screen(stand, [...protocols], options)
      expect(await screen.closed).toEqual(refused)
      expect(screen.heard).toEqual([])
    }
  })

  it('that is wrong ends the socket at once as a message, also where none is needed', async () => {
    for (const viewersNeedToken of [true, false]) {
      const stand = await startStand({ profile: { viewersNeedToken } })
      for (const token of ['x', 7, null, `${await stand.token()}x`]) {
        const screen = new Screen(stand)
        await screen.until(viewersNeedToken ? 'auth_required' : 'ready')
        screen.say({ type: 'auth', token })
        expect(await screen.closed).toEqual(refused)
      }
    }
  })

  it('of another kind, or signed with our key by another claim, is refused', async () => {
    const stand = await startStand()
    const kept = JSON.parse((await stand.slot.read()) ?? '')
    const key = Buffer.from(kept.key, 'base64url')
    const sign = (claims: object, audience: string) =>
      new SignJWT({ jti: 'j', ...claims })
        .setProtectedHeader({ alg: 'HS256', typ: 'JWT' })
        .setSubject('olga')
        .setAudience(audience)
        .setIssuedAt()
        .setExpirationTime('5m')
        .sign(key)
    const good = new Screen(stand, ['bearer', await sign({ type: 'access' }, 'oht50')])
    await good.until('ready')
    for (const token of [
      await sign({ type: 'refresh' }, 'oht50'),
      await sign({}, 'oht50'),
      await sign({ type: 'access' }, 'openeye'),
    ])
      expect(await new Screen(stand, ['bearer', token]).closed).toEqual(refused)
  })

  it('in the address is refused, good or not, and is in no log', async () => {
    const stand = await startStand()
    const token = await stand.token()
    const screen = new Screen(stand, [], {}, `/?token=${token}`)
    expect(await screen.closed).toEqual({
      code: 1008,
      reason: 'no token in the address: send a header or an auth message',
    })
    expect(stand.logged.join('\n')).not.toContain(token)
    expect(JSON.stringify(stand.facts)).not.toContain(token)
  })

  it('brought twice is a mistake that is told', async () => {
    const stand = await startStand()
    const screen = await Screen.open(stand)
    screen.say({ type: 'auth', token: await stand.token('olga') })
    expect((await screen.until('error')).message).toMatch(/already/)
  })
})

describe('without a token', () => {
  it('nothing is told and nothing is taken, and the socket ends in words', async () => {
    const stand = await startStand({ limits: { tokenWithinMs: 150 } })
    const screen = new Screen(stand)
    await screen.until('auth_required')
    screen.say({ type: 'commands', id: 1, command: 'emergency_stop' })
    screen.say({ type: 'subscribe', data: { types: ['status'] } })
    stand.vehicles.module(moduleRow({ soc: 1 }))
    expect(await screen.closed).toEqual({ code: 1008, reason: 'no token within 0.15 s' })
    const told = screen.heard.map(({ type }) => type)
    expect(told).toEqual(['auth_required', 'commands', 'error'])
    expect(screen.answers(1)).toMatchObject([{ status: 'refused', message: /log in as an operator/ }])
    expect(stand.vehicles.stopped).toEqual([])
    expect(stand.state().is).toBe('listening')
  })

  it('too many at once are told to come again, and those with one are not kept out', async () => {
    const stand = await startStand({ limits: { maxWithoutToken: 3 } })
    const waiting = Array.from({ length: 3 }, () => new Screen(stand))
    for (const screen of waiting) await screen.until('auth_required')
    expect(await new Screen(stand).closed).toMatchObject({ code: 1013 })
    await Screen.open(stand)
  })

  it('whoever may watch without one watches, and commands nothing until it brings one', async () => {
    const stand = await startStand({ profile: { viewersNeedToken: false } })
    const screen = new Screen(stand)
    expect(dataOf(await screen.until('ready'))).toMatchObject({ user: null, role: 'viewer' })
    await screen.until('alerts')
    screen.say({ type: 'commands', id: 'a', command: 'emergency_stop' })
    expect(await screen.answer('a')).toMatchObject({ status: 'refused', message: /need a token/ })
    screen.say({ type: 'auth', token: await stand.token('olga') })
    expect(dataOf(await screen.until('ready', 2))).toMatchObject({ user: 'olga', role: 'operator' })
    screen.say({ type: 'commands', id: 'b', command: 'emergency_stop' })
    expect(await screen.answer('b')).toMatchObject({ status: 'accepted' })
    expect(stand.vehicles.stopped).toEqual([{ vehicle: null, by: 'olga@gateway' }])
  })
})

describe('an account that changes', () => {
  it.each([
    ['removed', 'remove'],
    ['its tokens ended', 'revoke'],
    ['a new key', 'rotateKey'],
  ] as const)('%s: its sockets end, its token is worth nothing', async (_name, what) => {
    const stand = await startStand()
    const token = await stand.token('olga')
    const screen = new Screen(stand, ['bearer', token])
    await screen.until('ready')
    const { accounts } = stand.gateway
    await (what === 'rotateKey' ? accounts.rotateKey() : accounts[what]('olga'))
    expect(await screen.closed).toEqual({ code: 1008, reason: 'token ended' })
    expect(await new Screen(stand, ['bearer', token]).closed).toEqual(refused)
  })

  it('made a viewer commands no more, with the token it has', async () => {
    const stand = await startStand()
    const screen = await Screen.open(stand, 'olga')
    await stand.gateway.accounts.save('olga', 'viewer', undefined)
    screen.say({ type: 'commands', id: 1, command: 'move' })
    expect(await screen.answer(1)).toMatchObject({ status: 'refused', message: 'a viewer may not command' })
    expect(stand.vehicles.commanded).toEqual([])
  })

  it('and the key outlive a restart', async () => {
    const slot = slotWith()
    const first = await startStand({ slot })
    const token = await first.token('olga')
    await first.gateway.close()
    const second = await startStand({ slot, users: {} })
    const screen = new Screen(second, ['bearer', token])
    expect(dataOf(await screen.until('ready'))).toMatchObject({ user: 'olga', role: 'operator' })
  })
})

describe('login', () => {
  it('gives a token for the right password and the same words for any wrong one', async () => {
    const stand = await startStand()
    const good = await stand.login('olga')
    expect(good.status).toBe(200)
    expect(await good.json()).toMatchObject({
      success: true,
      token_type: 'bearer',
      expires_in: 1800,
      role: 'operator',
    })
    const [wrong, nobody] = [await stand.login('olga', `${password}x`), await stand.login('nobody')]
    expect([wrong.status, nobody.status]).toEqual([401, 401])
    expect(await wrong.text()).toBe(await nobody.text())
    expect(stand.logged.join()).not.toContain('nobody')
  })

  it('is limited, says how long to wait, and what is no login is told what one is', async () => {
    const stand = await startStand({ limits: { loginsPerMinute: 3 } })
    for (let n = 0; n < 3; n += 1) expect((await stand.login('olga', 'wrong')).status).toBe(401)
    const limited = await stand.login('olga')
    expect(limited.status).toBe(429)
    expect(Number(limited.headers.get('retry-after'))).toBeGreaterThan(0)
    const post = (body: string, type = 'application/json') =>
      stand.get('/api/v1/auth/login', { method: 'POST', body, headers: { 'content-type': type } })
    expect((await post('username=a&password=b', 'application/x-www-form-urlencoded')).status).toBe(415)
    expect((await post('{"username":["a"],"password":"b"}')).status).toBe(422)
    expect((await post('{')).status).toBe(422)
    expect((await post(`{"username":"${'a'.repeat(9000)}"}`)).status).toBe(413)
    expect((await stand.get('/api/v1/auth/login')).status).toBe(405)
  })
})
