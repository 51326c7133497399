/** File name stem of a register map: `motor-handler`. */
import { z } from 'zod'

export const RegisterMapId = z.string().regex(/^[a-z0-9][a-z0-9-]{0,59}$/)
export type RegisterMapId = z.output<typeof RegisterMapId>
