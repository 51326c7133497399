/** Orders as the vehicle takes them over HTTP, and what its answer makes of them. */
import { Fault, never } from '../../../contract/fault.ts'
import type { VehicleCommand } from '../../../contract/vehicles.ts'
import type { Clock } from '../../io/clock.ts'
import type { CommandVehicle, Delivery, RequestStop } from '../../order.ts'
import type { Answer, Courier } from './courier.ts'
import { saysSuccess, wordsOf } from './replies.ts'

/** The real one: `/api/v1/safety/estop` answers success and does nothing, so it is not used anywhere. */
export const stopPath = '/api/v1/state/emergency'

interface Ask {
  readonly path: string
  readonly body: string
}

/** Null: the deployed firmware has nothing of that. */
function askOf(command: VehicleCommand): Ask | null {
  switch (command.do) {
    case 'move':
      return { path: '/api/v1/state/move', body: '{}' }
    case 'halt':
      return { path: '/api/v1/state/stop', body: '{}' }
    case 'reset':
      return { path: '/api/v1/state/reset', body: '{}' }
    case 'module':
      return {
        path: `/api/v1/modules/${command.unit}/command`,
        body: JSON.stringify({ command: command.command, parameters: {}, reason: 'operator' }),
      }
    case 'dock':
    case 'write-register':
      return null
    default:
      return never(command, 'command')
  }
}

function judged({ status, value }: Answer, roundTripMs: number, hasToken: boolean): Delivery {
  const words = wordsOf(value)
  if (status === 401 || status === 403)
    return {
      is: 'refused',
      reason: hasToken
        ? `token refused (HTTP ${status})`
        : `token refused: none is kept for this link (HTTP ${status})`,
    }
  if (status >= 200 && status < 300 && saysSuccess(value))
    return { is: 'delivered', roundTripMs, ...(words !== null && { said: words }) }
  if (status >= 200 && status < 300)
    return { is: 'refused', reason: words ?? 'the vehicle answered, but did not say that it worked' }
  return { is: 'refused', reason: words ?? `the vehicle answered HTTP ${status}` }
}

interface Parts {
  readonly courier: Courier
  readonly clock: Clock
}

export async function deliverByHttp(
  order: CommandVehicle | RequestStop,
  { courier, clock }: Parts,
): Promise<Delivery> {
  const startedAt = clock.monotonic()
  try {
    let answer: Answer
    if (order.type === 'request-stop') answer = await courier.stop(stopPath, order.deadlineAt)
    else {
      const ask = askOf(order.command)
      if (ask === null)
        return {
          is: 'refused',
          reason: `this vehicle cannot be asked to ${order.command.do} over the network`,
        }
      answer = await courier.command(ask.path, ask.body, order.deadlineAt)
    }
    return judged(answer, clock.monotonic() - startedAt, courier.hasToken)
  } catch (error) {
    if (error instanceof Fault) return { is: 'unreachable', reason: error.message }
    throw error
  }
}
