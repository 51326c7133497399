/** The message kept with an alert that a rule made. It was written by the app, but read as a stranger's: it is text in a file. */

export interface DetectionMessage {
  readonly rule: string
  readonly instruction: string
  readonly camera: string
  /** Empty: unknown, or no face at all. */
  readonly person: string
  readonly isFace: boolean
  readonly confidence: number | null
}

/** Null when it is not a rule's message. */
export function readDetection(raw: string | null): DetectionMessage | null {
  const message = parsed(raw)
  const event = isRecord(message?.event) ? message.event : null
  if (message === null || event === null || !('rule' in message)) return null
  const rule = isRecord(message.rule) ? message.rule.name : message.rule
  const { confidence } = event
  return {
    rule: text(rule),
    instruction: text(message.instruction),
    camera: text(event.cameraName),
    person: text(event.person),
    isFace: text(event.kind).startsWith('face-'),
    confidence: typeof confidence === 'number' && confidence >= 0 && confidence <= 1 ? confidence : null,
  }
}

function parsed(raw: string | null): Record<string, unknown> | null {
  if (raw === null) return null
  try {
    const value: unknown = JSON.parse(raw)
    return isRecord(value) ? value : null
  } catch {
    return null
  }
}

function text(value: unknown): string {
  return typeof value === 'string' ? value : ''
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
