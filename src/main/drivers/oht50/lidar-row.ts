/** The LiDAR as the vehicle tells of it: a row, and each revolution. */
import type { Lidar } from '../../../contract/lidar.ts'
import { usualZones } from '../../../contract/zone-distances.ts'
import type { LinkContext } from '../../link.ts'
import type { VehicleProfile } from './profile.ts'
import type { SaidScan } from './said.ts'
import { nearestOf, packed, zoneOf } from './scan.ts'

export class LidarRow {
  readonly #context: Pick<LinkContext<VehicleProfile>, 'profile' | 'clock' | 'tell'>
  readonly #budgetMs: number
  #row: Lidar | null = null

  constructor(context: Pick<LinkContext<VehicleProfile>, 'profile' | 'clock' | 'tell'>, budgetMs: number) {
    this.#context = context
    this.#budgetMs = budgetMs
  }

  take({ points, rotationHz }: SaidScan): void {
    const { profile, clock, tell } = this.#context
    const now = clock.now()
    const bytes = packed(points)
    const nearest = nearestOf(points)
    const zones = usualZones
    const zone = zoneOf(nearest, zones)
    const revolution = (this.#row?.counters.revolutions ?? 0) + 1
    const row: Lidar = {
      id: profile.id,
      link: profile.id,
      vehicle: profile.vehicle,
      name: `${profile.name} LiDAR`.slice(0, 80),
      source: 'vehicle',
      model: null,
      firmware: null,
      serialNumber: null,
      health: 'unknown',
      healthCode: null,
      isScanning: true,
      mode: null,
      // How often it is told says nothing of how fast it turns: only its own word for that is passed on.
      rotationHz,
      pointsPerS: null,
      nearest,
      zone,
      zones,
      scanAt: now,
      budgetMs: this.#budgetMs,
      counters: { revolutions: revolution, resyncs: 0, broken: 0, checksumErrors: 0 },
      trouble: '',
    }
    this.#row = row
    tell({ type: 'lidar-reported', lidar: row })
    const header = { revolution, at: now, points: points.length, rotationHz, nearest, zone, zones }
    tell({ type: 'scan-arrived', link: profile.id, header, bytes })
  }

  /** The vehicle cannot be heard. The last revolution keeps its age. */
  lost(): void {
    if (this.#row === null || !this.#row.isScanning) return
    this.#row = { ...this.#row, isScanning: false, zone: null, nearest: null, rotationHz: null }
    this.#context.tell({ type: 'lidar-reported', lidar: this.#row })
  }
}
