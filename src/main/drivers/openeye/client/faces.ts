/** Detections to facts: what each camera sees now, and sightings as events with the picture they were made on. */
import { CameraId } from '../../../../contract/cameras.ts'
import { Fault } from '../../../../contract/fault.ts'
import type { EventDetected, Picture } from '../../../fact.ts'
import { readPicture } from '../../../io/picture.ts'
import type { LinkContext } from '../../../link.ts'
import type { CameraEvent } from '../messages.ts'
import { boxOf } from './box.ts'
import type { CameraList } from './camera-list.ts'
import type { ClockOffset } from './clock-offset.ts'
import type { ClientProfile } from './profile.ts'
import type { Detection } from './replies.ts'
import type { RequestBudget } from './request-budget.ts'
import { hashOf } from './server-alert.ts'
import { Sightings, type Stay, type StayChange } from './sightings.ts'
import type { Streams } from './streams.ts'

const pictureBytes = 512 * 1024
/** Faces of one look of the detector carry times this close. */
const oneLookMs = 1500
/** A picture taken now says nothing about a sighting that is older. */
const pictureWorthMs = 30_000
/** Over the budget of requests, or the cameras are not listed yet: both pass. */
const pictureAgainMs = 3000
const longestRaw = 4096

type Told = EventDetected['event']
type Taken = { readonly picture: Picture; readonly pictureAt: number }

interface Parts {
  readonly context: Pick<LinkContext<ClientProfile>, 'profile' | 'clock' | 'tell'>
  readonly cameras: CameraList
  readonly streams: Streams
  readonly budget: RequestBudget
  readonly offset: ClockOffset
}

export class Faces {
  readonly #parts: Parts
  readonly #sightings = new Sightings()
  /** Newest detection told, per camera. */
  readonly #toldAt = new Map<string, number>()
  /** Undoes the waits for another try at a picture. */
  readonly #waits = new Set<() => void>()

  constructor(parts: Parts) {
    this.#parts = parts
  }

  /** The answer to one poll. */
  take(detections: ReadonlyMap<string, readonly Detection[]>): void {
    for (const [camera, buffer] of detections) {
      this.#seen(camera, buffer)
      for (const change of this.#sightings.buffer(camera, buffer)) this.#stay(change)
    }
  }

  /** An event of the socket: a face with a name belongs to its stay, anything else is an event of its own. */
  event(event: CameraEvent, text: string, shown: string): void {
    const { clock } = this.#parts.context
    const at = event.at ?? clock.now() + this.#parts.offset.ms
    const { camera, person, confidence, edges, kind } = event
    const isFace = kind === 'face_detected' || kind === 'face_recognized'
    if (isFace && camera !== null && person !== undefined) {
      this.#stay(this.#sightings.hint(camera, { person, confidence, at, edges }))
      return
    }
    const where = camera === null ? '' : ` at ${this.#parts.cameras.nameOf(camera)}`
    this.#tell({
      ...this.#where(camera),
      sourceId: hashOf(text),
      kind,
      person: person ?? null,
      confidence,
      text: event.words ?? `${kind.replaceAll('_', ' ')}${where}`,
      at,
      lastAt: at,
      count: 1,
      box: camera === null ? null : boxOf(edges, this.#parts.streams.sizeOf(camera)),
      picture: null,
      pictureAt: null,
      raw: shown.slice(0, longestRaw),
    })
  }

  #where(camera: string | null): Pick<Told, 'link' | 'camera' | 'cameraName' | 'receivedAt'> {
    const { context, cameras } = this.#parts
    const link = context.profile.id
    const receivedAt = context.clock.now()
    if (camera === null) return { link, camera: null, cameraName: null, receivedAt }
    return {
      link,
      camera: CameraId.parse(`${link}/${camera}`),
      cameraName: cameras.nameOf(camera),
      receivedAt,
    }
  }

  #tell(event: Told): void {
    this.#parts.context.tell({ type: 'event-detected', event })
  }

  /** Said once for each look of the detector: the server tells its buffer again and again, long after everybody has gone. */
  #seen(camera: string, buffer: readonly Detection[]): void {
    const newest = buffer.at(-1)
    if (newest === undefined) return
    const { context, streams, offset } = this.#parts
    const { clock, profile } = context
    const budgetMs = 2 * profile.pollMs + 2000
    const before = this.#toldAt.get(camera)
    this.#toldAt.set(camera, newest.at)
    if (before === newest.at) return
    const serverNow = clock.now() + offset.ms
    if (before === undefined && serverNow - newest.at > budgetMs) return
    const size = streams.sizeOf(camera)
    const faces = new Map(
      buffer
        .filter((face) => newest.at - face.at <= oneLookMs)
        .map((face) => [`${face.person ?? ''}|${face.person === null ? face.edges?.left : ''}`, face]),
    )
    context.tell({
      type: 'faces-seen',
      faces: {
        id: CameraId.parse(`${profile.id}/${camera}`),
        at: newest.at,
        receivedAt: clock.now(),
        budgetMs,
        frame: null,
        link: profile.id,
        faces: [...faces.values()].map(({ person, confidence, at, edges }) => {
          return { person, confidence, at, box: boxOf(edges, size) }
        }),
      },
    })
  }

  #stay({ stay, isNew }: StayChange): void {
    const taken = isNew ? this.#fromStream(stay) : null
    this.#tellStay(stay, taken)
    if (isNew && taken === null) this.#wantPicture(stay)
  }

  /** Tried while a picture taken now still says something about the sighting. */
  #wantPicture(stay: Stay): void {
    const { context, budget, offset, cameras } = this.#parts
    if (context.clock.now() + offset.ms - stay.at > pictureWorthMs) return
    const mayAsk = cameras.has(stay.camera) && budget.takeSnapshot(context.clock.monotonic())
    if (mayAsk) void this.#snapshot(stay)
    else this.#wantLater(stay)
  }

  #wantLater(stay: Stay): void {
    const undo = this.#parts.context.clock.after(pictureAgainMs, () => {
      this.#waits.delete(undo)
      this.#wantPicture(stay)
    })
    this.#waits.add(undo)
  }

  close(): void {
    for (const undo of this.#waits) undo()
    this.#waits.clear()
  }

  #tellStay(stay: Stay, taken: Taken | null): void {
    const { camera, person, at, lastAt, confidence, count, edges, sourceId } = stay
    const { cameras, streams } = this.#parts
    this.#tell({
      ...this.#where(camera),
      sourceId,
      kind: person === null ? 'face-unknown' : 'face-recognized',
      person,
      confidence,
      text: `${person ?? 'Unknown face'} at ${cameras.nameOf(camera)}`,
      at,
      lastAt,
      count: Math.max(1, count),
      box: boxOf(edges, streams.sizeOf(camera)),
      picture: taken?.picture ?? null,
      pictureAt: taken?.pictureAt ?? null,
      raw: null,
    })
  }

  /** In the server's time, like the sighting: only so the two can be compared. */
  #fromStream(stay: Stay): Taken | null {
    const { streams, offset } = this.#parts
    const frame = streams.frameNear(stay.camera, stay.at - offset.ms)
    if (frame === null || frame.bytes.length > pictureBytes) return null
    const read = readPicture(frame.bytes)
    if (!read.ok) return null
    const { evidence, bytes } = read
    return { picture: { evidence, bytes }, pictureAt: frame.receivedAt + offset.ms }
  }

  /** The event is told already; its picture follows. */
  async #snapshot(stay: Stay): Promise<void> {
    const { context, streams, offset } = this.#parts
    try {
      const picture = await streams.take(stay.camera, 'poll', pictureBytes)
      this.#tellStay(stay, { picture, pictureAt: context.clock.now() + offset.ms })
    } catch (error) {
      // No picture is no reason to lose the sighting; the inspector shows why there is none.
      if (!(error instanceof Fault)) throw error
      if (error.code === 'busy') this.#wantLater(stay)
    }
  }
}
