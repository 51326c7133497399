/** Passwords as scrypt hashes. An unknown user costs exactly what a wrong password costs, and few are computed at once. */
import { randomBytes, type ScryptOptions, scrypt, timingSafeEqual } from 'node:crypto'
import { z } from 'zod'

const hashBytes = 32

/** As it is kept. The parameters stay with it, so that they can grow later. */
export const PasswordHash = z.strictObject({
  salt: z.base64url().min(16).max(128),
  hash: z.base64url().min(43).max(43),
  cost: z
    .number()
    .int()
    .min(2)
    .max(2 ** 20),
  blockSize: z.number().int().min(1).max(32),
  parallel: z.number().int().min(1).max(16),
})
export type PasswordHash = z.output<typeof PasswordHash>

export type Derive = (password: string, salt: Buffer, options: ScryptOptions) => Promise<Buffer>

const derive: Derive = (password, salt, options) =>
  new Promise((resolve, reject) => {
    scrypt(password.normalize('NFC'), salt, hashBytes, options, (error, key) => {
      if (error === null) resolve(key)
      else reject(error)
    })
  })

interface PasswordLimits {
  readonly scryptCost: number
  readonly scryptAtOnce: number
  readonly scryptWaiting: number
}

export class Passwords {
  readonly #limits: PasswordLimits
  readonly #derive: Derive
  /** Stands in for the hash of a user there is not. */
  readonly #nobody: PasswordHash
  readonly #waiting: (() => void)[] = []
  #running = 0

  constructor(limits: PasswordLimits, own: Derive = derive) {
    this.#limits = limits
    this.#derive = own
    this.#nobody = {
      salt: randomBytes(16).toString('base64url'),
      hash: randomBytes(hashBytes).toString('base64url'),
      cost: limits.scryptCost,
      blockSize: 8,
      parallel: 1,
    }
  }

  async hash(password: string): Promise<PasswordHash> {
    const salt = randomBytes(16)
    const kept = { ...this.#nobody, salt: salt.toString('base64url') }
    return { ...kept, hash: (await this.#run(password, kept)).toString('base64url') }
  }

  /** `busy`: too many wait already. */
  async check(password: string, kept: PasswordHash | undefined): Promise<'right' | 'wrong' | 'busy'> {
    if (this.#waiting.length >= this.#limits.scryptWaiting) return 'busy'
    const against = kept ?? this.#nobody
    const isEqual = timingSafeEqual(
      await this.#run(password, against),
      Buffer.from(against.hash, 'base64url'),
    )
    return isEqual && kept !== undefined ? 'right' : 'wrong'
  }

  async #run(password: string, { salt, cost, blockSize, parallel }: PasswordHash): Promise<Buffer> {
    if (this.#running >= this.#limits.scryptAtOnce)
      await new Promise<void>((resolve) => this.#waiting.push(resolve))
    else this.#running += 1
    try {
      // Twice what the algorithm needs; Node's own limit is lower.
      const maxmem = 256 * cost * blockSize
      const options = { N: cost, r: blockSize, p: parallel, maxmem }
      return await this.#derive(password, Buffer.from(salt, 'base64url'), options)
    } finally {
      // The place goes to whoever waits, without ever being free.
      const next = this.#waiting.shift()
      if (next === undefined) this.#running -= 1
      else next()
    }
  }
}
