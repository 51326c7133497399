/** What is true now, in memory, in one place: rebuilt from the store and the links at every start. */
import type { Alert, AlertCounts } from '../../contract/alerts.ts'
import type { Device } from '../../contract/devices.ts'
import type { Link } from '../../contract/links.ts'
import type { OutboxRow } from '../../contract/orders.ts'
import type { SettingRow } from '../../contract/settings.ts'
import type { Health } from '../../contract/site.ts'
import { LiveTable } from './live-table.ts'
import { MessageViewers } from './messages.ts'
import { OpenAlerts } from './open-alerts.ts'

export interface Live {
  readonly alerts: OpenAlerts
  readonly counts: LiveTable<AlertCounts>
  readonly devices: LiveTable<Device>
  readonly links: LiveTable<Link>
  readonly orders: LiveTable<OutboxRow>
  readonly settings: LiveTable<SettingRow>
  readonly health: LiveTable<Health>
  readonly messages: MessageViewers
}

export function createLive(refillAlerts: () => Promise<readonly Alert[]>): Live {
  return {
    alerts: new OpenAlerts(refillAlerts),
    counts: new LiveTable(),
    devices: new LiveTable(),
    links: new LiveTable(),
    orders: new LiveTable(),
    settings: new LiveTable(),
    health: new LiveTable(),
    messages: new MessageViewers(),
  }
}
