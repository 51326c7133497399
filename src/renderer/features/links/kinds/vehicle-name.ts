/** Which vehicle a link speaks of: links that carry the same name speak of the same one. */
import type { VehicleName } from '../../../../contract/vehicle-name.ts'
import { type Complaint, type Field, type Texts, textOf } from './kind.ts'

export const vehicleField: Field = { name: 'vehicle', label: 'vehicle', hint: 'vehicleHint', input: 'text' }

export function vehicleComplaint(texts: Texts): Complaint | null {
  const { length } = textOf(texts, 'vehicle')
  return length >= 1 && length <= 60 ? null : 'vehicle-odd'
}

/** Only asked for when nothing is complained about. */
export function vehicleOf(texts: Texts): VehicleName {
  return textOf(texts, 'vehicle') as VehicleName
}
