/** What is asked of the server again and again, and what becomes of the answers. */
import { Fault } from '../../../../contract/fault.ts'
import type { LinkContext } from '../../../link.ts'
import { isFields } from '../fields.ts'
import { readFigures } from '../messages.ts'
import type { CameraList } from './camera-list.ts'
import type { ClockOffset } from './clock-offset.ts'
import type { Faces } from './faces.ts'
import type { Job } from './poller.ts'
import type { ClientProfile } from './profile.ts'
import { readCameras, readDetections, readPeople, readStatus } from './replies.ts'
import type { Session } from './session.ts'
import type { NewestStatistics } from './statistics-fact.ts'
import type { Streams } from './streams.ts'

const camerasEveryMs = 15_000
const peopleEveryMs = 60_000
const statusEveryMs = 5000

interface Parts {
  readonly context: Pick<LinkContext<ClientProfile>, 'profile' | 'clock' | 'tell' | 'log'>
  readonly session: Session
  readonly cameras: CameraList
  readonly streams: Streams
  readonly faces: Faces
  readonly statistics: NewestStatistics
  readonly offset: ClockOffset
  /** Whether figures have to be asked for, because the socket does not bring them. */
  readonly needsFigures: () => boolean
  readonly mayAsk: () => boolean
  readonly answered: () => void
  readonly failed: (fault: Fault) => void
  /** An answer made no sense. */
  readonly bad: () => void
}

export function jobsOf(parts: Parts): readonly Job[] {
  const { context, session, cameras, streams, faces, offset } = parts
  const { profile, clock } = context
  const zones = { zone: profile.zone, recognitionZone: profile.recognitionZone }

  /** The value of an answer of 200, else null. */
  async function ask(path: string): Promise<{ readonly value: unknown } | null> {
    const { status, value } = await session.ask({ path, by: 'poll' })
    parts.answered()
    return status === 200 ? { value } : null
  }

  function job(name: string, everyMs: number, run: () => Promise<void>, wanted = () => true): Job {
    return {
      name,
      everyMs,
      wanted: () => parts.mayAsk() && wanted(),
      run: () =>
        run().catch((error: unknown) => {
          if (error instanceof Fault) parts.failed(error)
          else context.log.error('poll-failed', { link: profile.id, name, error: String(error) })
        }),
    }
  }

  async function read<T>(path: string, reader: (value: unknown) => T | null): Promise<T | null> {
    const answer = await ask(path)
    if (answer === null) return null
    const told = reader(answer.value)
    if (told === null) parts.bad()
    return told
  }

  return [
    job('faces', profile.pollMs, async () => {
      const detections = await read('/api/faces/detections', (value) => readDetections(value, zones))
      if (detections !== null) faces.take(detections)
    }),
    job(
      'statistics',
      profile.pollMs,
      async () => {
        const data = await read('/api/faces/statistics', (value) => (isFields(value) ? value : null))
        // The socket came back while the answer was on its way: its figures are the better ones.
        if (data === null || !parts.needsFigures()) return
        const now = clock.now()
        const told = readFigures(data, zones)
        const listed = cameras.figures(now)
        const figures = {
          ...told,
          totalCameras: told.totalCameras ?? listed?.total ?? null,
          activeCameras: told.activeCameras ?? listed?.active ?? null,
        }
        const row = parts.statistics.take(profile.id, figures, now + offset.ms, now, 'polling')
        if (row !== null) context.tell({ type: 'statistics-reported', statistics: row })
      },
      parts.needsFigures,
    ),
    job('cameras', camerasEveryMs, async () => {
      const rows = await read('/api/cameras/', readCameras)
      if (rows === null) return
      cameras.listed(rows)
      if (profile.keepStreams) streams.keep(cameras.active())
    }),
    job('people', peopleEveryMs, async () => {
      const people = await read('/api/faces/people', readPeople)
      if (people === null) return
      const heardAt = clock.now()
      const link = profile.id
      const rows = people.map(({ name, photoCount }) => ({
        id: `${link}/${name}`,
        link,
        name,
        photoCount,
        heardAt,
      }))
      context.tell({ type: 'people-reported', link, people: rows })
    }),
    job(
      'status',
      statusEveryMs,
      async () => {
        const camera = cameras.next((own) => streams.isOpen(own))
        if (camera === null) return
        const path = `/api/cameras/${encodeURIComponent(camera)}/status`
        const status = await read(path, (value) => readStatus(value, zones))
        if (status !== null) cameras.status(camera, status)
      },
      () => !cameras.isEmpty,
    ),
  ]
}
