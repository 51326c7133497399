/** The distances of the zones around a vehicle, mm: 500 emergency, 1000 warning, 2000 caution on the OHT-50. */
import { z } from 'zod'

export const ZoneDistances = z
  .strictObject({
    emergencyMm: z.number().int().min(1),
    warningMm: z.number().int().min(1),
    cautionMm: z.number().int().min(1),
  })
  .refine(
    ({ emergencyMm, warningMm, cautionMm }) => emergencyMm < warningMm && warningMm < cautionMm,
    'emergency must be nearer than warning, and warning nearer than caution',
  )
export type ZoneDistances = z.output<typeof ZoneDistances>

export const usualZones: ZoneDistances = { emergencyMm: 500, warningMm: 1000, cautionMm: 2000 }
