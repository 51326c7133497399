/** A blue-light camera as the protocol describes it: registers, sends alerts, resends each until the hub says `received`. */
import { randomUUID } from 'node:crypto'
import { EventEmitter, once } from 'node:events'
import { WebSocket } from 'ws'
import type { Ledger } from './ledger.ts'

export interface Ack {
  readonly messageId: string | null
  readonly status: string
  readonly by?: string
  readonly note?: string
}

export interface CameraOptions {
  readonly deviceId: string
  readonly deviceName?: string
  readonly groupId?: string
  readonly location?: string
  readonly ledger?: Ledger
}

interface Message {
  readonly type: string
  readonly payload?: Record<string, unknown>
  readonly [field: string]: unknown
}

export class Camera {
  readonly deviceId: string
  readonly acks: Ack[] = []
  readonly received: Message[] = []
  readonly #options: CameraOptions
  readonly #events = new EventEmitter().setMaxListeners(0)
  /** Sent and not yet `received`, oldest first: what a camera keeps over outages. */
  readonly #waiting = new Map<string, string>()
  #socket: WebSocket | null = null

  constructor(options: CameraOptions) {
    this.#options = options
    this.deviceId = options.deviceId
  }

  get waiting(): number {
    return this.#waiting.size
  }

  get isOpen(): boolean {
    return this.#socket?.readyState === WebSocket.OPEN
  }

  /** Connects, registers, and sends again whatever was never acknowledged. Rejects when there is nobody. */
  async connect(url: string): Promise<void> {
    const socket = new WebSocket(url, { perMessageDeflate: false, handshakeTimeout: 30_000 })
    this.#socket = socket
    socket.on('message', (bytes) => this.#take(String(bytes)))
    socket.on('close', () => this.#events.emit('closed'))
    const opened = once(socket, 'open')
    socket.on('error', () => {}) // a lost hub is part of the test; `close` follows
    await opened
    this.say('deviceRegister', {
      mode: 'cctv',
      capabilities: ['blue_detection'],
      location: this.#options.location ?? 'gate',
      version: '1.0.0',
    })
    this.resend()
  }

  /** Sends everything unacknowledged once more, as a camera does that waited in vain. */
  resend(): void {
    for (const text of this.#waiting.values()) this.#send(text)
  }

  say(type: string, payload: Record<string, unknown>, more: Record<string, unknown> = {}): string {
    const text = this.envelope(type, payload, more)
    this.#send(text)
    return text
  }

  envelope(type: string, payload: Record<string, unknown>, more: Record<string, unknown> = {}): string {
    const { deviceId, deviceName = deviceId, groupId } = this.#options
    const base = { type, deviceId, deviceName, timestamp: new Date().toISOString() }
    return JSON.stringify({ ...base, ...(groupId === undefined ? {} : { groupId }), payload, ...more })
  }

  heartbeat(): void {
    this.say('heartbeat', { status: 'active', batteryLevel: 0.9, signalStrength: 0.8 })
  }

  /** Sends an alert now, or with the next connection; returns its id. */
  alert(payload: Record<string, unknown> = {}, more: Record<string, unknown> = {}): string {
    const messageId = randomUUID()
    const measured = {
      intensity: 0.85,
      duration: 2.5,
      confidence: 0.92,
      location: this.#options.location ?? 'gate',
    }
    const text = this.envelope('blueAlert', { ...measured, ...payload }, { messageId, ...more })
    this.#options.ledger?.sent(messageId)
    this.#waiting.set(messageId, text)
    this.#send(text)
    return messageId
  }

  /** The bytes of an alert not yet acknowledged, to send them a second time. */
  again(messageId: string): void {
    const text = this.#waiting.get(messageId)
    if (text !== undefined) this.#send(text)
  }

  /** Resolves with the ack of that status, also when it came before. */
  async ack(messageId: string, status: string, timeoutMs = 30_000): Promise<Ack> {
    const fits = (ack: Ack) => ack.messageId === messageId && ack.status === status
    const signal = AbortSignal.timeout(timeoutMs)
    for (;;) {
      const found = this.acks.find(fits)
      if (found !== undefined) return found
      try {
        await once(this.#events, 'ack', { signal })
      } catch {
        const seen = this.acks.map((ack) => `${ack.status} ${ack.messageId}`).join(', ')
        throw new Error(
          `${this.deviceId}: no "${status}" for ${messageId} in ${timeoutMs} ms; acks: ${seen || 'none'}`,
        )
      }
    }
  }

  /** Resolves with the first message of that type, also when it came before. */
  async message(type: string, timeoutMs = 30_000): Promise<Message> {
    const signal = AbortSignal.timeout(timeoutMs)
    for (;;) {
      const found = this.received.find((message) => message.type === type)
      if (found !== undefined) return found
      try {
        await once(this.#events, 'message', { signal })
      } catch {
        throw new Error(`${this.deviceId}: no ${type} in ${timeoutMs} ms`)
      }
    }
  }

  /** Sends an alert and waits until the hub has it on disk. */
  async alertReceived(
    payload: Record<string, unknown> = {},
    more: Record<string, unknown> = {},
  ): Promise<string> {
    const messageId = this.alert(payload, more)
    await this.ack(messageId, 'received')
    return messageId
  }

  /** Every alert so far is on disk. Asks again every second, as a camera must that hears nothing. */
  async settled(timeoutMs = 45_000): Promise<void> {
    const signal = AbortSignal.timeout(timeoutMs)
    const asking = setInterval(() => this.resend(), 1000)
    try {
      while (this.#waiting.size > 0) await once(this.#events, 'ack', { signal })
    } catch {
      throw new Error(`${this.deviceId}: ${this.#waiting.size} alerts were not received in ${timeoutMs} ms`)
    } finally {
      clearInterval(asking)
    }
  }

  async closed(): Promise<void> {
    if (this.#socket !== null && this.#socket.readyState !== WebSocket.CLOSED)
      await once(this.#events, 'closed')
  }

  /** Cuts the line without a goodbye. */
  cut(): void {
    this.#socket?.terminate()
  }

  async close(): Promise<void> {
    this.#socket?.close(1000)
    await this.closed()
  }

  #send(text: string): void {
    if (this.isOpen) this.#socket?.send(text, () => {})
  }

  #take(text: string): void {
    const message: Message = JSON.parse(text)
    this.received.push(message)
    this.#events.emit('message')
    if (message.type !== 'alertAck' || message.payload === undefined) return
    const ack = message.payload as unknown as Ack
    this.acks.push(ack)
    if (ack.status === 'received' && ack.messageId !== null && this.#waiting.delete(ack.messageId))
      this.#options.ledger?.acked(ack.messageId)
    this.#events.emit('ack')
  }
}
