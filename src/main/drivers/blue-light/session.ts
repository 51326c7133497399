/** One connection's memory as a pure state machine: who speaks on it, for which group, and how much nonsense it sent. */
import type { DeviceRole } from '../../../contract/devices.ts'
import { never } from '../../../contract/fault.ts'
import type {
  AckMessage,
  AlertMessage,
  Message,
  Register,
  SettingsMessage,
  StatusMessage,
} from './message.ts'

const badWindowMs = 10_000
const badLimit = 20
/** A gateway may speak for many cameras; one that invents names forgets its oldest. */
const mostDevices = 256

export interface Session {
  readonly role: DeviceRole
  readonly group: string | null
  readonly devices: ReadonlySet<string>
  readonly badAt: readonly number[]
}

export type DeviceMessage = Register | AlertMessage | StatusMessage | SettingsMessage | AckMessage

export type Action =
  /** First message of this device on this connection: the newest connection gets its orders. */
  | { readonly do: 'bind'; readonly device: string }
  /** It speaks for too many: this one is no longer counted as connected here. */
  | { readonly do: 'unbind'; readonly device: string }
  | { readonly do: 'handle'; readonly message: DeviceMessage }
  | { readonly do: 'count-unknown'; readonly type: string }
  | { readonly do: 'complain'; readonly code: string; readonly message: string }
  | { readonly do: 'close'; readonly code: number; readonly reason: string }

export interface SessionStep {
  readonly session: Session
  readonly actions: readonly Action[]
}

export const freshSession: Session = { role: 'cctv', group: null, devices: new Set(), badAt: [] }

function complain(session: Session, code: string, message: string, now: number): SessionStep {
  const badAt = [...session.badAt.filter((at) => now - at < badWindowMs), now]
  const next = { ...session, badAt }
  const action: Action = { do: 'complain', code, message }
  if (badAt.length < badLimit) return { session: next, actions: [action] }
  return {
    session: next,
    actions: [action, { do: 'close', code: 1008, reason: 'too many messages that make no sense' }],
  }
}

/** The device becomes one of this connection's; the oldest goes when there are too many. */
function bind(session: Session, device: string): SessionStep {
  const actions: Action[] = [{ do: 'bind', device }]
  if (session.devices.has(device)) return { session, actions }
  const devices = new Set(session.devices).add(device)
  if (devices.size > mostDevices) {
    const [oldest = device] = devices
    devices.delete(oldest)
    actions.unshift({ do: 'unbind', device: oldest })
  }
  return { session: { ...session, devices }, actions }
}

function withGroup<M extends DeviceMessage>(message: M, group: string | null): M {
  return message.group === null && group !== null ? { ...message, group } : message
}

export function step(session: Session, message: Message, now: number): SessionStep {
  switch (message.is) {
    case 'bad':
      return complain(session, message.code, message.message, now)
    case 'unknown':
      return { session, actions: [{ do: 'count-unknown', type: message.type }] }
    case 'join': {
      const next = { ...session, group: message.group }
      if (message.deviceId === null || next.devices.has(message.deviceId))
        return { session: next, actions: [] }
      return bind(next, message.deviceId)
    }
    case 'register':
    case 'alert':
    case 'heartbeat':
    case 'status':
    case 'settings':
    case 'ack': {
      const handle: Action = { do: 'handle', message: withGroup(message, session.group) }
      const registers = message.is === 'register'
      if (!registers && session.devices.has(message.deviceId)) return { session, actions: [handle] }
      const { session: next, actions } = bind(session, message.deviceId)
      if (!registers) return { session: next, actions: [...actions, handle] }
      const group = message.group ?? session.group
      return { session: { ...next, role: message.role, group }, actions: [...actions, handle] }
    }
    default:
      return never(message, 'message')
  }
}
