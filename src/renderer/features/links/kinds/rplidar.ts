/** The form of an RPLIDAR plugged in here. */
import {
  type Choice,
  type Complaint,
  chosen,
  gathered,
  type Kind,
  type ProfileOf,
  type Texts,
  textOf,
  typed,
} from './kind.ts'
import { serialPortComplaint, serialPortField } from './serial-port.ts'
import { vehicleComplaint, vehicleField, vehicleOf } from './vehicle-name.ts'

type Profile = ProfileOf<'rplidar'>

const models = ['c1', 'a1'] as const
const modelChoices: readonly Choice[] = models.map((value) => ({ value, label: `lidarModel-${value}` }))
const modes = ['standard', 'express'] as const
const modeChoices: readonly Choice[] = modes.map((value) => ({ value, label: `scanMode-${value}` }))
const zoneNames = ['emergencyMm', 'warningMm', 'cautionMm'] as const
type ZoneName = (typeof zoneNames)[number]

function mountComplaint(texts: Texts): Complaint | null {
  const text = textOf(texts, 'mountDeg')
  return text !== '' && Math.abs(Number(text)) <= 360 ? null : 'mount-range'
}

function distanceOf(texts: Texts, name: ZoneName): number | null {
  const text = textOf(texts, name)
  const mm = /^\d{1,6}$/.test(text) ? Number(text) : 0
  return mm >= 1 && mm <= 100_000 ? mm : null
}

function zoneComplaint(texts: Texts, name: ZoneName): Complaint | null {
  const mm = distanceOf(texts, name)
  if (mm === null) return 'zone-range'
  const nearer = zoneNames[zoneNames.indexOf(name) - 1]
  const least = nearer === undefined ? null : distanceOf(texts, nearer)
  return least !== null && mm <= least ? 'zone-order' : null
}

function zonesOf(value: unknown): Partial<Record<ZoneName, unknown>> {
  return typeof value === 'object' && value !== null ? value : {}
}

export const rplidar: Kind<Profile> = {
  driver: 'rplidar',
  stem: 'lidar',
  fields: [
    vehicleField,
    serialPortField,
    { name: 'model', label: 'lidarModel', hint: null, input: modelChoices },
    { name: 'mode', label: 'scanMode', hint: 'scanModeHint', input: modeChoices },
    { name: 'mountDeg', label: 'mountDeg', hint: 'mountDegHint', input: 'number' },
    ...zoneNames.map((name) => ({ name, label: name, hint: null, input: 'whole' as const })),
  ],
  empty: {
    vehicle: '',
    port: '',
    model: 'c1',
    mode: 'standard',
    mountDeg: '0',
    emergencyMm: '500',
    warningMm: '1000',
    cautionMm: '2000',
  },
  read: ({ vehicle, port, model, mode, mountDeg, zones }) => ({
    vehicle: typed(vehicle),
    port: typed(port),
    model: chosen(model, models, 'c1'),
    mode: chosen(mode, modes, 'standard'),
    mountDeg: typed(mountDeg),
    emergencyMm: typed(zonesOf(zones).emergencyMm),
    warningMm: typed(zonesOf(zones).warningMm),
    cautionMm: typed(zonesOf(zones).cautionMm),
  }),
  complaints: (texts) =>
    gathered([
      ['vehicle', vehicleComplaint(texts)],
      ['port', serialPortComplaint(texts)],
      ['mountDeg', mountComplaint(texts)],
      ...zoneNames.map((name) => [name, zoneComplaint(texts, name)] as const),
    ]),
  build: (base, texts) => ({
    ...base,
    driver: 'rplidar',
    vehicle: vehicleOf(texts),
    port: textOf(texts, 'port'),
    model: chosen(texts.model, models, 'c1'),
    mode: chosen(texts.mode, modes, 'standard'),
    mountDeg: Number(textOf(texts, 'mountDeg')),
    zones: {
      emergencyMm: distanceOf(texts, 'emergencyMm') ?? 500,
      warningMm: distanceOf(texts, 'warningMm') ?? 1000,
      cautionMm: distanceOf(texts, 'cautionMm') ?? 2000,
    },
  }),
}
