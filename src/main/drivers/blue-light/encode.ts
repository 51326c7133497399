/** Messages of ours as text, in the seed dialect: what Watchfloor says to cameras, monitors and relays. */
import type { AcknowledgeAlert, AnnounceOwn, ChangeDeviceSettings } from '../../order.ts'

export const ownId = 'watchfloor'
export const ownName = 'Watchfloor'

function isoOf(at: number): string {
  return new Date(at).toISOString()
}

function envelope(type: string, at: number, payload: object, deviceId = ownId): string {
  return JSON.stringify({ type, deviceId, deviceName: ownName, timestamp: isoOf(at), payload })
}

/** Told after the commit. `timestamp` goes back as the device wrote it, so a device without messageIds can match it. */
export function encodeReceived(
  deviceId: string,
  messageId: string | null,
  timestamp: string | number | null,
  at: number,
  from = ownId,
): string {
  const payload = {
    ...(messageId === null ? {} : { messageId }),
    deviceId,
    alertTimestamp: timestamp,
    status: 'received',
    at: isoOf(at),
  }
  return envelope('alertAck', at, payload, from)
}

export function encodeAcknowledged(
  order: AcknowledgeAlert,
  timestamp: string | number,
  now: number,
  from = ownId,
): string {
  const payload = {
    ...(order.messageId === null ? {} : { messageId: order.messageId }),
    deviceId: order.device,
    alertTimestamp: timestamp,
    status: order.status,
    by: order.by,
    ...(order.note === null ? {} : { note: order.note }),
    at: isoOf(order.at),
  }
  return envelope('alertAck', now, payload, from)
}

export function encodeSettings(order: ChangeDeviceSettings, now: number, from = ownId): string {
  const payload = { ...order.settings, targetDevices: [order.device], version: order.version }
  return envelope('settings', now, payload, from)
}

/** As the camera itself would write it: it is a `cctv` of its own, not Watchfloor. */
export function encodeOwn({ camera, at, says }: AnnounceOwn, group: string): string {
  const location = camera.location === null ? {} : { location: camera.location }
  const head = {
    deviceId: camera.id,
    deviceName: camera.name,
    timestamp: isoOf(at),
    ...(group && { groupId: group }),
  }
  if (says.is === 'status') {
    const payload = { isOnline: true, isMonitoring: true, blueIntensity: says.intensity, ...location }
    return JSON.stringify({ type: 'deviceStatus', ...head, payload })
  }
  const { intensity, confidence, durationS, area } = says.blue
  const payload = {
    intensity,
    ...(durationS === undefined ? {} : { duration: durationS }),
    ...location,
    ...(confidence === undefined ? {} : { confidence }),
    ...(area === undefined ? {} : { detectionArea: area }),
    ...(says.picture === null ? {} : { imageData: says.picture }),
  }
  return JSON.stringify({ type: 'blueAlert', messageId: says.messageId, ...head, payload })
}

export function encodeError(code: string, message: string, now: number): string {
  return envelope('error', now, { code, message })
}

export function encodeRegister(deviceId: string, version: string, group: string, now: number): string {
  const payload = { mode: 'monitor', capabilities: ['alert_ack'], version, ...(group && { groupId: group }) }
  return envelope('deviceRegister', now, payload, deviceId)
}

export function encodeJoin(deviceId: string, group: string): string {
  return JSON.stringify({ action: 'join_channel', channel: `blue_light_monitor_${group}`, deviceId })
}

export function encodeHeartbeat(deviceId: string, now: number): string {
  return envelope('heartbeat', now, { status: 'active' }, deviceId)
}
