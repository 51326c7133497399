/** Every option of the product in one table: schema, default, where it may be set, what it means. */
import { z } from 'zod'

export interface Setting<S extends z.ZodType = z.ZodType> {
  readonly schema: S
  readonly fallback: z.output<S>
  /** Command line flag, also the end of the environment variable: `hub-port` is WATCHFLOOR_HUB_PORT. */
  readonly flag: string
  readonly text: string
  /** Takes effect at the next start. */
  readonly restart: boolean
  /** Only by flag or environment, before the store is open. */
  readonly early?: true
}

function setting<S extends z.ZodType>(
  flag: string,
  schema: S,
  fallback: z.output<S>,
  text: string,
  more: { restart?: boolean; early?: true } = {},
): Setting<S> {
  return {
    schema,
    fallback,
    flag,
    text,
    restart: more.restart ?? false,
    ...(more.early ? { early: true } : {}),
  }
}

const port = z.number().int().min(0).max(65535)

export const settingsTable = {
  dataDir: setting(
    'data-dir',
    z.string(),
    '',
    'Folder for the database, pictures and tokens. Empty: the usual place for this system.',
    { restart: true, early: true },
  ),
  demo: setting(
    'demo',
    z.boolean(),
    false,
    'Start the demo site with the app: simulated cameras and a simulated OpenEye server.',
    { restart: true, early: true },
  ),
  host: setting(
    'host',
    z.string().min(1),
    '127.0.0.1',
    'Address the screen is served on. Anything but 127.0.0.1 is reachable by others.',
    { restart: true },
  ),
  port: setting(
    'port',
    port,
    8080,
    'Port of the screen and the HTTP interface (Node shell). 0 lets the system choose.',
    { restart: true },
  ),
  hubHost: setting(
    'hub-host',
    z.string().min(1),
    '127.0.0.1',
    'Address blue-light devices connect to. 0.0.0.0 lets the local network in.',
    { restart: true },
  ),
  hubPort: setting('hub-port', port, 8765, 'Port blue-light devices connect to. 0 lets the system choose.', {
    restart: true,
  }),
  heartbeatMs: setting(
    'heartbeat-ms',
    z.number().int().min(1000).max(600_000),
    30_000,
    'How often a blue-light device is expected to report. Silent for twice as long is an alarm.',
    { restart: true },
  ),
  alertsPerMinute: setting(
    'alerts-per-minute',
    z.number().int().min(1).max(1_000_000),
    60,
    'Alert budget per device. Above it (after a burst of 200) its socket is read more slowly; nothing is dropped.',
    { restart: true },
  ),
  blueSensitivity: setting(
    'blue-sensitivity',
    z.number().min(0).max(1),
    0.7,
    'A device reporting less blue light than this has returned to normal.',
  ),
  timeZone: setting('time-zone', z.string(), '', 'IANA time zone of the site. Empty: this machine’s.'),
  siteName: setting('site-name', z.string().max(80), 'Watchfloor', 'Name of the site, shown in the title.'),
  language: setting('language', z.enum(['auto', 'en', 'vi']), 'auto', 'Language of the screens.'),
  retentionDays: setting(
    'retention-days',
    z.number().int().min(1).max(36_500),
    400,
    'How long ended alerts are kept. Open, unacknowledged and unsent ones stay.',
  ),
  eventDays: setting(
    'event-days',
    z.number().int().min(1).max(36_500),
    30,
    'How long detections and the faces seen in them are kept.',
  ),
  trendDays: setting(
    'trend-days',
    z.number().int().min(1).max(365),
    7,
    'How long the trends of module registers are kept; less where there are very many registers.',
  ),
  recordGb: setting(
    'record-gb',
    z.number().min(0.1).max(1_000_000),
    20,
    'GB on disk for the cameras that are recorded. Over it the oldest goes that no alert keeps, never an alert’s.',
  ),
  recordDays: setting(
    'record-days',
    z.number().int().min(1).max(36_500),
    30,
    'How long the recording around an alert is kept once the alert is over. Of open alerts it stays.',
  ),
  faceModels: setting(
    'face-models',
    z.string().max(1024),
    '',
    'Folder with faceres.json and faceres.bin, the model that tells faces apart. Empty: where npm put it, in a checkout.',
    { restart: true },
  ),
  notePriority: setting(
    'note-priority',
    z.enum(['none', 'critical', 'high']),
    'none',
    'Acknowledging alerts of this priority and above needs a note.',
  ),
  sound: setting('sound', z.boolean(), true, 'Sound alerts on this site’s screens.'),
  logLevel: setting(
    'log-level',
    z.enum(['error', 'warn', 'info', 'debug']),
    'info',
    'How much is written to the log.',
  ),
} as const

export type SettingKey = keyof typeof settingsTable
export type Settings = { readonly [K in SettingKey]: z.output<(typeof settingsTable)[K]['schema']> }

export const SettingKey = z.enum(Object.keys(settingsTable) as [SettingKey, ...SettingKey[]])

/** One option as the Settings screen shows it. `value` and `fallback` are JSON. */
export const SettingRow = z.object({
  id: SettingKey,
  value: z.json(),
  fallback: z.json(),
  from: z.enum(['default', 'stored', 'environment', 'flag']),
  flag: z.string(),
  variable: z.string(),
  text: z.string(),
  restart: z.boolean(),
  /** False when a flag or the environment fixes it. */
  editable: z.boolean(),
  /** The shape for a form: `boolean`, `number`, `text`, or the allowed words. */
  shape: z.union([z.enum(['boolean', 'number', 'text']), z.array(z.string())]),
})
export type SettingRow = z.output<typeof SettingRow>

export function variableOf(flag: string): string {
  return `WATCHFLOOR_${flag.toUpperCase().replaceAll('-', '_')}`
}
