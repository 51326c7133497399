/** Pictures of this machine as a camera: a JPEG file, or a folder of them shown one after the other, again and again. */
import { Fault } from '../../../contract/fault.ts'
import type { Picture } from '../../fact.ts'
import { JpegFolder } from '../../io/jpeg-folder.ts'
import type { CameraSource, LinkContext, RunningLink } from '../../link.ts'
import { LinkBook } from '../../link-book.ts'
import type { Delivery } from '../../order.ts'
import { cameraRow, mainCamera, noOrders, pictureOf, type StillProfile } from './camera-row.ts'

/** The folder is looked at this often, whether or not anybody watches: the link says what is true now. */
const lookEveryMs = 5000
const budgetMs = 20_000

export class StillCamera implements RunningLink, CameraSource {
  readonly cameras: CameraSource = this
  readonly #context: LinkContext<StillProfile>
  readonly #folder: JpegFolder
  readonly #book: LinkBook
  readonly #stopLooking: () => void
  #names: readonly string[] = []
  #at = 0
  #viewers = 0
  #isReading = false
  #isLooking = false
  #stopShowing: () => void = () => {}
  #lastFrameAt: number | null = null
  #heardAt: number | null = null
  #trouble = ''
  #isClosed = false

  constructor(context: LinkContext<StillProfile>) {
    const { profile, clock } = context
    this.#context = context
    this.#folder = new JpegFolder(profile.path)
    this.#book = new LinkBook(context, profile.id, profile.path, budgetMs)
    this.#stopLooking = clock.every(lookEveryMs, () => void this.#look())
  }

  start(): void {
    this.#book.become({ is: 'opening', attempt: 1 })
    this.#report()
    void this.#look()
  }

  open(): () => void {
    this.#viewers += 1
    if (this.#viewers === 1) this.#show()
    if (this.#trouble !== '') this.#troubled(this.#trouble)
    let isOpen = true
    return () => {
      if (!isOpen) return
      isOpen = false
      this.#viewers -= 1
      if (this.#viewers === 0) this.#stopShowing()
    }
  }

  async snapshot(): Promise<Picture> {
    const names = await this.#folder.list()
    const name = names[this.#at % Math.max(1, names.length)]
    if (name === undefined) throw new Fault('not-found', empty(this.#context.profile.path))
    return pictureOf((await this.#folder.read(name)).bytes)
  }

  #show(): void {
    const { clock, profile } = this.#context
    void this.#frame()
    this.#stopShowing = clock.every(1000 / profile.framesPerSecond, () => void this.#frame())
  }

  async #frame(): Promise<void> {
    // A slow disk shows fewer, and never piles them up.
    if (this.#isReading) return
    const name = this.#names[this.#at % Math.max(1, this.#names.length)]
    if (name === undefined) return
    this.#isReading = true
    this.#at = (this.#at + 1) % this.#names.length
    const { clock, tell, profile } = this.#context
    const { counters } = this.#book
    try {
      const picture = await this.#folder.read(name)
      if (this.#isClosed || this.#viewers === 0) return
      const receivedAt = clock.now()
      counters.messagesIn += 1
      counters.bytesIn += picture.bytes.length
      this.#lastFrameAt = receivedAt
      tell({ type: 'frame-arrived', camera: mainCamera(profile), ...picture, receivedAt })
    } catch (error) {
      counters.badMessages += 1
      if (this.#isClosed) return
      // One bad file among good ones is only passed over.
      if (this.#names.length === 1) this.#troubled(words(error))
    } finally {
      this.#isReading = false
    }
  }

  async #look(): Promise<void> {
    if (this.#isLooking) return
    this.#isLooking = true
    const { clock, profile } = this.#context
    try {
      const wasEmpty = this.#names.length === 0
      this.#names = await this.#folder.list()
      if (this.#isClosed) return
      if (this.#names.length === 0) return this.#failed(empty(profile.path))
      this.#trouble = ''
      this.#heardAt = clock.now()
      if (this.#book.state.is !== 'live') this.#book.become({ is: 'live', since: clock.now() })
      this.#book.useful(clock.now(), clock.monotonic())
      if (wasEmpty && this.#viewers > 0) void this.#frame()
    } catch (error) {
      this.#names = []
      if (!this.#isClosed) this.#failed(words(error))
    } finally {
      this.#isLooking = false
      if (!this.#isClosed) this.#report()
    }
  }

  #failed(reason: string): void {
    const { clock } = this.#context
    const isNew = reason !== this.#trouble
    this.#trouble = reason
    const retryAt = clock.now() + lookEveryMs
    if (isNew) {
      this.#book.become({ is: 'waiting', retryAt, attempt: 1, reason })
      this.#troubled(reason)
    }
  }

  #troubled(trouble: string): void {
    this.#context.tell({ type: 'stream-troubled', camera: mainCamera(this.#context.profile), trouble })
  }

  #report(): void {
    const { profile, tell } = this.#context
    const isShown = this.#viewers > 0 && this.#names.length > 0
    const camera = cameraRow(profile, 'still', {
      isRunning: this.#names.length > 0,
      fps: isShown ? profile.framesPerSecond : null,
      lastFrameAt: this.#lastFrameAt,
      trouble: this.#trouble,
      heardAt: this.#heardAt,
      budgetMs,
    })
    tell({ type: 'cameras-reported', link: profile.id, cameras: [camera] })
  }

  async deliver(): Promise<Delivery> {
    return noOrders
  }

  retry(): void {
    void this.#look()
  }

  forget(): void {}

  async close(): Promise<void> {
    this.#isClosed = true
    this.#stopLooking()
    this.#stopShowing()
    this.#book.close()
  }
}

function empty(path: string): string {
  return `no .jpg file is in "${path}"`
}

function words(error: unknown): string {
  if (error instanceof Fault) return error.message
  return error instanceof Error ? error.message : String(error)
}
