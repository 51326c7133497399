/** Orders as requests: what an operator does to a camera or to the library of faces, and what the server said to it. */
import { createHash } from 'node:crypto'
import type { PhotoUpload } from '../../../../contract/faces.ts'
import { Fault, never } from '../../../../contract/fault.ts'
import type { Clock } from '../../../io/clock.ts'
import type { ActivateCamera, ChangeLibrary, Delivery, Order } from '../../../order.ts'
import { flagIn, isFields, numberIn, textIn } from '../fields.ts'
import { detailOf } from './replies.ts'
import type { Answer, Ask } from './rest.ts'
import { Refused, type Session } from './session.ts'

const trainWithinMs = 10 * 60_000
const people = '/api/faces/people'

interface Parts {
  readonly session: Pick<Session, 'ask'>
  readonly clock: Clock
}

/** One file in one field. The name is ours: nothing a person typed reaches the server's file system. */
export function multipartOf(photo: PhotoUpload): { readonly contentType: string; readonly body: Buffer } {
  const bytes = Buffer.from(photo.base64, 'base64')
  const digest = createHash('sha256').update(bytes).digest('hex')
  const name = `photo-${digest.slice(0, 16)}.${photo.mime === 'image/png' ? 'png' : 'jpg'}`
  const boundary = `watchfloor-${digest}`
  const head = `--${boundary}\r\nContent-Disposition: form-data; name="files"; filename="${name}"\r\nContent-Type: ${photo.mime}\r\n\r\n`
  const body = Buffer.concat([Buffer.from(head), bytes, Buffer.from(`\r\n--${boundary}--\r\n`)])
  return { contentType: `multipart/form-data; boundary=${boundary}`, body }
}

function asPath(name: string): string {
  return encodeURIComponent(name)
}

function libraryAsk({ change }: ChangeLibrary): Omit<Ask, 'by'> {
  switch (change.do) {
    case 'add-person':
      return { path: people, method: 'POST', json: { name: change.name } }
    case 'rename-person':
      return { path: `${people}/${asPath(change.name)}`, method: 'PUT', json: { name: change.to } }
    case 'merge-people':
      throw new Refused('an OpenEye server merges nobody')
    case 'remove-person':
      return { path: `${people}/${asPath(change.name)}`, method: 'DELETE' }
    case 'add-photo':
      return {
        path: `${people}/${asPath(change.name)}/photos`,
        method: 'POST',
        multipart: multipartOf(change.photo),
      }
    case 'remove-photo':
      return { path: `${people}/${asPath(change.name)}/photos/${asPath(change.file)}`, method: 'DELETE' }
    case 'train':
      return { path: '/api/faces/train', method: 'POST', timeoutMs: trainWithinMs }
    case 'change-settings': {
      const { enabled, detectionMethod, recognitionThreshold } = change.settings
      const json = {
        enabled,
        detection_method: detectionMethod,
        recognition_threshold: recognitionThreshold,
      }
      return { path: '/api/faces/settings', method: 'PUT', json }
    }
    default:
      return never(change, 'change')
  }
}

/** The server wants its whole settings back: what we do not show goes back as it came. */
async function withRest(ask: Omit<Ask, 'by'>, session: Parts['session']): Promise<Omit<Ask, 'by'>> {
  const present = await session.ask({ path: ask.path, by: 'order' })
  if (present.status !== 200 || !isFields(present.value) || !isFields(ask.json)) return ask
  return { ...ask, json: { ...present.value, ...ask.json } }
}

function cameraAsk(order: ActivateCamera): Omit<Ask, 'by'> {
  const camera = order.camera.slice(order.link.length + 1)
  const verb = order.active ? 'activate' : 'deactivate'
  return { path: `/api/cameras/${asPath(camera)}/${verb}`, method: 'POST' }
}

/** What the answer to a success is worth telling. */
function saidOf(order: Order, value: unknown): string | undefined {
  if (!isFields(value)) return undefined
  if (order.type !== 'change-library') return textIn(value, 'message', 300) ?? undefined
  const { change } = order
  if (change.do === 'add-person' || change.do === 'rename-person') {
    const wanted = change.do === 'add-person' ? change.name : change.to
    const kept = textIn(value, 'name', 200)
    return kept !== null && kept !== wanted ? `kept as "${kept}"` : undefined
  }
  if (change.do === 'train') {
    const persons = numberIn(value, 'total_people')
    const faces = numberIn(value, 'total_encodings')
    const seconds = numberIn(value, 'training_time')
    if (persons !== null && faces !== null) {
      const took = seconds === null ? '' : ` in ${seconds.toFixed(1)} s`
      return `learned ${faces} faces of ${persons} people${took}`
    }
  }
  return textIn(value, 'message', 300) ?? undefined
}

function judged(order: Order, answer: Answer, roundTripMs: number): Delivery {
  const { status, value } = answer
  const words = detailOf(value)
  if (status >= 200 && status < 300) {
    if (isFields(value) && flagIn(value, 'success') === false)
      return { is: 'refused', reason: words ?? 'the server says it did not work' }
    const said = saidOf(order, value)
    return { is: 'delivered', roundTripMs, ...(said === undefined ? {} : { said }) }
  }
  if (status === 403) {
    const reason = 'the account of this link may not do this at the server'
    return { is: 'refused', reason: words === null ? reason : `${reason}: ${words}` }
  }
  if (status === 413) return { is: 'refused', reason: 'the photo is too large for the server' }
  return { is: 'refused', reason: words ?? `the server answered HTTP ${status}` }
}

export async function deliver(order: Order, { session, clock }: Parts): Promise<Delivery> {
  const startedAt = clock.monotonic()
  try {
    if (order.type === 'activate-camera') {
      const answer = await session.ask({ ...cameraAsk(order), by: 'order' })
      return judged(order, answer, clock.monotonic() - startedAt)
    }
    if (order.type === 'change-library') {
      const plain = libraryAsk(order)
      const ask = order.change.do === 'change-settings' ? await withRest(plain, session) : plain
      const answer = await session.ask({ ...ask, by: 'order' })
      return judged(order, answer, clock.monotonic() - startedAt)
    }
    return { is: 'refused', reason: 'an OpenEye server takes no such order' }
  } catch (error) {
    if (error instanceof Refused) return { is: 'refused', reason: error.message }
    if (error instanceof Fault) return { is: 'unreachable', reason: error.message }
    throw error
  }
}
