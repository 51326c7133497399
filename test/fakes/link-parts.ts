/** What a link is given beside the world: a place for its secret, and a site with nothing in it. */
import { Fault } from '../../src/contract/fault.ts'
import { siteStatistics } from '../../src/contract/statistics.ts'
import type { SecretSlot, SiteView } from '../../src/main/link.ts'

export function slotWith(kept: string | null = null): SecretSlot {
  let text = kept
  return {
    read: async () => text,
    async write(next) {
      text = next
    },
  }
}

export const emptySite: SiteView = {
  statistics: () => ({
    id: siteStatistics,
    totalPeople: 0,
    recognitionsToday: 0,
    unknownFacesToday: 0,
    lastRecognitionAt: null,
    totalCameras: 0,
    activeCameras: 0,
    recordingCameras: 0,
    at: 0,
    receivedAt: 0,
    budgetMs: 15_000,
    via: 'here',
  }),
  cameras: () => [],
  facesNow: () => [],
  people: () => [],
  frames() {
    throw new Fault('not-found', 'There is no camera here.')
  },
  async snapshot() {
    throw new Fault('not-found', 'There is no camera here.')
  },
  subscribe: () => () => {},
}
