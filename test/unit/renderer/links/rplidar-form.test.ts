/** The form of a LiDAR: what it builds fits the contract and comes back, and what is refused as typed. */
import { expect, test } from 'vitest'
import { LinkProfile } from '../../../../src/contract/links.ts'
import {
  complaints,
  draftOf,
  emptyDraft,
  profileOf,
} from '../../../../src/renderer/features/links/profile-form.ts'

const empty = emptyDraft('rplidar', 'lidar-2')
const good = { ...empty.texts, name: 'Front', vehicle: 'OHT-1', port: 'usb:10c4:ea60:0001' }
const draft = (texts: Readonly<Record<string, string>>) => ({ ...empty, texts: { ...good, ...texts } })

test.each([
  {},
  { port: '/dev/serial/by-id/usb-Silicon_Labs_CP2102-if00-port0' },
  { port: 'COM3', model: 'a1', mode: 'express', mountDeg: '-90.5' },
  { emergencyMm: '300', warningMm: '301', cautionMm: '9999' },
])('%o fits the contract, and comes back into the form as it was', (texts) => {
  const profile = profileOf(draft(texts), [])
  expect(LinkProfile.parse(profile)).toEqual(profile)
  if (profile !== null) expect(profileOf(draftOf(profile), [])).toEqual(profile)
})

test.each([
  [{ vehicle: '' }, { vehicle: 'vehicle-odd' }],
  [{ vehicle: 'x'.repeat(61) }, { vehicle: 'vehicle-odd' }],
  [{ port: '' }, { port: 'serial-odd' }],
  [{ port: 'ttyUSB0' }, { port: 'serial-odd' }],
  [{ port: 'usb:10c4' }, { port: 'serial-odd' }],
  [{ mountDeg: '' }, { mountDeg: 'mount-range' }],
  [{ mountDeg: '361' }, { mountDeg: 'mount-range' }],
  [{ emergencyMm: '0' }, { emergencyMm: 'zone-range' }],
  [{ warningMm: '1.5' }, { warningMm: 'zone-range' }],
  [{ warningMm: '500' }, { warningMm: 'zone-order' }],
  [{ cautionMm: '900' }, { cautionMm: 'zone-order' }],
])('%o is complained about', (texts, wrong) => {
  expect(complaints(draft(texts), [])).toEqual(wrong)
  expect(profileOf(draft(texts), [])).toBeNull()
})
