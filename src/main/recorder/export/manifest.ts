/** The paper beside an exported film: what it is of, what is missing in it, who took it, and how to tell that it was not changed. */
import type { Alert } from '../../../contract/alerts.ts'
import type { CameraId } from '../../../contract/cameras.ts'
import { localTime, zoneName } from './local-time.ts'
import type { Gap } from './timing.ts'

export interface ManifestFacts {
  readonly site: string
  readonly version: string
  readonly zone: string
  readonly camera: { readonly id: CameraId; readonly name: string; readonly place: string | null }
  readonly alert: Alert | null
  readonly asked: { readonly fromAt: number; readonly toAt: number }
  readonly file: { readonly name: string; readonly bytes: number; readonly sha256: string }
  readonly video: {
    readonly codec: string
    readonly widthPx: number
    readonly heightPx: number
    readonly frames: number
    readonly firstAt: number
    readonly lastAt: number
    readonly setBacks: number
  }
  readonly gaps: readonly Gap[]
  readonly by: string
  readonly at: number
}

export function missingMs(gaps: readonly Gap[]): number {
  return gaps.reduce((sum, { fromAt, toAt }) => sum + toAt - fromAt, 0)
}

/** JSON that a person can read, too. Times with the site's offset; seconds to the millisecond. */
export function manifestText(facts: ManifestFacts): string {
  const { video, file, camera, alert, zone } = facts
  const time = (at: number) => localTime(at, zone)
  const missing = missingMs(facts.gaps)
  const paper = {
    kind: 'Watchfloor video export',
    site: facts.site,
    camera,
    timeZone: zoneName(zone),
    asked: { from: time(facts.asked.fromAt), to: time(facts.asked.toAt) },
    video: {
      file: file.name,
      bytes: file.bytes,
      sha256: file.sha256,
      codec: video.codec,
      widthPx: video.widthPx,
      heightPx: video.heightPx,
      frames: video.frames,
      firstPicture: time(video.firstAt),
      lastPicture: time(video.lastAt),
    },
    missingSeconds: missing / 1000,
    gaps: facts.gaps.map(({ fromAt, toAt }) => ({
      from: time(fromAt),
      to: time(toAt),
      seconds: (toAt - fromAt) / 1000,
    })),
    alert: alert === null ? null : alertOf(alert, time),
    exportedBy: facts.by,
    exportedAt: time(facts.at),
    software: `Watchfloor ${facts.version}`,
    notes: notesOf(facts, missing),
  }
  return `${JSON.stringify(paper, null, 2)}\n`
}

function alertOf(alert: Alert, time: (at: number) => string) {
  const { id, seq, kind, priority, source, device, deviceName, location, text } = alert
  const times = { raisedAt: time(alert.raisedAt), receivedAt: time(alert.receivedAt) }
  return { id, seq, kind, priority, source, device, deviceName, location, text, ...times }
}

function notesOf({ video, asked, camera }: ManifestFacts, missing: number): string[] {
  const early = asked.fromAt - video.firstAt
  return [
    `The pictures are as ${camera.name} sent them: none was encoded again, changed or left out.`,
    'Times are when each picture reached Watchfloor, by the clock of the machine it runs on. The file keeps the pauses between pictures to the millisecond.',
    ...(early > 0
      ? [
          `The video begins ${early / 1000} s before the time asked for: pictures before it are needed to decode those after.`,
        ]
      : []),
    missing === 0
      ? 'Nothing is missing of the time asked for.'
      : `${missing / 1000} s of the time asked for were not recorded; they are listed as gaps. In the video the last picture before a gap stands still for as long as the gap.`,
    ...(video.setBacks > 0
      ? [`The clock was set back ${video.setBacks} times meanwhile. After each the pictures follow at once.`]
      : []),
    'sha256 is of the whole video file. It is also in the timeline of Watchfloor.',
  ]
}
