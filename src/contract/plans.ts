/** What Watchfloor does with a camera's pictures beside showing them. A camera without a plan is only shown. */
import { z } from 'zod'
import { CameraId } from './cameras.ts'
import { LinkId } from './links.ts'
import { plainPlan } from './plain-plan.ts'

export const CameraPlan = z.strictObject({
  id: CameraId,
  /** Keep the last 30 s on disk, so that an alert has what came before it. */
  record: z.boolean(),
  /** Who looks for faces: nobody, the engine in this installation, or the server of `faceLink`. */
  faces: z.enum(['off', 'device', 'server']),
  faceLink: LinkId.nullable(),
  /** The engine in this installation steps in while the server is silent or away; its results say so. */
  fallback: z.boolean(),
  /** How a picture becomes the square a face server wants. */
  fit: z.enum(['letterbox', 'crop']),
  /** Pictures a second for faces, at most. */
  facesPerSecond: z.number().int().min(1).max(30),
  /** Look for blue light, five times a second. */
  blueLight: z.boolean(),
})
export type CameraPlan = z.output<typeof CameraPlan>

export function planFor(id: CameraId): CameraPlan {
  return { id, ...plainPlan }
}
