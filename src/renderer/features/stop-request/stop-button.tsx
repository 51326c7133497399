/** STOP REQUEST, always visible where there is a vehicle. */
import { useTranslation } from 'react-i18next'
import type { VehicleName } from '../../../contract/vehicle-name.ts'
import { useMay } from '../../data/site.ts'
import { useVehicles } from '../../data/vehicles.ts'
import { stopKey } from './stop-key.ts'
import styles from './stop-request.module.css'
import { useRequestStop } from './stop-request.ts'

interface Props {
  /** Absent: every vehicle, and the key does the same. */
  readonly vehicle?: VehicleName
}

export function StopButton({ vehicle }: Props) {
  const { t } = useTranslation('stopRequest')
  const request = useRequestStop()
  const mayAct = useMay('operator')
  const vehicles = useVehicles()?.filter(({ reports }) => reports.length > 0) ?? []
  const only = vehicle ?? (vehicles.length === 1 ? vehicles[0]?.name : undefined)
  if (vehicles.length === 0) return null
  const hint = only === undefined ? t('hintAll', { count: vehicles.length }) : t('hintOne', { name: only })
  return (
    <button
      type="button"
      className={styles.button}
      disabled={!mayAct}
      title={mayAct ? hint : t('viewerOnly')}
      aria-keyshortcuts={vehicle === undefined ? stopKey : undefined}
      onClick={() => request(vehicle ?? null)}
    >
      {t('button')} <kbd aria-hidden={vehicle === undefined}>{vehicle === undefined ? stopKey : only}</kbd>
    </button>
  )
}
