/** Links that carry the same vehicle name speak of the same vehicle. */
import { z } from 'zod'

export const VehicleName = z.string().trim().min(1).max(60).brand<'VehicleName'>()
export type VehicleName = z.output<typeof VehicleName>
