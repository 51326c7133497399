/** One simulated blue-light camera over a real socket: seeded, with its own outbox that resends until `received`. */
import { randomUUID } from 'node:crypto'
import { WebSocket } from 'ws'
import { type Chance, chanceFrom } from './chance.ts'
import { paintRoom } from './picture.ts'
import {
  type Identity,
  timestampOf,
  type Vitals,
  writeAlert,
  writeHeartbeat,
  writeJoin,
  writeRegister,
  writeStatus,
} from './write.ts'

export interface CameraOptions extends Identity {
  readonly hub: string
  readonly seed: number
  readonly heartbeatMs: number
  /** How often it reports its status while nothing happens; 0: never. */
  readonly statusMs: number
  /** Its clock minus the real one. */
  readonly skewMs: number
  /** By itself: how long from one alert to the next. Null: only when `see()` is called. */
  readonly alertEveryMs: readonly [number, number] | null
  readonly pictures: 'none' | 'small' | 'large'
  /** 0..1: how often an alert is sent twice at once. */
  readonly duplicates: number
  /** Its cable is pulled now and then. */
  readonly outage: { readonly everyMs: number; readonly lastsMs: number } | null
  /** Alerts sent and not yet answered; more wait their turn. */
  readonly window: number
  readonly log: (entry: Readonly<Record<string, unknown>>) => void
}

export interface Camera {
  /** A blue light comes on: status rises, the alert goes out, later all is normal again. */
  see(): void
  /** Alerts not yet answered `received`. */
  readonly pending: number
  close(): void
}

interface Waiting {
  readonly messageId: string
  readonly timestamp: string
  readonly first: string
  readonly again: string
  sentAt: number
  sends: number
}

const resendMs = 3000
const housekeepingMs = 250

export function startCamera(options: CameraOptions): Camera {
  const chance: Chance = chanceFrom(options.seed)
  const outbox: Waiting[] = []
  const timers = new Set<NodeJS.Timeout>()
  const vitals = {
    intensity: 0.08,
    batteryLevel: chance.between(0.35, 1),
    signalStrength: chance.between(0.6, 1),
  }
  let socket: WebSocket | null = null
  let isOut = false
  let isClosed = false
  let inFlight = 0

  const log = (event: string, more: object = {}) =>
    options.log({ event, at: new Date().toISOString(), device: options.deviceId, ...more })
  const timestamp = () => timestampOf(options, Date.now() + options.skewMs)
  const later = (ms: number, run: () => void) => {
    const timer = setTimeout(() => {
      timers.delete(timer)
      run()
    }, ms)
    timers.add(timer)
  }
  const repeat = (ms: number, run: () => void) => {
    const again = () => {
      run()
      later(ms, again)
    }
    later(ms, again)
  }
  const send = (text: string | null): boolean => {
    if (text === null || socket?.readyState !== WebSocket.OPEN) return false
    socket.send(text)
    return true
  }
  const report = () => {
    const drift = chance.between(-0.02, 0.02)
    const rounded: Vitals = {
      intensity: Math.round(Math.max(0, Math.min(1, vitals.intensity + drift)) * 100) / 100,
      batteryLevel: Math.round(vitals.batteryLevel * 100) / 100,
      signalStrength: Math.round((vitals.signalStrength + drift / 2) * 100) / 100,
    }
    send(writeStatus(options, timestamp(), rounded))
  }

  function sendNext(): void {
    for (const one of outbox) {
      if (inFlight >= options.window) return
      if (one.sentAt > 0) continue
      if (!send(one.sends === 0 ? one.first : one.again)) return
      one.sentAt = Date.now()
      one.sends += 1
      inFlight += 1
      log(one.sends === 1 ? 'sent' : 'resent', { messageId: one.messageId })
      if (one.sends === 1 && chance.next() < options.duplicates) send(one.first)
    }
  }

  function resendOld(): void {
    const before = Date.now() - resendMs
    for (const one of outbox) {
      if (one.sentAt === 0 || one.sentAt > before) continue
      one.sentAt = 0
      inFlight -= 1
    }
    sendNext()
  }

  function answered(payload: Readonly<Record<string, unknown>>): void {
    const { messageId, alertTimestamp, status, by, note } = payload
    if (status !== 'received') {
      log('acknowledged', { messageId, alertTimestamp, status, by, note })
      return
    }
    const found = outbox.findIndex((one) =>
      messageId === undefined ? one.timestamp === alertTimestamp : one.messageId === messageId,
    )
    const [one] = found < 0 ? [] : outbox.splice(found, 1)
    if (one === undefined) return
    if (one.sentAt > 0) inFlight -= 1
    log('acked', { messageId: one.messageId, alertTimestamp: one.timestamp, sends: one.sends })
    sendNext()
  }

  function heard(text: string): void {
    const message: unknown = JSON.parse(text)
    if (typeof message !== 'object' || message === null || !('type' in message)) return
    const payload = 'payload' in message && typeof message.payload === 'object' ? message.payload : null
    const fields = Object.fromEntries(Object.entries(payload ?? {}))
    if (message.type === 'alertAck') answered(fields)
    else if (message.type === 'settings') log('settings', fields)
    else if (message.type === 'error') log('error', fields)
  }

  function connect(): void {
    if (isClosed || isOut) return
    const opening = new WebSocket(options.hub, { perMessageDeflate: false, handshakeTimeout: 5000 })
    socket = opening
    let wasOpen = false
    opening.on('error', () => {})
    opening.on('open', () => {
      wasOpen = true
      log('connected')
      for (const one of outbox) one.sentAt = 0
      inFlight = 0
      send(writeRegister(options, timestamp()))
      send(writeJoin(options))
      report()
      sendNext()
    })
    opening.on('message', (bytes) => heard(bytes.toString()))
    opening.on('close', () => {
      if (socket !== opening) return
      socket = null
      if (wasOpen) log('disconnected')
      later(chance.between(50, 1000), connect)
    })
  }

  function raise(intensity: number): void {
    const isLarge = options.pictures === 'large'
    const [widthPx, heightPx] = isLarge ? [720, 540] : [320, 240]
    const painted =
      options.pictures === 'none'
        ? null
        : paintRoom({ widthPx, heightPx, intensity, noise: isLarge ? 0.06 : 0 }, chance)
    const sighting = {
      messageId: randomUUID(),
      timestamp: timestamp(),
      intensity: Math.round(intensity * 100) / 100,
      confidence: Math.round(chance.between(0.6, 0.99) * 100) / 100,
      durationS: Math.round(chance.between(1, 6) * 10) / 10,
      area: painted?.area ?? null,
      imageData: painted?.png.toString('base64') ?? null,
    }
    const first = writeAlert(options, sighting, false)
    const again = writeAlert(options, sighting, true)
    const { messageId } = sighting
    log('raised', { messageId, timestamp: sighting.timestamp })
    outbox.push({ messageId, timestamp: sighting.timestamp, first, again, sentAt: 0, sends: 0 })
    sendNext()
  }

  function see(): void {
    const peak = chance.between(0.72, 0.98)
    const glow = (share: number) => () => {
      vitals.intensity = 0.08 + (peak - 0.08) * share
      report()
    }
    glow(0.4)()
    later(400, glow(0.8))
    later(800, glow(1))
    later(800, () => raise(peak))
    const ends = chance.between(8000, 15_000)
    later(ends, glow(0.5))
    later(ends + 1500, glow(0))
  }

  function seeAgain([low, high]: readonly [number, number]): void {
    later(chance.between(low, high), () => {
      // Faster than a light can glow: only the alerts count.
      if (high < 2000) raise(chance.between(0.72, 0.98))
      else see()
      seeAgain([low, high])
    })
  }

  connect()
  repeat(housekeepingMs, resendOld)
  repeat(options.heartbeatMs, () => {
    vitals.batteryLevel = Math.max(0.05, vitals.batteryLevel - 0.0005)
    send(writeHeartbeat(options, timestamp(), vitals))
  })
  if (options.statusMs > 0) repeat(options.statusMs, report)
  if (options.alertEveryMs !== null) seeAgain(options.alertEveryMs)
  const { outage } = options
  if (outage !== null)
    repeat(outage.everyMs, () => {
      isOut = true
      log('outage', { lastsMs: outage.lastsMs })
      socket?.terminate()
      later(outage.lastsMs, () => {
        isOut = false
        connect()
      })
    })

  return {
    see,
    get pending() {
      return outbox.length
    },
    close() {
      isClosed = true
      for (const timer of timers) clearTimeout(timer)
      socket?.terminate()
    },
  }
}
