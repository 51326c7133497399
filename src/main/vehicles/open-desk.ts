/** Builds the vehicle desk out of its parts. */
import { randomUUID } from 'node:crypto'
import { DeviceId } from '../../contract/devices.ts'
import { Fault } from '../../contract/fault.ts'
import type { LinkId } from '../../contract/links.ts'
import type { VehicleCommand } from '../../contract/vehicles.ts'
import { LiveTable } from '../live/live-table.ts'
import type { VehicleDesk } from './desk.ts'
import type { DeskParts } from './parts.ts'
import { loadRegisterMaps } from './register-maps.ts'
import { StopRequests } from './stop-requests.ts'

/** A command nobody could still be waiting for is not sent. */
const usualDeadlineMs = 2000

export async function openVehicleDesk(parts: DeskParts): Promise<VehicleDesk> {
  const { dataDir, live, clock, log, dispatch } = parts
  const { maps, troubles } = loadRegisterMaps(dataDir)
  for (const trouble of troubles) log.warn('register-map-left-out', { reason: trouble })
  const stops = new StopRequests(parts)
  const nothingHere = () => {
    throw new Fault('not-found', 'There is nothing of that here', 'Look at the list again.')
  }

  async function command(link: LinkId, wish: VehicleCommand, by: string, deadlineAt?: number) {
    const vehicle = live.vehicles.get(link)?.vehicle
    if (vehicle === undefined)
      throw new Fault('not-found', 'No vehicle is known by that link', 'Choose one from the list.')
    const order = {
      type: 'command-vehicle',
      id: randomUUID(),
      link,
      device: DeviceId.parse(vehicle),
      deadlineAt: deadlineAt ?? clock.now() + usualDeadlineMs,
      command: wish,
      by,
    } as const
    const { roundTripMs, said } = await dispatch.now(order)
    return { roundTripMs, said: said ?? '' }
  }

  return {
    stops: stops.rows,
    rules: new LiveTable(),
    recordings: new LiveTable(),
    maps,
    mapTroubles: troubles,
    command,
    scanning: async () => nothingHere(),
    requestStop: (vehicle, by) => stops.request(vehicle, by),
    releaseStop: (id, by) => stops.release(id, by),
    saveRule: async () => nothingHere(),
    alerts: () => [],
    trend: nothingHere,
    chooseMap: async () => nothingHere(),
    forgetModule: async () => nothingHere(),
    records: () => false,
    saw: () => {},
    record: async () => nothingHere(),
    play: async () => nothingHere(),
    removeRecording: async () => nothingHere(),
    close: () => stops.close(),
  }
}
