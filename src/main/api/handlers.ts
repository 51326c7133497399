/** One handler per name of the contract; a missing one is a compile error here. */
import type { Api } from '../../contract/api.ts'
import type { Handlers } from '../../rpc/handlers.ts'
import { alertHandlers } from './alerts.ts'
import { analysisHandlers } from './analysis.ts'
import { cameraHandlers } from './cameras.ts'
import { deviceHandlers } from './devices.ts'
import { eventHandlers } from './events.ts'
import { faceHandlers } from './faces.ts'
import { linkHandlers } from './links.ts'
import type { ApiParts } from './parts.ts'
import { recordingHandlers } from './recordings.ts'
import { ruleHandlers } from './rules.ts'
import { siteHandlers } from './site.ts'
import { vehicleHandlers } from './vehicles.ts'
import { webcamHandlers } from './webcam.ts'

export function createHandlers(parts: ApiParts): Handlers<Api> {
  return {
    ...siteHandlers(parts),
    ...alertHandlers(parts),
    ...deviceHandlers(parts),
    ...cameraHandlers(parts),
    ...webcamHandlers(parts),
    ...analysisHandlers(parts),
    ...eventHandlers(parts),
    ...recordingHandlers(parts),
    ...ruleHandlers(parts),
    ...faceHandlers(parts),
    ...linkHandlers(parts),
    ...vehicleHandlers(parts),
  }
}
