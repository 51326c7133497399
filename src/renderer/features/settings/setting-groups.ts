/** In which section each option stands. An option the table gains and this list does not know stands under storage, never nowhere. */
import type { SettingKey } from '../../../contract/settings.ts'

export const sections = ['site', 'alerts', 'hub', 'server', 'storage', 'access', 'health', 'about'] as const
export type Section = (typeof sections)[number]

export const sectionOf: Record<SettingKey, Section> = {
  siteName: 'site',
  language: 'site',
  timeZone: 'site',
  sound: 'alerts',
  notePriority: 'alerts',
  blueSensitivity: 'alerts',
  hubHost: 'hub',
  hubPort: 'hub',
  heartbeatMs: 'hub',
  alertsPerMinute: 'hub',
  host: 'server',
  port: 'server',
  demo: 'server',
  dataDir: 'storage',
  retentionDays: 'storage',
  eventDays: 'storage',
  trendDays: 'storage',
  faceModels: 'storage',
  recordGb: 'storage',
  recordDays: 'storage',
  logLevel: 'storage',
}

/** Rows of one section in the order above. */
export function rowsOf<R extends { readonly id: SettingKey }>(rows: readonly R[], section: Section): R[] {
  const order = Object.keys(sectionOf)
  return rows
    .filter((row) => (sectionOf[row.id] ?? 'storage') === section)
    .toSorted((one, other) => order.indexOf(one.id) - order.indexOf(other.id))
}
