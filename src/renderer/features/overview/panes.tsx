/** The panes of the overview, by id. A new one is one more line in each list. */
import type { FunctionComponent } from 'react'
import { isAside, useAlerts } from '../../data/alerts.ts'
import { useFocusedAlert } from '../../data/route.ts'
import { AlertDetail } from '../alerts/alert-detail.tsx'
import { CamerasPane } from '../cameras/cameras-pane.tsx'
import { VehiclesPane } from '../vehicles/vehicles-pane.tsx'
import { ActivityPane } from './activity-pane.tsx'
import { DevicesPane } from './devices-pane.tsx'
import { HealthPane } from './health-pane.tsx'
import { OrdersPane } from './orders-pane.tsx'
import styles from './overview.module.css'
import { StatisticsPane } from './statistics-pane.tsx'

export const paneIds = [
  'incident',
  'devices',
  'cameras',
  'vehicles',
  'activity',
  'orders',
  'health',
  'statistics',
] as const
export type PaneId = (typeof paneIds)[number]

export const paneTitles = {
  incident: 'paneIncident',
  devices: 'paneDevices',
  cameras: 'paneCameras',
  vehicles: 'paneVehicles',
  activity: 'paneActivity',
  orders: 'paneOrders',
  health: 'paneHealth',
  statistics: 'paneStatistics',
} as const satisfies Record<PaneId, string>

/** The alert in focus; before any was chosen the most urgent one, which is then seen but not yet acted on by keys. */
function IncidentPane() {
  const focused = useFocusedAlert()
  const first = useAlerts()?.find((alert) => !isAside(alert))
  return (
    <div className={styles.incident}>
      <AlertDetail id={focused ?? first?.id ?? null} isFocused={focused !== null} />
    </div>
  )
}

export const paneComponents: Record<PaneId, FunctionComponent> = {
  incident: IncidentPane,
  devices: DevicesPane,
  cameras: CamerasPane,
  vehicles: VehiclesPane,
  activity: ActivityPane,
  orders: OrdersPane,
  health: HealthPane,
  statistics: StatisticsPane,
}
