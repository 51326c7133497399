/** Basic and Digest by the RFCs' own examples, and by what cameras write. */
import { createHash } from 'node:crypto'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import {
  basicAnswer,
  challengesOf,
  type DigestChallenge,
  digestAnswer,
  HttpLogin,
} from '../../../src/main/io/digest.ts'

/** RFC 7616 §3.9.1, both challenges as the server sends them. */
const rfc7616 = [
  'Digest realm="http-auth@example.org", qop="auth, auth-int", algorithm=MD5, nonce="7ypf/xlj9XXwfDPEoM4URrv/xwf94BcCAzFZH4GiTo0v", opaque="FQhe/qaU925kfnzjCev0ciny7QMkPqMAFRtzCUYo5tdS"',
  'Digest realm="http-auth@example.org", qop="auth, auth-int", algorithm=SHA-256, nonce="7ypf/xlj9XXwfDPEoM4URrv/xwf94BcCAzFZH4GiTo0v", opaque="FQhe/qaU925kfnzjCev0ciny7QMkPqMAFRtzCUYo5tdS"',
]
const mufasa = { user: 'Mufasa', password: 'Circle of Life' }
const use = {
  method: 'GET',
  uri: '/dir/index.html',
  cnonce: 'f2/wE4q74E6zIJEtWaHKaf5wv/H5QzzpXusqGemxURZJ',
  count: 1,
}

function digests(header: string | readonly string[]): DigestChallenge[] {
  return challengesOf(header).filter((one) => one.scheme === 'digest')
}

describe('the examples of the RFCs', () => {
  test('RFC 7616: SHA-256 is preferred, and both responses are the printed ones', () => {
    const [sha, md5] = digests(rfc7616)
    expect(sha?.algorithm).toBe('SHA-256')
    expect(md5?.algorithm).toBe('MD5')
    if (sha === undefined || md5 === undefined) throw new Error('two challenges')
    expect(digestAnswer(sha, mufasa, use)).toContain(
      'response="753927fa0e85d155564e2e272a28d1802ca10daf4496794697cf8db5856cb6c1"',
    )
    const answer = digestAnswer(md5, mufasa, use)
    expect(answer).toContain('response="8ca523f5e9506fed4657c9700eebdbec"')
    expect(answer).toContain('qop=auth, nc=00000001')
    expect(answer).toContain('opaque="FQhe/qaU925kfnzjCev0ciny7QMkPqMAFRtzCUYo5tdS"')
  })

  test('RFC 2617 §3.5', () => {
    const [challenge] = digests(
      'Digest realm="testrealm@host.com", qop="auth,auth-int", nonce="dcd98b7102dd2f0e8b11d0f600bfb0c093", opaque="5ccc069c403ebaf9f0171e9517f40e41"',
    )
    if (challenge === undefined) throw new Error('a challenge')
    const answer = digestAnswer(
      challenge,
      { user: 'Mufasa', password: 'Circle Of Life' },
      { method: 'GET', uri: '/dir/index.html', cnonce: '0a4f113b', count: 1 },
    )
    expect(answer).toContain('response="6629fae49393a05397450978507c4ef1"')
  })

  test('RFC 2069, as old cameras do: no qop, nothing counted', () => {
    const [challenge] = digests('Digest realm="IP Camera(C1234)", nonce="abc"')
    if (challenge === undefined) throw new Error('a challenge')
    const answer = digestAnswer(challenge, { user: 'admin', password: '12345' }, use)
    expect(answer).not.toMatch(/qop|nc=|cnonce/)
  })

  test('RFC 7617 §2', () => {
    expect(basicAnswer({ user: 'Aladdin', password: 'open sesame' })).toBe(
      'Basic QWxhZGRpbjpvcGVuIHNlc2FtZQ==',
    )
  })
})

describe('challenges as they come', () => {
  test('several in one line, the strongest first, strange ones passed over', () => {
    const found = challengesOf(
      'Negotiate, Basic realm="a, b", Digest realm="x\\"y",nonce=n1, algorithm="md5" ,qop=auth, Digest nonce="n2", algorithm=SHA-512-256',
    )
    expect(found).toMatchObject([
      { scheme: 'digest', realm: 'x"y', nonce: 'n1', algorithm: 'MD5', hasQop: true },
      { scheme: 'basic', realm: 'a, b' },
    ])
  })

  test('only auth-int, no nonce, nothing: not answered', () => {
    expect(challengesOf('Digest realm="x", nonce="n", qop="auth-int"')).toEqual([])
    expect(challengesOf('Digest realm="x"')).toEqual([])
    expect(challengesOf(undefined)).toEqual([])
  })

  test('any text is read without a throw, in time that grows with its length', () => {
    fc.assert(
      fc.property(fc.string({ maxLength: 2000 }), (text) => {
        for (const one of challengesOf(`Digest ${text}`)) expect(one.scheme).toMatch(/basic|digest/)
      }),
    )
    const started = performance.now()
    challengesOf(`Digest ${'a="'.repeat(200_000)}`)
    challengesOf(`Digest ${'\\"'.repeat(200_000)}`)
    challengesOf(` ${', '.repeat(200_000)}`)
    expect(performance.now() - started).toBeLessThan(500)
  })
})

describe('an account at a server', () => {
  test('says nothing until it is asked, then counts each use of the nonce', () => {
    const login = new HttpLogin({ user: 'admin', password: 'x' }, () => 'c')
    expect(login.answer('GET', '/')).toBeNull()
    expect(login.challenged('Digest realm="r", nonce="n", qop="auth"', false)).toBe(true)
    expect(login.answer('GET', '/')).toContain('nc=00000001')
    expect(login.answer('GET', '/')).toContain('nc=00000002')
  })

  test('a second refusal is final, unless only the nonce was old', () => {
    const login = new HttpLogin({ user: 'admin', password: 'x' })
    login.challenged('Digest realm="r", nonce="n", qop="auth"', false)
    expect(login.challenged('Digest realm="r", nonce="n2", qop="auth", stale=true', true)).toBe(true)
    expect(login.answer('GET', '/')).toContain('nonce="n2"')
    expect(login.challenged('Digest realm="r", nonce="n3", qop="auth"', true)).toBe(false)
  })

  test('with a session algorithm every answer belongs to the session that the first one began', () => {
    const login = new HttpLogin({ user: 'admin', password: 'x' })
    login.challenged('Digest realm="r", nonce="n", qop="auth", algorithm=MD5-sess', false)
    const hash = (text: string) => createHash('md5').update(text).digest('hex')
    let key = ''
    for (const nc of ['00000001', '00000002', '00000003']) {
      const said = login.answer('GET', '/') ?? ''
      const part = (name: string) => new RegExp(`[ ,]${name}="?([^",]+)`).exec(said)?.[1] ?? ''
      // RFC 7616 §3.4.2: A1 is made once, of the first request's cnonce. A server keeps only its hash.
      if (key === '') key = hash(`${hash('admin:r:x')}:n:${part('cnonce')}`)
      expect(part('response')).toBe(hash(`${key}:n:${nc}:${part('cnonce')}:auth:${hash('GET:/')}`))
    }
  })

  test('names with other letters go percent-encoded', () => {
    const login = new HttpLogin({ user: 'Đội trưởng', password: 'mật khẩu' })
    login.challenged('Digest realm="r", nonce="n"', false)
    const answer = login.answer('GET', '/') ?? ''
    expect(answer).toContain("username*=UTF-8''%C4%90%E1%BB%99i%20tr%C6%B0%E1%BB%9Fng")
    expect(answer).toMatch(/^[\x20-\x7e]+$/)
  })
})
