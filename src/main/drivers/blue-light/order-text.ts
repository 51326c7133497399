/** Orders as blue-light messages. A probe has none: the ping alone is the question. */
import { never } from '../../../contract/fault.ts'
import type { Order } from '../../order.ts'
import { encodeAcknowledged, encodeSettings, ownId } from './encode.ts'

/** `written`: how the device wrote the times of its alerts, so that one without messageIds recognises its own. */
export function orderText(
  order: Order,
  written: ReadonlyMap<number, string | number>,
  now: number,
  from = ownId,
): string | null {
  switch (order.type) {
    case 'acknowledge-alert': {
      const timestamp = written.get(order.alertTimestamp) ?? new Date(order.alertTimestamp).toISOString()
      return encodeAcknowledged(order, timestamp, now, from)
    }
    case 'change-device-settings':
      return encodeSettings(order, now, from)
    case 'probe-device':
      return null
    default:
      return never(order, 'order')
  }
}
