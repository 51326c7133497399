/** Face and camera figures of one server, or of this installation itself. */
import { z } from 'zod'

/** The row of this installation; every other row's id is its link's. */
export const siteStatistics = 'site'

export const Statistics = z.object({
  id: z.string(),
  /** Each figure is null where the source never gave it. "Today" is the source's day; for `site` the site's own. */
  totalPeople: z.number().int().nullable(),
  recognitionsToday: z.number().int().nullable(),
  unknownFacesToday: z.number().int().nullable(),
  lastRecognitionAt: z.number().int().nullable(),
  totalCameras: z.number().int().nullable(),
  activeCameras: z.number().int().nullable(),
  recordingCameras: z.number().int().nullable(),
  /** The source's time and ours. */
  at: z.number().int(),
  receivedAt: z.number().int(),
  /** Older than this many ms, the figures are stale. */
  budgetMs: z.number().int(),
  via: z.enum(['socket', 'polling', 'here']),
})
export type Statistics = z.output<typeof Statistics>
