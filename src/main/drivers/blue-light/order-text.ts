/** Orders as blue-light messages. A probe has none: the ping alone is the question. */
import { never } from '../../../contract/fault.ts'
import type { Order } from '../../order.ts'
import { encodeAcknowledged, encodeOwn, encodeSettings, ownId } from './encode.ts'

/** `written`: how the device wrote the times of its alerts, so that one without messageIds recognises its own. */
export function orderText(
  order: Order,
  written: ReadonlyMap<number, string | number>,
  now: number,
  from = ownId,
  group = '',
): string | null {
  switch (order.type) {
    case 'acknowledge-alert': {
      const timestamp = written.get(order.alertTimestamp) ?? new Date(order.alertTimestamp).toISOString()
      return encodeAcknowledged(order, timestamp, now, from)
    }
    case 'change-device-settings':
      return encodeSettings(order, now, from)
    case 'announce-own':
      return encodeOwn(order, group)
    case 'probe-device':
    case 'activate-camera':
    case 'change-library':
    case 'command-vehicle':
    case 'request-stop':
    case 'command-lidar':
      return null
    default:
      return never(order, 'order')
  }
}

/** Why the protocol has no way to say this; null when it has one. */
export function refusal(order: Order): string | null {
  switch (order.type) {
    case 'acknowledge-alert':
    case 'change-device-settings':
    case 'probe-device':
    case 'announce-own':
      return null
    case 'activate-camera':
      return `${order.device} is a blue-light device and cannot do that: its camera is not switched from here`
    case 'change-library':
      return `${order.device} is a blue-light device and cannot do that: it knows no faces`
    case 'command-vehicle':
    case 'request-stop':
    case 'command-lidar':
      return `${order.device} is a blue-light device and cannot do that: it is no vehicle`
    default:
      return never(order, 'order')
  }
}
