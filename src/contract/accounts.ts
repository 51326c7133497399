/** Who we are to a server we dial, and who others are to a server of ours. Secrets go in and never come out again. */
import { z } from 'zod'
import { roles } from './roles.ts'

/** How we log in at a server. */
export const Credentials = z.discriminatedUnion('is', [
  z.strictObject({
    is: z.literal('password'),
    user: z.string().min(1).max(200),
    password: z.string().min(1).max(1000),
  }),
  z.strictObject({ is: z.literal('token'), token: z.string().trim().min(1).max(8192) }),
])
export type Credentials = z.output<typeof Credentials>

/** Whether something is kept for a link, and how well: `file` is readable by whoever can read this account's files. */
export const KeptSecret = z.enum(['none', 'os', 'file'])
export type KeptSecret = z.output<typeof KeptSecret>

export const AccountUser = z.object({
  user: z.string(),
  role: z.enum(roles),
  /** Open sockets now, and requests since start. */
  connections: z.number().int(),
  requests: z.number().int(),
  /** When the last token was given out; null when none was since start. */
  lastLoginAt: z.number().int().nullable(),
})
export type AccountUser = z.output<typeof AccountUser>

/** At least 8 characters with an upper and a lower case letter, a digit and something else, as OpenEye asks for. */
export const NewPassword = z
  .string()
  .min(8, 'at least 8 characters')
  .max(200)
  .regex(/\p{Lu}/u, 'needs an upper case letter')
  .regex(/\p{Ll}/u, 'needs a lower case letter')
  .regex(/\p{N}/u, 'needs a digit')
  .regex(/[^\p{L}\p{N}]/u, 'needs a character that is neither letter nor digit')

export const UserName = z
  .string()
  .trim()
  .min(3, 'at least 3 characters')
  .max(60)
  .regex(/^[\p{L}\p{N}._@-]+$/u, 'letters, digits, and . _ @ - only')
