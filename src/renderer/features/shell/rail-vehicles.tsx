/** Each vehicle in the rail: its modules and LiDARs with the age of what they last said. */
import { useTranslation } from 'react-i18next'
import { useIsCutOff } from '../../data/health.ts'
import { useNow } from '../../data/now.ts'
import { go } from '../../data/route.ts'
import { useTimes } from '../../data/times.ts'
import { useVehicles, type Vehicle } from '../../data/vehicles.ts'
import { Lamp, type LampShape } from '../../ui/lamp.tsx'
import { lastReadAt } from '../vehicles/module-freshness.ts'
import { choosePart, chooseVehicle } from '../vehicles/vehicle-choice.ts'
import styles from './shell.module.css'

export function RailVehicles() {
  return useVehicles()?.map((vehicle) => <RailVehicle key={vehicle.name} vehicle={vehicle} />)
}

interface Row {
  readonly id: string
  readonly name: string
  readonly at: number | null
  readonly lamp: LampShape
  readonly isModule: boolean
}

function RailVehicle({ vehicle }: { readonly vehicle: Vehicle }) {
  const now = useNow()
  const rows: Row[] = [
    ...vehicle.modules.map((module) => ({
      id: module.id,
      name: module.name,
      at: lastReadAt(module),
      lamp:
        module.state === 'online'
          ? ('good' as const)
          : module.state === 'offline'
            ? ('trouble' as const)
            : ('idle' as const),
      isModule: true,
    })),
    ...vehicle.lidars.map((lidar) => ({
      id: lidar.id,
      name: lidar.name,
      at: lidar.scanAt,
      lamp: now - (lidar.scanAt ?? 0) <= lidar.budgetMs + 1000 ? ('good' as const) : ('trouble' as const),
      isModule: false,
    })),
  ]
  return (
    <section>
      <h2>{vehicle.name}</h2>
      <ul>
        {rows.map((row) => (
          <RailRow key={row.id} row={row} vehicle={vehicle.name} now={now} />
        ))}
      </ul>
    </section>
  )
}

function RailRow({
  row,
  vehicle,
  now,
}: {
  readonly row: Row
  readonly vehicle: string
  readonly now: number
}) {
  const { t } = useTranslation('common')
  const times = useTimes()
  const cutOff = useIsCutOff()
  const open = () => {
    chooseVehicle(vehicle)
    if (row.isModule) choosePart({ is: 'module', id: row.id })
    go('vehicles')
  }
  return (
    <li>
      <button
        type="button"
        className={`${styles.railRow} ${row.lamp === 'good' && !cutOff ? '' : styles.old}`}
        title={row.name}
        onClick={open}
      >
        <Lamp shape={cutOff ? 'idle' : row.lamp} />
        <span>{row.name}</span>
        <small>{row.at === null ? t('never') : times.duration(Math.max(0, now - row.at))}</small>
      </button>
    </li>
  )
}
