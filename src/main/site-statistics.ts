/** The figures of this installation: people, sightings of the site's day, cameras. Kept from commits, read again each minute. */
import type { Camera, CameraId } from '../contract/cameras.ts'
import { faceKinds } from '../contract/events.ts'
import { type Statistics, siteStatistics } from '../contract/statistics.ts'
import { type Day, dayOf } from './day.ts'
import type { Clock } from './io/clock.ts'
import type { Live } from './live/live.ts'
import type { Log } from './log.ts'
import type { Store, StoredEvent } from './store/store.ts'

const budgetMs = 15_000
const refreshMs = 5000
const readAgainMs = 60_000
/** A read that commits overtook is made again, a few times: the next minute reads again anyway. */
const mostReads = 4

const [recognized, unknown] = faceKinds

interface Parts {
  readonly store: Pick<Store, 'onChange' | 'sightings'>
  readonly live: Pick<Live, 'statistics' | 'cameras' | 'people'>
  readonly clock: Clock
  readonly log: Log
  zone(): string
  /** Whether our own recorder writes what this camera sends. */
  records(camera: CameraId): boolean
}

export class SiteStatistics {
  readonly #parts: Parts
  readonly #undo: (() => void)[]
  #zone: string
  #day: Day
  #recognitions = 0
  #unknown = 0
  #lastAt: number | null = null
  /** Counts what was taken in from commits, so that a read can tell whether it was overtaken. */
  #taken = 0
  #reading: Promise<void> | null = null
  #readMono = 0
  #setMono = 0

  constructor(parts: Parts) {
    const { store, live, clock, zone } = parts
    this.#parts = parts
    this.#zone = zone()
    this.#day = dayOf(clock.now(), this.#zone)
    this.#undo = [
      store.onChange(({ events }) => this.#take(events)),
      live.cameras.subscribe(() => this.#setIfChanged()),
      live.people.subscribe(() => this.#setIfChanged()),
    ]
  }

  /** The day's figures from the store. */
  read(): Promise<void> {
    this.#reading ??= this.#readUntilStill().finally(() => {
      this.#reading = null
    })
    return this.#reading
  }

  /** Once a second: the day may have ended, the zone may have changed, a camera may have gone stale. */
  async tick(): Promise<void> {
    const { clock } = this.#parts
    const turned = this.#turnDay()
    if (turned || clock.monotonic() - this.#setMono >= refreshMs) this.#set()
    else this.#setIfChanged()
    if (turned || clock.monotonic() - this.#readMono >= readAgainMs) await this.read()
  }

  close(): void {
    for (const undo of this.#undo) undo()
  }

  async #readUntilStill(): Promise<void> {
    const { store, clock } = this.#parts
    this.#readMono = clock.monotonic()
    for (let reads = 1; ; reads++) {
      const [taken, { startAt }] = [this.#taken, this.#day]
      const figures = await store.sightings(startAt)
      const overtaken = taken !== this.#taken || startAt !== this.#day.startAt
      if (overtaken && reads < mostReads) continue
      if (startAt !== this.#day.startAt) return // of another day: the next tick reads again
      this.#recognitions = figures.recognitions
      this.#unknown = figures.unknown
      this.#lastAt = figures.lastRecognitionAt
      this.#setIfChanged()
      return
    }
  }

  /** In the same turn as the commit is told, so that whoever hears of the event finds it counted. */
  #take(events: readonly StoredEvent[]): void {
    const faces = events.filter(({ event }) => event.kind === recognized || event.kind === unknown)
    if (faces.length === 0) return
    if (this.#turnDay()) void this.read().catch((error: unknown) => this.#logUnread(error))
    this.#taken++
    for (const { event, isNew } of faces) {
      const isToday = isNew && event.at >= this.#day.startAt
      if (isToday && event.kind === recognized) this.#recognitions++
      if (isToday && event.kind === unknown) this.#unknown++
      if (event.kind === recognized) this.#lastAt = Math.max(this.#lastAt ?? 0, event.lastAt)
    }
    this.#set()
  }

  /** True when another day has begun, by the clock or because the zone changed: its figures start at nothing. */
  #turnDay(): boolean {
    const { clock, zone } = this.#parts
    const now = clock.now()
    const isSame = this.#day.startAt <= now && now < this.#day.endAt && zone() === this.#zone
    if (isSame) return false
    this.#zone = zone()
    this.#day = dayOf(now, this.#zone)
    this.#recognitions = 0
    this.#unknown = 0
    return true
  }

  #logUnread(error: unknown): void {
    this.#parts.log.error('site-statistics-not-read', { error: String(error) })
  }

  #setIfChanged(): void {
    const before = this.#parts.live.statistics.get(siteStatistics)
    if (before === undefined || figuresOf(before) !== figuresOf(this.#row())) this.#set()
  }

  #set(): void {
    this.#setMono = this.#parts.clock.monotonic()
    this.#parts.live.statistics.set(this.#row())
  }

  #row(): Statistics {
    const { live, clock, records } = this.#parts
    const now = clock.now()
    let active = 0
    let recording = 0
    for (const camera of live.cameras.snapshot()) {
      if (camera.heardAt === null || now - camera.heardAt > camera.budgetMs) continue
      if (isOn(camera)) active++
      if (camera.isRecording === true || records(camera.id)) recording++
    }
    return {
      id: siteStatistics,
      totalPeople: live.people.size,
      recognitionsToday: this.#recognitions,
      unknownFacesToday: this.#unknown,
      lastRecognitionAt: this.#lastAt,
      totalCameras: live.cameras.size,
      activeCameras: active,
      recordingCameras: recording,
      at: now,
      receivedAt: now,
      budgetMs,
      via: 'here',
    }
  }
}

/** A camera of its own cannot be switched off at a source: it is on while pictures come. */
function isOn({ isActive, isRunning }: Camera): boolean {
  return isActive ?? isRunning === true
}

/** Before the first read since start: nothing is known, and it is stale. */
export const noFigures: Statistics = {
  id: siteStatistics,
  totalPeople: null,
  recognitionsToday: null,
  unknownFacesToday: null,
  lastRecognitionAt: null,
  totalCameras: null,
  activeCameras: null,
  recordingCameras: null,
  at: 0,
  receivedAt: 0,
  budgetMs,
  via: 'here',
}

/** The figures without the times they were made at: two equal ones are no news. */
export function figuresOf(row: Statistics): string {
  const { at: _, receivedAt: __, ...figures } = row
  return JSON.stringify(figures)
}
