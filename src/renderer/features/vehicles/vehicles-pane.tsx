/** The vehicle this screen looks at, for a place that shows other things too. */
import { useTranslation } from 'react-i18next'
import { go } from '../../data/route.ts'
import { useVehicles } from '../../data/vehicles.ts'
import { Button } from '../../ui/button.tsx'
import { Empty } from '../../ui/empty.tsx'
import { LidarPane } from './lidar-pane.tsx'
import { Readings } from './readings.tsx'
import { useChosenVehicle } from './vehicle-choice.ts'
import styles from './vehicles.module.css'

export function VehiclesPane() {
  const { t } = useTranslation('vehicles')
  const vehicles = useVehicles()
  const vehicle = useChosenVehicle(vehicles ?? [])
  if (vehicles === undefined) return <Empty title={t('waiting')} />
  if (vehicle === undefined)
    return (
      <Empty title={t('none')} hint={t('noneTip')}>
        <Button onClick={() => go('links')}>{t('openLinks')}</Button>
      </Empty>
    )
  return (
    <div className={styles.top}>
      <section className={styles.said}>
        <header className={styles.head}>
          <h3>{vehicle.name}</h3>
          <Button onClick={() => go('vehicles')}>{t('open')}</Button>
        </header>
        <Readings reports={vehicle.reports} />
      </section>
      {vehicle.lidars.slice(0, 1).map((lidar) => (
        <LidarPane key={lidar.id} lidar={lidar} />
      ))}
    </div>
  )
}
