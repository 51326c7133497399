/** What is true now, in memory, in one place: rebuilt from the store and the links at every start. */
import type { Alert, AlertCounts } from '../../contract/alerts.ts'
import type { AnalysisNow } from '../../contract/analysis.ts'
import type { Camera, CameraId, Wall } from '../../contract/cameras.ts'
import type { Device } from '../../contract/devices.ts'
import type { FacesNow, Person } from '../../contract/faces.ts'
import type { Lidar } from '../../contract/lidar.ts'
import type { Link, WireMessage } from '../../contract/links.ts'
import type { BusFrame, VehicleModule } from '../../contract/modules.ts'
import type { OutboxRow } from '../../contract/orders.ts'
import type { CameraPlan } from '../../contract/plans.ts'
import type { Rule } from '../../contract/rules.ts'
import type { SettingRow } from '../../contract/settings.ts'
import type { Health } from '../../contract/site.ts'
import type { Statistics } from '../../contract/statistics.ts'
import type { VehicleReport } from '../../contract/vehicles.ts'
import type { Clock } from '../io/clock.ts'
import type { CameraSource } from '../link.ts'
import { Crossing } from './crossing.ts'
import { Frames } from './frames.ts'
import { LiveTable } from './live-table.ts'
import { NewestEvents } from './newest-events.ts'
import { OpenAlerts } from './open-alerts.ts'
import { Scans } from './scans.ts'

export interface Live {
  readonly alerts: OpenAlerts
  readonly counts: LiveTable<AlertCounts>
  readonly devices: LiveTable<Device>
  readonly links: LiveTable<Link>
  readonly orders: LiveTable<OutboxRow>
  readonly settings: LiveTable<SettingRow>
  readonly health: LiveTable<Health>
  readonly messages: Crossing<WireMessage>
  readonly cameras: LiveTable<Camera>
  readonly frames: Frames
  readonly walls: LiveTable<Wall>
  readonly plans: LiveTable<CameraPlan>
  readonly analysis: LiveTable<AnalysisNow>
  readonly events: NewestEvents
  readonly rules: LiveTable<Rule>
  readonly statistics: LiveTable<Statistics>
  readonly facesNow: LiveTable<FacesNow>
  readonly people: LiveTable<Person>
  readonly vehicles: LiveTable<VehicleReport>
  readonly modules: LiveTable<VehicleModule>
  readonly lidars: LiveTable<Lidar>
  readonly scans: Scans
  readonly busFrames: Crossing<BusFrame>
}

interface Parts {
  readonly clock: Clock
  /** The most urgent open alerts in the store, `openAlertsCap` at most. */
  refillAlerts(): Promise<readonly Alert[]>
  /** The cameras of the running link this one belongs to. */
  sourceOf(camera: CameraId): CameraSource | undefined
}

export function createLive({ clock, refillAlerts, sourceOf }: Parts): Live {
  return {
    alerts: new OpenAlerts(refillAlerts),
    counts: new LiveTable(),
    devices: new LiveTable(),
    links: new LiveTable(),
    orders: new LiveTable(),
    settings: new LiveTable(),
    health: new LiveTable(),
    messages: new Crossing(),
    cameras: new LiveTable(),
    frames: new Frames(clock, sourceOf),
    walls: new LiveTable(),
    plans: new LiveTable(),
    analysis: new LiveTable(),
    events: new NewestEvents(),
    rules: new LiveTable(),
    statistics: new LiveTable(),
    facesNow: new LiveTable(),
    people: new LiveTable(),
    vehicles: new LiveTable(),
    modules: new LiveTable(),
    lidars: new LiveTable(),
    scans: new Scans(),
    busFrames: new Crossing(),
  }
}
