/**
 * One running engine link. The looking is done in the analyst's screen; here its findings get their names. Live while a screen
 * reports, listening while none does: faces are then found by nobody, and that is no fault of a device.
 */
import type { DeviceFaces } from '../../../contract/analysis.ts'
import type { CameraId } from '../../../contract/cameras.ts'
import type { FaceSettings } from '../../../contract/faces.ts'
import { Fault } from '../../../contract/fault.ts'
import type { FacesFound } from '../../fact.ts'
import { jpegSize } from '../../io/picture.ts'
import type { DeviceEngine, FaceLibrary, LinkContext, RunningLink } from '../../link.ts'
import { LinkBook } from '../../link-book.ts'
import type { Delivery, Order } from '../../order.ts'
import { type DeviceFacesProfile, Library, NotPossible } from './library.ts'
import { embeddingOf, type Match, nearest } from './matching.ts'
import { Tracks } from './tracks.ts'

const budgetMs = 60_000
/** A screen that looks reports several times a second. */
const quietMs = 5000

export class DeviceFacesLink implements RunningLink, DeviceEngine {
  readonly deviceEngine: DeviceEngine = this
  readonly library: FaceLibrary
  readonly #context: LinkContext<DeviceFacesProfile>
  readonly #people: Library
  readonly #book: LinkBook
  readonly #tracks = new Map<CameraId, Tracks>()
  #stopQuiet: () => void = () => {}

  constructor(context: LinkContext<DeviceFacesProfile>) {
    this.#context = context
    this.#people = new Library(context)
    this.#book = new LinkBook(context, context.profile.id, 'in a screen of this installation', budgetMs)
    this.library = {
      photos: async (name) => this.#people.photosOf(name),
      settings: async () => this.#settings(),
      picture: (_, file) => this.#people.picture(file),
      whyNotMerge: (name, into) => this.#people.whyNotMerge(name, into),
      cutFrom: (event) => this.#people.cutFrom(event),
    }
  }

  async start(): Promise<void> {
    try {
      await this.#people.read()
      this.#book.become({ is: 'listening' })
    } catch (error) {
      const reason = error instanceof Fault ? error.message : String(error)
      this.#book.become({ is: 'refused', reason: `the people it knows could not be read: ${reason}` })
    }
  }

  found({ camera, frame, receivedAt, faces, picture }: DeviceFaces): void {
    const { profile, clock, tell } = this.#context
    this.#heard()
    const looked = faces.map(({ box, embedding }) => ({ box, match: this.#match(embedding) }))
    const names = this.#tracksOf(camera).name(looked, clock.monotonic())
    tell({
      type: 'faces-found',
      link: profile.id,
      camera,
      frame,
      at: receivedAt,
      receivedAt: clock.now(),
      faces: faces.map(({ box }, at) => ({
        person: names[at]?.person ?? null,
        confidence: names[at]?.score ?? null,
        at: receivedAt,
        box,
      })),
      picture: pictureOf(picture),
    })
  }

  photos(): readonly string[] {
    return this.#people.waiting()
  }

  async photo(id: string): Promise<Uint8Array> {
    return (await this.#people.picture(id)).bytes
  }

  learned(id: string, embedding: Float32Array | null, reason: string): Promise<void> {
    this.#heard()
    return this.#people.learned(id, embedding, reason)
  }

  onPhotos(listener: () => void): () => void {
    return this.#people.onChange(listener)
  }

  async deliver(order: Order): Promise<Delivery> {
    if (order.type !== 'change-library')
      return { is: 'refused', reason: 'the face engine takes no such order' }
    const begun = this.#context.clock.monotonic()
    try {
      const said = await this.#people.change(order)
      // Whom somebody was taken for a moment ago is asked anew.
      this.#tracks.clear()
      const roundTripMs = this.#context.clock.monotonic() - begun
      return { is: 'delivered', roundTripMs, ...(said === undefined ? {} : { said }) }
    } catch (error) {
      if (error instanceof NotPossible) return { is: 'refused', reason: error.message }
      if (error instanceof Fault) return { is: 'unreachable', reason: error.message }
      throw error
    }
  }

  retry(): void {
    if (this.#book.state.is === 'refused') void this.start()
  }

  forget(): void {}

  async close(): Promise<void> {
    this.#stopQuiet()
    this.#book.close()
  }

  /** Undefined: not looked at closely. */
  #match(base64: string | null): Match | null | undefined {
    if (base64 === null) return undefined
    const embedding = embeddingOf(Buffer.from(base64, 'base64'))
    if (embedding === null) {
      this.#book.counters.badMessages += 1
      return undefined
    }
    return nearest(embedding, this.#people.photos(), this.#context.profile.threshold)
  }

  #tracksOf(camera: CameraId): Tracks {
    const known = this.#tracks.get(camera)
    if (known !== undefined) return known
    const fresh = new Tracks()
    this.#tracks.set(camera, fresh)
    return fresh
  }

  #heard(): void {
    const { clock } = this.#context
    this.#book.counters.messagesIn += 1
    this.#book.peers = 1
    this.#book.useful(clock.now(), clock.monotonic())
    this.#stopQuiet()
    this.#stopQuiet = clock.after(quietMs, () => {
      this.#book.peers = 0
      this.#tracks.clear()
      this.#book.become({ is: 'listening' })
    })
  }

  #settings(): FaceSettings {
    const { enabled, threshold } = this.#context.profile
    return { enabled, detectionMethod: 'hog', recognitionThreshold: 1 - threshold }
  }
}

function pictureOf(picture: DeviceFaces['picture']): FacesFound['picture'] {
  if (picture === null) return null
  const bytes = Buffer.from(picture.base64, 'base64')
  const size = jpegSize(bytes)
  return size === null ? null : { bytes, ...size }
}
