/** A stand for STOP REQUEST: opened and closed around each test, with links that answer as the test says. */
import type { LinkId } from '../../../src/contract/links.ts'
import type { VehicleName } from '../../../src/contract/vehicle-name.ts'
import type { Reading, StopRequest, VehicleReadings, VehicleState } from '../../../src/contract/vehicles.ts'
import type { Delivery, Order } from '../../../src/main/order.ts'
import { StopRequests } from '../../../src/main/vehicles/stop-requests.ts'
import {
  bus,
  busProfile,
  clientProfile,
  delivered,
  fakeLink,
  oht,
  openStand,
  reading,
  removeFolder,
  report,
  type Stand,
  settle,
  vehicleLinkRow,
} from './stand.ts'

export let stand: Stand
export let stops: StopRequests
export let sent: { link: LinkId; at: number; order: Order }[]

export async function openStops(): Promise<void> {
  stand = await openStand()
  stops = new StopRequests(stand.parts)
  sent = []
}

export async function closeStops(): Promise<void> {
  await stops.close()
  await stand.close()
  removeFolder(stand.dir)
}

export function up(link: LinkId, answer: () => Promise<Delivery> = async () => delivered): void {
  stand.live.links.set(vehicleLinkRow(link === bus ? busProfile() : clientProfile()))
  stand.running.set(
    link,
    fakeLink((order) => {
      sent.push({ link, at: stand.clock.now(), order })
      return answer()
    }),
  )
}

export function tell(link: LinkId, readings: Partial<VehicleReadings> = {}, more = {}): void {
  stand.ingest.tell({ type: 'vehicle-reported', vehicle: report(link, readings, more) })
}

export function is(value: VehicleState): { state: Reading<VehicleState> } {
  return { state: reading(value, stand.clock.now()) }
}

export function rowOf(id: string | undefined): StopRequest {
  const row = stops.rows.get(id ?? '')
  if (row === undefined) throw new Error(`no request ${id}`)
  return row
}

export async function ask(vehicle: VehicleName | null = oht): Promise<string> {
  const [id = ''] = stops.request(vehicle, 'Linh')
  await settle()
  return id
}
