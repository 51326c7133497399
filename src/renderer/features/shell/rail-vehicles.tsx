/** Each vehicle in the rail: its modules and LiDARs with the age of what they last said. */
import { useMemo } from 'react'
import { useTranslation } from 'react-i18next'
import { useIsCutOff } from '../../data/health.ts'
import { useLinks } from '../../data/links.ts'
import { useNow } from '../../data/now.ts'
import { go } from '../../data/route.ts'
import { useTimes } from '../../data/times.ts'
import { useVehicles, type Vehicle } from '../../data/vehicles.ts'
import { Lamp, type LampShape } from '../../ui/lamp.tsx'
import { alike } from '../vehicles/alike.ts'
import { lastReadAt } from '../vehicles/module-freshness.ts'
import { choosePart, chooseVehicle } from '../vehicles/vehicle-choice.ts'
import styles from './shell.module.css'

export function RailVehicles() {
  return useVehicles()?.map((vehicle) => <RailVehicle key={vehicle.name} vehicle={vehicle} />)
}

interface Row {
  readonly id: string
  readonly name: string
  /** The name of its link, where another link tells of a part like this one; else null. */
  readonly by: string | null
  readonly at: number | null
  readonly lamp: LampShape
  readonly isModule: boolean
}

function RailVehicle({ vehicle }: { readonly vehicle: Vehicle }) {
  const now = useNow()
  const links = useLinks()
  const twins = useMemo(() => alike(vehicle), [vehicle])
  const byOf = (id: string, link: string) =>
    twins.has(id) ? (links?.find((one) => one.id === link)?.name ?? link) : null
  const rows: Row[] = [
    ...vehicle.modules.map((module) => ({
      id: module.id,
      name: module.name,
      by: byOf(module.id, module.link),
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
      by: byOf(lidar.id, lidar.link),
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
        title={row.by === null ? row.name : `${row.name}, ${row.by}`}
        onClick={open}
      >
        <Lamp shape={cutOff ? 'idle' : row.lamp} />
        <span>{row.name}</span>
        <small>{row.at === null ? t('never') : times.duration(Math.max(0, now - row.at))}</small>
        {row.by !== null && <small className={styles.railBy}>{row.by}</small>}
      </button>
    </li>
  )
}
