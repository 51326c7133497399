/** A pipe between a screen and the app: four members, no knowledge of what crosses it. Messages arrive whole and in order. */
export type WireMessage = string | Uint8Array

export interface WireClose {
  /** RFC 6455 close code where the pipe has one, else 1000 (asked for) or 1006 (lost). */
  readonly code: number
  readonly reason: string
}

export interface Wire {
  /**
   * Resolves when the pipe can take more: the sender awaits it, so a stalled reader stops the sender instead of filling memory.
   * Rejects when the pipe is closed.
   */
  send(message: WireMessage): Promise<void>
  /** One listener each; set before the first message can arrive. */
  onMessage(listener: (message: WireMessage) => void): void
  onClose(listener: (close: WireClose) => void): void
  close(code?: number, reason?: string): void
}
