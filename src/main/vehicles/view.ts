/** What drivers of vehicles are given, and the vehicles of this installation as a driver that serves others sees them: over live and the desk. */
import type { LinkId } from '../../contract/links.ts'
import type { VehicleNews, VehicleSide, VehicleView } from '../link.ts'
import type { Live } from '../live/live.ts'
import type { LiveChange } from '../live/live-table.ts'
import type { VehicleDesk } from './desk.ts'

type Told = 'vehicle' | 'module' | 'lidar'

function createVehicleView(live: Live, desk: VehicleDesk): VehicleView {
  function subscribe(listener: (news: VehicleNews) => void): () => void {
    const tell =
      <R>(of: Told) =>
      (changes: readonly LiveChange<R>[]) => {
        for (const change of changes)
          listener(
            'gone' in change
              ? { is: 'gone', of, id: change.gone }
              : ({ is: of, row: change.row } as VehicleNews),
          )
      }
    const undo = [
      live.vehicles.subscribe(tell('vehicle')),
      live.modules.subscribe(tell('module')),
      live.lidars.subscribe(tell('lidar')),
      live.scans.subscribe((scan) => listener({ is: 'scan', scan })),
      desk.stops.subscribe((changes) => {
        for (const change of changes) if ('row' in change) listener({ is: 'stop', row: change.row })
      }),
    ]
    return () => {
      for (const stop of undo) stop()
    }
  }

  return {
    vehicles: () => live.vehicles.snapshot(),
    modules: () => live.modules.snapshot(),
    lidars: () => live.lidars.snapshot(),
    stops: () => desk.stops.snapshot(),
    maps: () => desk.maps,
    alerts: () => desk.alerts(),
    command: (link, command, by, deadlineAt) => desk.command(link, command, by, deadlineAt),
    requestStop: (vehicle, by) => desk.requestStop(vehicle, by),
    subscribe,
  }
}

export function vehicleSide(link: LinkId, live: Live, desk: VehicleDesk): VehicleSide {
  return {
    knownModules: [...live.modules.snapshot()].filter((module) => module.link === link),
    registerMaps: desk.maps,
    monitored: () => live.busFrames.watched(link) || desk.records(link),
    view: createVehicleView(live, desk),
  }
}
