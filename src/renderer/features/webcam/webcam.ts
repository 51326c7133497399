/**
 * This screen's webcam as a camera of the site: on or off, which, and why not. Outlives the views; a reload resumes it only where the
 * browser needs not ask. A picture leaves this machine only when the app asks for one, and it does so only while somebody looks.
 */
import type { LinkId } from '../../../contract/links.ts'
import { Cell } from '../../data/cell.ts'
import type { Client } from '../../data/client.ts'
import { appNow } from '../../data/now.ts'
import { remembered } from '../../data/remembered.ts'
import { Eye, type WebcamPicture } from './eye.ts'

export interface WebcamChoice {
  readonly link: LinkId
  /** Empty: whichever the browser gives. */
  readonly device: string
  readonly widthPx: number
  readonly heightPx: number
}

/** Each is a sentence that says what to do. */
export type WhyNot = 'insecure' | 'refused' | 'none' | 'busy' | 'gone' | 'odd' | 'app'

export type WebcamState =
  | { readonly is: 'off' }
  | { readonly is: 'starting'; readonly choice: WebcamChoice }
  | { readonly is: 'on'; readonly choice: WebcamChoice; readonly label: string; readonly isSent: boolean }
  /** `text` is the app's or the browser's own, where they gave one. */
  | { readonly is: 'failed'; readonly choice: WebcamChoice; readonly why: WhyNot; readonly text: string }

interface Kept {
  readonly choice: WebcamChoice
  readonly isOn: boolean
}

const kept = remembered<Kept | null>('webcam', null, isKept)
export const webcamState = new Cell<WebcamState>({ is: 'off' })

/** A picture this recent means that somebody looks. */
const sentWithinMs = 2000

let stopNow: () => void = () => {}
/** Grows with every start and stop: a permission given late starts nothing. */
let turn = 0

export function lastChoice(): WebcamChoice | null {
  return kept.get()?.choice ?? null
}

export async function startWebcam(client: Client, choice: WebcamChoice): Promise<void> {
  stopNow()
  const mine = ++turn
  kept.set({ choice, isOn: true })
  webcamState.set({ is: 'starting', choice })
  const fail = (why: WhyNot, text = '') => {
    if (mine !== turn) return
    stopNow()
    kept.set({ choice, isOn: false })
    webcamState.set({ is: 'failed', choice, why, text })
  }
  if (navigator.mediaDevices === undefined) return fail('insecure')
  let stream: MediaStream
  try {
    stream = await navigator.mediaDevices.getUserMedia({ video: wish(choice), audio: false })
  } catch (error) {
    return fail(...whyNot(error))
  }
  if (mine !== turn) {
    for (const track of stream.getTracks()) track.stop()
    return
  }
  send(client, choice, stream, fail)
}

export function stopWebcam(): void {
  turn += 1
  stopNow()
  const present = kept.get()
  if (present !== null) kept.set({ ...present, isOn: false })
  webcamState.set({ is: 'off' })
}

/** After a reload. Never where the browser would have to ask: a question out of nowhere is answered with no. */
export async function resumeWebcam(client: Client): Promise<void> {
  const present = kept.get()
  if (present?.isOn !== true || webcamState.get().is !== 'off') return
  try {
    const { state } = await navigator.permissions.query({ name: 'camera' })
    if (state === 'granted' && webcamState.get().is === 'off') await startWebcam(client, present.choice)
  } catch {
    // A browser that cannot tell: the operator starts it again.
  }
}

function send(
  client: Client,
  choice: WebcamChoice,
  stream: MediaStream,
  fail: (why: WhyNot, text?: string) => void,
): void {
  /** Wanted of the worker and not made yet. */
  let making = 0
  let sentAt = Number.NEGATIVE_INFINITY
  const take = ({ bytes, widthPx, heightPx, at }: WebcamPicture) => {
    making = Math.max(0, making - 1)
    const capturedAt = at + appNow() - Date.now()
    if (upload.send({ capturedAt, widthPx, heightPx }, bytes)) sentAt = performance.now()
    want()
  }
  const eye = new Eye(stream, { picture: take, ended: () => fail('gone') })
  const want = () => {
    const more = upload.room - making
    if (more <= 0) return
    making += more
    eye.want(more)
  }
  const upload = client.upload(
    'webcam.frames',
    { link: choice.link },
    {
      onRoom: () => want(),
      onFault: ({ message, tip }) => fail('app', [message, tip].filter(Boolean).join('. ')),
    },
  )
  const tell = () => {
    const isSent = performance.now() - sentAt < sentWithinMs
    const now = webcamState.get()
    if (now.is === 'on' && now.isSent === isSent) return
    webcamState.set({ is: 'on', choice, label: eye.label, isSent })
  }
  tell()
  const telling = setInterval(tell, 500)
  stopNow = () => {
    stopNow = () => {}
    clearInterval(telling)
    upload.close()
    eye.close()
  }
}

function wish({ device, widthPx, heightPx }: WebcamChoice): MediaTrackConstraints {
  return {
    ...(device === '' ? {} : { deviceId: { exact: device } }),
    width: { ideal: widthPx },
    height: { ideal: heightPx },
    frameRate: { ideal: 30, max: 30 },
  }
}

function whyNot(error: unknown): [WhyNot, string] {
  const name = error instanceof Error ? error.name : ''
  const text = error instanceof Error ? error.message : String(error)
  if (name === 'NotAllowedError' || name === 'SecurityError') return ['refused', '']
  if (name === 'NotFoundError' || name === 'OverconstrainedError') return ['none', '']
  if (name === 'NotReadableError' || name === 'AbortError') return ['busy', '']
  return ['odd', text]
}

function isKept(value: unknown): value is Kept | null {
  if (value === null) return true
  if (typeof value !== 'object' || !('choice' in value) || !('isOn' in value)) return false
  const { choice } = value
  if (typeof choice !== 'object' || choice === null) return false
  const texts = ['link', 'device'].every((key) => typeof Reflect.get(choice, key) === 'string')
  return texts && ['widthPx', 'heightPx'].every((key) => Number.isInteger(Reflect.get(choice, key)))
}
