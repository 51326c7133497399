/**
 * What the screen that looks at pictures is told, and what comes back from it: the app decodes nothing itself. The plan of each
 * camera and the state of the links make the tasks; pictures go on to face servers, findings to the engine and the blue-light
 * cameras, and how it goes stands in `live.analysis`.
 */
import type {
  AnalysisPicture,
  AnalystOffer,
  AnalystTasks,
  BlueReport,
  DeviceFaces,
  LearnedFace,
} from '../../contract/analysis.ts'
import type { CameraId } from '../../contract/cameras.ts'
import { Fault } from '../../contract/fault.ts'
import type { LinkId } from '../../contract/links.ts'
import type { CameraPlan } from '../../contract/plans.ts'
import type { OpenFeed, OpenUpload, Session } from '../../rpc/handlers.ts'
import type { Clock } from '../io/clock.ts'
import type { DeviceEngine, RunningLink } from '../link.ts'
import type { Live } from '../live/live.ts'
import { FaceChooser } from './face-choice.ts'
import type { Figures } from './figures.ts'
import { Lease, type Offer } from './lease.ts'
import { Uploads } from './uploads.ts'
import { Watched } from './watched.ts'

interface Parts {
  readonly clock: Clock
  readonly live: Live
  running(id: LinkId): RunningLink | undefined
  blueSensitivity(): number
  /** Where blue light on a camera goes. */
  blue(report: BlueReport): void
}

type Task = AnalystTasks['cameras'][number]

const tickMs = 1000
/** Pictures of people told at a time; the others follow as these are done. */
const mostPhotos = 20
const noBytes = new Uint8Array()
const idle: AnalystTasks = { isChosen: false, cameras: [], photos: [] }

export class Analyst {
  readonly #parts: Parts
  readonly #lease: Lease
  readonly #chooser: FaceChooser
  readonly #uploads: Uploads
  readonly #watched = new Map<CameraId, Watched>()
  readonly #wakes = new Map<Offer, () => void>()
  readonly #stops: (() => void)[]
  #engine: DeviceEngine | undefined
  #stopPhotos: () => void = () => {}
  #tasks: AnalystTasks = idle
  #tasksText = ''
  /** Why the face engine does not run in the analyst's screen. */
  #engineTrouble = ''

  constructor(parts: Parts) {
    const { clock, live } = parts
    this.#parts = parts
    this.#chooser = new FaceChooser(parts)
    this.#lease = new Lease(() => this.#changedHands())
    this.#uploads = new Uploads({
      clock,
      serverOf: (camera) => this.#serverOf(camera),
      onSent: ({ camera, picture }) => this.#figures(camera)?.sent(picture.frame, picture.receivedAt),
    })
    const refresh = () => this.#refresh()
    this.#stops = [
      live.plans.subscribe(refresh),
      live.cameras.subscribe(refresh),
      live.links.subscribe(refresh),
      live.settings.subscribe(refresh),
      live.facesNow.subscribe((changes) => {
        for (const change of changes) if ('row' in change) this.#answered(change.row)
      }),
      clock.every(tickMs, refresh),
    ]
    this.#refresh()
  }

  tasks({ decodesVideo }: AnalystOffer, wake: () => void, session: Session): OpenFeed<AnalystTasks> {
    const offer: Offer = { session, decodesVideo }
    this.#wakes.set(offer, wake)
    const leave = this.#lease.join(offer)
    let told: AnalystTasks | null = null
    return {
      take: () => {
        const tasks = this.#lease.chosen === offer ? this.#tasks : idle
        if (tasks === told) return null
        told = tasks
        return { header: tasks, bytes: noBytes }
      },
      close: () => {
        this.#wakes.delete(offer)
        leave()
      },
    }
  }

  frames(camera: CameraId, more: (frames: number) => void, session: Session): OpenUpload<AnalysisPicture> {
    this.#onlyChosen(session)
    const opened = this.#uploads.open(camera, more)
    return {
      take: (header, bytes) => {
        this.#onlyChosen(session)
        this.#passed(camera, header.passedOver)
        opened.take(header, bytes)
      },
      close: () => opened.close(),
    }
  }

  faces(found: DeviceFaces, session: Session): void {
    this.#onlyChosen(session)
    const watched = this.#watched.get(found.camera)
    // Its plan changed while this was on its way.
    if (watched?.choice.by !== 'device') return
    this.#passed(found.camera, found.passedOver)
    watched.figures.looked(found.receivedAt, this.#parts.clock.now())
    this.#chooser.engine()?.found(found)
  }

  blue(report: BlueReport, session: Session): void {
    this.#onlyChosen(session)
    const watched = this.#watched.get(report.camera)
    if (watched === undefined || this.#parts.live.plans.get(report.camera)?.blueLight !== true) return
    watched.blue = report.reading
    this.#parts.blue(report)
    this.#show()
  }

  photo(id: string, session: Session): Promise<Uint8Array> {
    this.#onlyChosen(session)
    return this.#needEngine().photo(id)
  }

  async learned({ id, embedding, reason }: LearnedFace, session: Session): Promise<void> {
    this.#onlyChosen(session)
    await this.#needEngine().learned(id, embedding === null ? null : floats(embedding), reason)
  }

  trouble(camera: CameraId | null, text: string, session: Session): void {
    this.#onlyChosen(session)
    if (camera === null) this.#engineTrouble = text
    else {
      const watched = this.#watched.get(camera)
      if (watched !== undefined) watched.trouble = text
    }
    this.#show()
  }

  close(): void {
    for (const stop of this.#stops) stop()
    this.#stopPhotos()
    this.#uploads.close()
  }

  #onlyChosen({ id }: Session): void {
    if (this.#lease.chosen?.session.id === id) return
    throw new Fault(
      'wrong-state',
      'Another screen looks at the pictures now',
      'This one goes on by itself when that screen leaves.',
    )
  }

  #needEngine(): DeviceEngine {
    const engine = this.#chooser.engine()
    if (engine !== undefined) return engine
    throw new Fault(
      'link-down',
      'The face engine of this machine is switched off',
      'Switch it on: see Links.',
    )
  }

  #serverOf(camera: CameraId) {
    const link = this.#parts.live.plans.get(camera)?.faceLink ?? null
    return link === null ? undefined : this.#parts.running(link)?.faceServer
  }

  #figures(camera: CameraId): Figures | undefined {
    return this.#watched.get(camera)?.figures
  }

  #passed(camera: CameraId, pictures = 0): void {
    const figures = this.#figures(camera)
    if (figures !== undefined) figures.passedOver += pictures
  }

  #answered(row: { id: CameraId; link: LinkId; frame: number | null; receivedAt: number }): void {
    if (this.#parts.live.plans.get(row.id)?.faceLink !== row.link) return
    const watched = this.#watched.get(row.id)
    // What a probe brings back is no work done: it only shows that the server is there again.
    if (watched?.choice.by === 'server') watched.figures.answered(row.frame, row.receivedAt)
  }

  /** Nobody else may hear of it first: the one before loses its tasks, the next one gets them. */
  #changedHands(): void {
    for (const watched of this.#watched.values()) watched.begin()
    this.#engineTrouble = ''
    this.#chooser.begin()
    this.#tasksText = ''
    this.#refresh()
  }

  #refresh(): void {
    this.#followEngine()
    const tasks: Task[] = []
    const planned = new Set<CameraId>()
    for (const plan of this.#parts.live.plans.snapshot()) {
      const { id, faces, blueLight } = plan
      if ((faces === 'off' && !blueLight) || this.#parts.live.cameras.get(id) === undefined) continue
      planned.add(id)
      tasks.push(this.#task(plan, this.#watch(plan)))
    }
    for (const id of this.#watched.keys()) if (!planned.has(id)) this.#watched.delete(id)
    this.#uploads.refresh()
    this.#tell({
      isChosen: true,
      cameras: tasks,
      photos: [...(this.#engine?.photos() ?? [])].slice(0, mostPhotos),
    })
    this.#show()
  }

  #watch(plan: CameraPlan): Watched {
    const choice = this.#chooser.of(plan)
    const known = this.#watched.get(plan.id)
    if (known === undefined) {
      const watched = new Watched(this.#parts.clock, choice)
      this.#watched.set(plan.id, watched)
      return watched
    }
    known.become(choice)
    if (!plan.blueLight) known.blue = null
    return known
  }

  #task({ id, fit, facesPerSecond, blueLight }: CameraPlan, { choice }: Watched): Task {
    return {
      camera: id,
      faces: choice.by === 'nobody' ? 'off' : choice.by,
      serverProbe: choice.probe,
      fit,
      facesPerSecond,
      blueLight,
      blueSensitivity: this.#parts.blueSensitivity(),
    }
  }

  #followEngine(): void {
    const engine = this.#chooser.engine()
    if (engine === this.#engine) return
    this.#stopPhotos()
    this.#engine = engine
    this.#stopPhotos = engine?.onPhotos(() => this.#refresh()) ?? (() => {})
  }

  #tell(tasks: AnalystTasks): void {
    const text = JSON.stringify(tasks)
    if (text === this.#tasksText) return
    this.#tasksText = text
    this.#tasks = tasks
    for (const wake of this.#wakes.values()) wake()
  }

  #show(): void {
    const { analysis } = this.#parts.live
    const gone = [...analysis.snapshot()].filter(({ id }) => !this.#watched.has(id)).map(({ id }) => id)
    if (gone.length > 0) analysis.delete(...gone)
    const user = this.#lease.chosen?.session.user ?? null
    const rows = [...this.#watched].map(([id, watched]) => watched.row(id, user, this.#engineTrouble))
    const changed = rows.filter((row) => JSON.stringify(row) !== JSON.stringify(analysis.get(row.id)))
    if (changed.length > 0) analysis.set(...changed)
  }
}

/** The schema has seen to its length. A copy: a pooled buffer need not begin at a multiple of four. */
function floats(base64: string): Float32Array {
  const bytes = new Uint8Array(Buffer.from(base64, 'base64'))
  return new Float32Array(bytes.buffer)
}
