/** Orders as a screen sees them: what waits in the outbox, what was delivered, what a peer refused. */
import { z } from 'zod'
import { AlertId } from './alerts.ts'
import { LinkId } from './links.ts'

export const OrderState = z.enum(['waiting', 'delivered', 'parked'])
export type OrderState = z.output<typeof OrderState>

export const OutboxRow = z.object({
  /** Idempotency key. */
  id: z.string(),
  seq: z.number().int(),
  link: LinkId,
  /** The device it is for. Rows of one target go out in order. */
  target: z.string(),
  type: z.string(),
  text: z.string(),
  alert: AlertId.nullable(),
  state: OrderState,
  attempts: z.number().int(),
  createdAt: z.number().int(),
  settledAt: z.number().int().nullable(),
  /** The peer's words when parked, ours while waiting. */
  reason: z.string().nullable(),
})
export type OutboxRow = z.output<typeof OutboxRow>
