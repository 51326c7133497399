/**
 * Cameras that are watched for blue light here, as cameras of the blue-light system: what the detector reports becomes an alert of
 * that camera and its end, and whoever monitors at the hub or behind a blue-light link hears of it as of any `cctv`.
 *
 * An alert ends when the light is seen to be gone. When nobody looks any more (the camera is dark, no screen is open, the plan was
 * changed, Watchfloor was restarted) it ends after a minute and says that how it ended was not seen; it stays open to be acknowledged.
 */
import { randomUUID } from 'node:crypto'
import { bluePriority } from '../contract/alert-state.ts'
import type { Alert, BlueLight } from '../contract/alerts.ts'
import type { BlueReport } from '../contract/analysis.ts'
import type { Camera, CameraId } from '../contract/cameras.ts'
import { DeviceId } from '../contract/devices.ts'
import type { LinkId } from '../contract/links.ts'
import type { Settings } from '../contract/settings.ts'
import type { Dispatch } from './dispatch.ts'
import type { AlertRaised, Picture } from './fact.ts'
import type { Ingest } from './ingest.ts'
import type { Clock } from './io/clock.ts'
import { readPicture } from './io/picture.ts'
import type { RunningLink } from './link.ts'
import type { Live } from './live/live.ts'
import type { Log } from './log.ts'
import { type AnnounceOwn, ownDetector, ownTarget } from './order.ts'

interface Parts {
  readonly live: Live
  readonly clock: Clock
  readonly log: Log
  readonly ingest: Pick<Ingest, 'raise' | 'tell'>
  readonly dispatch: Pick<Dispatch, 'enqueue'>
  readonly links: { running(id: LinkId): Pick<RunningLink, 'deliver'> | undefined }
  settings(): Pick<Settings, 'heartbeatMs'>
}

export interface CameraBlue {
  report(report: BlueReport): void
  close(): void
}

/** What is known of one camera's light. */
interface Watched {
  /** An alert is on disk and not cleared, or its writing is under way. */
  alert: 'none' | 'raising' | 'open'
  /** Its end came before its beginning was on disk. */
  endsWith: string | null
  heardAt: number
  intensity: number
  picture: BlueReport['picture']
}

export const unseenAfterMs = 60_000
const checkEveryMs = 5000
/** A screen's clock that is further off than this is not believed. */
const farOffMs = 3_600_000
/** Waiting announcements that carry their picture, per link: later ones go without, so that an outage of days stays small. */
const mostPictures = 20

export function createCameraBlue(parts: Parts): CameraBlue {
  const { live, clock, log, ingest } = parts
  const watched = new Map<CameraId, Watched>()
  for (const alert of live.alerts.table.snapshot()) {
    const id = cameraOf(alert)
    if (id !== null) watched.set(id, { ...blank(clock.now()), alert: 'open' })
  }

  function report({ camera: id, at, reading, picture }: BlueReport): void {
    const camera = live.cameras.get(id)
    if (camera === undefined) return
    const now = clock.now()
    const known = watched.get(id) ?? blank(now)
    watched.set(id, known)
    known.heardAt = now
    known.intensity = reading.isBlue ? reading.intensity : 0
    if (reading.isBlue) {
      known.endsWith = null
      known.picture = picture ?? known.picture
      if (known.alert === 'none') void raise(camera, known, reading, Math.abs(at - now) > farOffMs ? now : at)
    } else if (reading.isReady) {
      end(camera, known, 'back to normal: the blue light is gone')
    }
  }

  async function raise(
    camera: Camera,
    known: Watched,
    reading: BlueReport['reading'],
    at: number,
  ): Promise<void> {
    known.alert = 'raising'
    const fact = factOf(camera, reading, known.picture, at, clock.now())
    try {
      const { duplicate } = await ingest.raise(fact)
      known.alert = 'open'
      known.picture = null
      if (!duplicate) announce(camera, alertWords(fact))
      if (known.endsWith !== null) end(camera, known, known.endsWith)
    } catch (error) {
      // It still shines: the next report tries again.
      known.alert = 'none'
      log.error('blue-alert-not-stored', { camera: camera.id, error: String(error) })
    }
  }

  function end(camera: Camera, known: Watched, note: string): void {
    if (known.alert === 'raising') known.endsWith = note
    if (known.alert !== 'open') return
    known.alert = 'none'
    known.endsWith = null
    known.intensity = 0
    const { link: source, camera: own } = camera
    const device = DeviceId.parse(own)
    ingest.tell({ type: 'alert-cleared', source, kind: 'blue-light', device, at: clock.now(), note })
    announce(camera, { is: 'status', intensity: 0 })
  }

  /** Hub monitors hear of it now or not at all, as from a connected camera; for links it waits until they are there. */
  function announce(camera: Camera, says: AnnounceOwn['says']): void {
    const orders: AnnounceOwn[] = []
    for (const { id, profile } of live.links.snapshot()) {
      if (!profile.enabled) continue
      if (profile.driver === 'blue-light-hub') tellNow(id, orderFor(id, camera, says))
      else if (profile.driver === 'blue-light-client') {
        const isFull = says.is === 'alert' && waitingAt(id) >= mostPictures
        orders.push(orderFor(id, camera, isFull ? { ...says, picture: null } : says))
      }
    }
    if (orders.length === 0) return
    parts.dispatch.enqueue(orders).catch((error: unknown) => {
      log.error('announcement-not-stored', { camera: camera.id, error: String(error) })
    })
  }

  function waitingAt(link: LinkId): number {
    let count = 0
    for (const row of live.orders.snapshot())
      if (row.link === link && row.state === 'waiting' && row.type === 'announce-own') count++
    return count
  }

  function orderFor(link: LinkId, camera: Camera, says: AnnounceOwn['says']): AnnounceOwn {
    const { camera: own, name, location } = camera
    return {
      type: 'announce-own',
      id: randomUUID(),
      link,
      device: DeviceId.parse(ownTarget),
      camera: { id: DeviceId.parse(own), name, location },
      at: clock.now(),
      says,
    }
  }

  function tellNow(link: LinkId, order: AnnounceOwn): void {
    parts.links
      .running(link)
      ?.deliver(order)
      .catch((error: unknown) => log.warn('announcement-failed', { link, error: String(error) }))
  }

  /** Whoever has heard of the camera elsewhere would miss it: it says that it is there, as a `cctv` does. */
  function beat(): void {
    for (const { id, blue, analyst } of live.analysis.snapshot()) {
      const camera = live.cameras.get(id)
      if (blue === null || analyst === null || camera === undefined) continue
      const says = { is: 'status', intensity: watched.get(id)?.intensity ?? 0 } as const
      for (const { id: link, profile } of live.links.snapshot()) {
        if (!profile.enabled) continue
        if (profile.driver === 'blue-light-hub' || profile.driver === 'blue-light-client')
          tellNow(link, orderFor(link, camera, says))
      }
    }
  }

  function check(): void {
    const now = clock.now()
    for (const [id, known] of watched) {
      if (known.alert === 'none' || now - known.heardAt < unseenAfterMs) continue
      const camera = live.cameras.get(id)
      // A camera that is no longer known has no name to speak under; its alerts are still to be ended.
      if (camera === undefined) endUnknown(id)
      else end(camera, known, 'no longer looked at: how it ended was not seen')
      // One whose alert is still being written ends when it is.
      if (known.alert !== 'raising') watched.delete(id)
    }
  }

  function endUnknown(id: CameraId): void {
    for (const alert of live.alerts.table.snapshot()) {
      if (cameraOf(alert) !== id) continue
      const { source, device } = alert
      const note = 'its camera was removed: how it ended was not seen'
      ingest.tell({ type: 'alert-cleared', source, kind: 'blue-light', device, at: clock.now(), note })
    }
  }

  const stopChecks = clock.every(checkEveryMs, check)
  let stopBeat = (): void => {}
  const nextBeat = (): void => {
    // Asked each time: the heartbeat is a setting.
    stopBeat = clock.after(parts.settings().heartbeatMs, () => {
      beat()
      nextBeat()
    })
  }
  nextBeat()

  return {
    report,
    close() {
      stopChecks()
      stopBeat()
    },
  }
}

function blank(now: number): Watched {
  return { alert: 'none', endsWith: null, heardAt: now, intensity: 0, picture: null }
}

/** Whose light an alert of ours is about; null for alerts of others, and for those that have ended. */
function cameraOf({ sourceId, source, device, clearedAt }: Alert): CameraId | null {
  if (!sourceId.startsWith(ownDetector) || device === null || clearedAt !== null) return null
  return `${source}/${device}` as CameraId
}

function percent(share: number): string {
  return `${Math.round(share * 100)} %`
}

function factOf(
  camera: Camera,
  reading: BlueReport['reading'],
  sent: BlueReport['picture'],
  at: number,
  now: number,
): AlertRaised {
  const read = sent === null ? null : readPicture(Buffer.from(sent.base64, 'base64'))
  const picture: Picture | null = read?.ok === true ? { evidence: read.evidence, bytes: read.bytes } : null
  const blue = blueOf(reading, picture)
  const raisedAt = Math.min(now, at - blue.durationS * 1000)
  const where = camera.location === null ? '' : ` at ${camera.location}`
  const measured = `intensity ${percent(blue.intensity)}, confidence ${percent(blue.confidence)}`
  return {
    type: 'alert-raised',
    source: camera.link,
    sourceId: `${ownDetector}${camera.id}:${raisedAt}`,
    kind: 'blue-light',
    priority: bluePriority(blue),
    device: DeviceId.parse(camera.camera),
    deviceName: camera.name,
    group: null,
    location: camera.location,
    text: `Blue light${where}, seen on ${camera.name}, ${measured}`,
    raisedAt: Math.round(raisedAt),
    receivedAt: now,
    late: false,
    clockSuspect: false,
    blue,
    picture,
    raw: JSON.stringify(reading),
  }
}

/** The area is in pixels of the picture that is kept; without one there is nothing it could be a part of. */
function blueOf(
  { intensity, confidence, durationMs, box }: BlueReport['reading'],
  picture: Picture | null,
): BlueLight & { readonly confidence: number; readonly durationS: number } {
  const within = (value: number) => Math.min(1, Math.max(0, value))
  const measured = {
    intensity: within(intensity),
    confidence: within(confidence),
    durationS: Math.max(0, durationMs) / 1000,
  }
  if (box === null || picture === null) return measured
  const { widthPx, heightPx } = picture.evidence
  const area = {
    x: Math.round(box.x * widthPx),
    y: Math.round(box.y * heightPx),
    width: Math.round(box.width * widthPx),
    height: Math.round(box.height * heightPx),
  }
  return { ...measured, area }
}

function alertWords({ sourceId, blue, picture }: AlertRaised): AnnounceOwn['says'] {
  const base64 = picture === null ? null : Buffer.from(picture.bytes).toString('base64')
  return { is: 'alert', messageId: sourceId, blue: blue ?? { intensity: 0 }, picture: base64 }
}
