/** Blue light in one place: every device by group with what it reports now, and the open blue-light alerts with their pictures. */
import { useTranslation } from 'react-i18next'
import { BlueAlertCards } from './blue-alert-cards.tsx'
import styles from './blue-alerts.module.css'
import { DeviceTable } from './device-table.tsx'

export function BlueAlertsView() {
  const { t } = useTranslation('blueAlerts')
  return (
    <div className={styles.view}>
      <section className={styles.section} aria-labelledby="blue-devices">
        <h2 id="blue-devices">{t('devices')}</h2>
        <div className={styles.scroll}>
          <DeviceTable />
        </div>
      </section>
      <section className={styles.section} aria-labelledby="blue-alerts">
        <h2 id="blue-alerts">{t('alerts')}</h2>
        <div className={styles.scroll}>
          <BlueAlertCards />
        </div>
      </section>
    </div>
  )
}
