/** What a simulated camera writes, in each of the three dialects. */
export type Dialect = 'a' | 'b' | 'c'

export interface Identity {
  readonly deviceId: string
  readonly name: string
  readonly location: string
  readonly group: string | null
  readonly dialect: Dialect
}

export interface Sighting {
  readonly messageId: string
  readonly timestamp: string
  readonly intensity: number
  readonly confidence: number
  readonly durationS: number
  readonly area: object | null
  readonly imageData: string | null
}

export interface Vitals {
  readonly intensity: number
  readonly batteryLevel: number
  readonly signalStrength: number
}

function envelope(
  who: Identity,
  type: string,
  timestamp: string,
  payload: object,
  more: object = {},
): string {
  const { deviceId, name: deviceName } = who
  return JSON.stringify({ type, deviceId, deviceName, timestamp, ...more, payload })
}

/** Dart's toIso8601String of a local time has no zone; the oldest apps write that. */
export function timestampOf(who: Identity, at: number): string {
  const iso = new Date(at).toISOString()
  return who.dialect === 'b' ? iso.replace('Z', '000') : iso
}

export function writeRegister(who: Identity, timestamp: string): string {
  const { deviceId, name: deviceName, location, group } = who
  if (who.dialect === 'c')
    return JSON.stringify({ type: 'device_register', deviceId, deviceName, mode: 'cctv', timestamp })
  const payload = {
    mode: 'cctv',
    capabilities: ['blue_detection', 'image_capture'],
    location,
    version: '1.0.0',
    ...(group === null ? {} : { groupId: group }),
  }
  return envelope(who, 'deviceRegister', timestamp, payload)
}

export function writeJoin(who: Identity): string | null {
  if (who.group === null || who.dialect === 'c') return null
  return JSON.stringify({
    action: 'join_channel',
    channel: `blue_light_monitor_${who.group}`,
    deviceId: who.deviceId,
  })
}

export function writeAlert(who: Identity, sighting: Sighting, replay: boolean): string {
  const { messageId, timestamp, intensity, confidence, durationS, area, imageData } = sighting
  const { deviceId, name: deviceName, location } = who
  const picture = imageData === null ? {} : { imageData }
  if (who.dialect === 'c') {
    const flat = { type: 'blue_light_alert', deviceId, deviceName, timestamp, intensity, location }
    return JSON.stringify({ ...flat, ...picture })
  }
  if (who.dialect === 'b') {
    const payload = { message: 'A customer is waiting', intensity, location, duration: durationS }
    return envelope(who, 'customerWaiting', timestamp, payload)
  }
  const payload = {
    intensity,
    duration: durationS,
    location,
    confidence,
    ...(area === null ? {} : { detectionArea: area }),
    ...picture,
  }
  return envelope(who, 'blueAlert', timestamp, payload, { messageId, ...(replay ? { replay } : {}) })
}

export function writeHeartbeat(who: Identity, timestamp: string, vitals: Vitals): string {
  if (who.dialect === 'c')
    return JSON.stringify({ type: 'heartbeat', deviceId: who.deviceId, status: 'active', timestamp })
  const { batteryLevel, signalStrength } = vitals
  return envelope(who, 'heartbeat', timestamp, { status: 'active', batteryLevel, signalStrength })
}

/** Null in dialect C, which has no status. */
export function writeStatus(who: Identity, timestamp: string, vitals: Vitals): string | null {
  if (who.dialect === 'c') return null
  const { intensity: blueIntensity, batteryLevel, signalStrength } = vitals
  const payload = { isOnline: true, isMonitoring: true, blueIntensity, batteryLevel, location: who.location }
  if (who.dialect === 'b') return envelope(who, 'statusUpdate', timestamp, payload)
  return envelope(who, 'deviceStatus', timestamp, { ...payload, signalStrength })
}
