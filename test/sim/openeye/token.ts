/** The JSON web tokens of the simulated server, HS256 by hand: `sub` and `exp` and nothing else, as the deployed one has them. */
import { createHmac, timingSafeEqual } from 'node:crypto'

function part(value: object): string {
  return Buffer.from(JSON.stringify(value)).toString('base64url')
}

function signature(text: string, key: string): Buffer {
  return createHmac('sha256', key).update(text).digest()
}

export function signToken(user: string, expiresAt: number, key: string): string {
  const text = `${part({ alg: 'HS256', typ: 'JWT' })}.${part({ sub: user, exp: Math.floor(expiresAt / 1000) })}`
  return `${text}.${signature(text, key).toString('base64url')}`
}

/** The user of a good token; null for any other text. */
export function userOfToken(token: string, key: string, now: number): string | null {
  const [head = '', claims = '', sign = ''] = token.split('.')
  const wanted = signature(`${head}.${claims}`, key)
  const given = Buffer.from(sign, 'base64url')
  if (given.length !== wanted.length || !timingSafeEqual(given, wanted)) return null
  const { sub, exp }: { sub?: unknown; exp?: unknown } = JSON.parse(
    Buffer.from(claims, 'base64url').toString(),
  )
  return typeof sub === 'string' && typeof exp === 'number' && exp * 1000 > now ? sub : null
}
