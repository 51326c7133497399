/** For an alert of a vehicle: what it says now, what its LiDAR sees, and the way to it. */
import { useTranslation } from 'react-i18next'
import type { Alert } from '../../../contract/alerts.ts'
import { go } from '../../data/route.ts'
import { useVehicles } from '../../data/vehicles.ts'
import { Button } from '../../ui/button.tsx'
import { StopButton } from '../stop-request/stop-button.tsx'
import { LidarPane } from './lidar-pane.tsx'
import { Readings } from './readings.tsx'
import { chooseVehicle } from './vehicle-choice.ts'
import styles from './vehicles.module.css'

export function IncidentVehicle({ alert }: { readonly alert: Alert }) {
  const { t } = useTranslation('vehicles')
  const vehicle = useVehicles()?.find(({ name }) => alert.kind === 'vehicle' && name === String(alert.device))
  if (vehicle === undefined) return null
  const open = () => {
    chooseVehicle(vehicle.name)
    go('vehicles')
  }
  return (
    <section className={styles.top} aria-label={vehicle.name}>
      <div className={styles.said}>
        <header className={styles.head}>
          <h3>{vehicle.name}</h3>
          <Button onClick={open}>{t('open')}</Button>
          <StopButton vehicle={vehicle.name} />
        </header>
        <Readings reports={vehicle.reports} />
      </div>
      {vehicle.lidars.slice(0, 1).map((lidar) => (
        <LidarPane key={lidar.id} lidar={lidar} />
      ))}
    </section>
  )
}
