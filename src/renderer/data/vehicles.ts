/** Vehicles as a screen thinks of them: everything that carries the same vehicle name, put together but never merged. */
import { useMemo } from 'react'
import type { Lidar } from '../../contract/lidar.ts'
import type { VehicleModule } from '../../contract/modules.ts'
import type { VehicleName } from '../../contract/vehicle-name.ts'
import type { StopRequest, VehicleReport } from '../../contract/vehicles.ts'
import { useTable } from './sources.ts'

export interface Vehicle {
  readonly name: VehicleName
  /** What each link says: the vehicle's own word first, then our bus, then its backend. */
  readonly reports: readonly VehicleReport[]
  readonly modules: readonly VehicleModule[]
  readonly lidars: readonly Lidar[]
}

const sources = ['vehicle', 'bus', 'backend'] as const

/** `undefined` until all of it has arrived. */
export function useVehicles(): readonly Vehicle[] | undefined {
  const reports = useTable('vehicles')
  const modules = useTable('modules')
  const lidars = useTable('lidars')
  return useMemo(() => {
    if (reports === undefined || modules === undefined || lidars === undefined) return undefined
    const names = [...reports, ...modules, ...lidars].map(({ vehicle }) => vehicle)
    return [...new Set(names)]
      .sort((a, b) => a.localeCompare(b))
      .map((name) => ({
        name,
        reports: reports
          .filter(({ vehicle }) => vehicle === name)
          .sort((a, b) => sources.indexOf(a.source) - sources.indexOf(b.source) || a.id.localeCompare(b.id)),
        modules: modules
          .filter(({ vehicle }) => vehicle === name)
          .sort((a, b) => a.link.localeCompare(b.link) || a.unit - b.unit),
        lidars: lidars.filter(({ vehicle }) => vehicle === name),
      }))
  }, [reports, modules, lidars])
}

/** The newest first. */
export function useStops(): readonly StopRequest[] {
  const rows = useTable('stops')
  return useMemo(() => rows?.toSorted((a, b) => b.requestedAt - a.requestedAt) ?? [], [rows])
}
