/** What was seen, as the server writes it: in the deployed form or the document's, with whatever box its maker chose. */
import { lookOf } from '../openeye/scene.ts'
import type { Look, Seen } from './look.ts'
import { type BoxWriting, greenStep } from './options.ts'

export interface Style {
  readonly form: 'deployed' | 'document'
  readonly boxField: 'bbox' | 'box'
  readonly boxWriting: BoxWriting
  readonly people: readonly string[]
  readonly timestamps: boolean
}

export interface About {
  /** Null: not told back. */
  readonly frameId: string | null
  readonly sizeBytes: number
  readonly tookMs: number
  readonly now: number
}

/** Same tone, and same shirt, within this: compression and scaling change them by less. */
const toneReach = 10
const shirtReach = 45

function nameOf(seen: Seen, people: readonly string[]): string | null {
  if (seen.is === 'patch') return people[Math.round(seen.green / greenStep)] ?? null
  const { red, shirt } = seen
  const known = people
    .map((person) => {
      const own = lookOf(person)
      const off = shirt === null ? 0 : Math.hypot(...own.shirt.map((part, n) => part - (shirt[n] ?? 0)))
      return { person, tone: Math.abs(own.skin[0] - red), off }
    })
    .filter(({ tone, off }) => tone <= toneReach && off <= shirtReach)
    .sort((one, other) => one.tone + one.off - other.tone - other.off)
  return known[0]?.person ?? null
}

function numbers(seen: Seen, look: Look, writing: BoxWriting): readonly number[] {
  const { x, y, width, height } = seen
  switch (writing) {
    case 'xywh-px':
      return [x, y, width, height]
    case 'xyxy-px':
      return [x, y, x + width, y + height]
    case 'tlbr-px':
      return [y, x, y + height, x + width]
    case 'xywh-norm':
      return [x / look.widthPx, y / look.heightPx, width / look.widthPx, height / look.heightPx]
  }
}

/** Larger faces are surer ones, as with a real detector. */
function confidenceOf(seen: Seen, look: Look): number {
  return Math.min(0.99, 0.6 + (2 * seen.width) / look.widthPx)
}

/** Somebody's age and the like: invented, and the same every time. */
function numberFrom(name: string): number {
  let sum = 0
  for (const letter of name) sum = (sum * 31 + (letter.codePointAt(0) ?? 0)) % 9973
  return sum
}

export function frameResult(look: Look, style: Style, about: About): string {
  const named = look.faces.map((seen) => ({ seen, name: nameOf(seen, style.people) }))
  const faces = named.map(({ seen, name }, n) => {
    const common = {
      [style.boxField]: numbers(seen, look, style.boxWriting),
      confidence: confidenceOf(seen, look),
      isRecognized: name !== null,
    }
    if (style.form === 'document')
      return name === null
        ? { faceId: `face_${n}`, ...common }
        : { faceId: `face_${n}`, ...common, personId: `emp_${numberFrom(name)}`, employeeName: name }
    const mark = numberFrom(name ?? '')
    return {
      faceId: name,
      ...common,
      gender: name === null ? null : mark % 2 === 0 ? 'female' : 'male',
      age: name === null ? null : 20 + (mark % 45),
      mask: mark % 7 === 0 ? 'mask' : 'no_mask',
    }
  })
  const time = style.timestamps ? { timestamp: new Date(about.now).toISOString() } : {}
  if (style.form === 'document') {
    const status = faces.length === 0 ? 'no_face' : faces.length === 1 ? 'face_found' : 'multiple_faces'
    const id = about.frameId === null ? {} : { frameId: about.frameId }
    return JSON.stringify({ type: 'frameResult', data: { ...id, ...time, faces, status } })
  }
  const [first] = named
  const data = {
    faces,
    faceImagePath: '',
    cameraId: 'simulated',
    ...time,
    processingTime: Math.round(about.tookMs),
    isCheckinSent: first?.name !== undefined && first.name !== null,
    originalSize: about.sizeBytes,
    processedSize: { width: look.widthPx, height: look.heightPx },
  }
  return JSON.stringify({ type: 'frameResult', data })
}
