/** What must be so before a command goes out, each with whether it is. The app checks the same again. */
import { useMemo } from 'react'
import { useTranslation } from 'react-i18next'
import { type Precondition, preconditions } from '../../../contract/vehicle-preconditions.ts'
import type { VehicleCommand } from '../../../contract/vehicles.ts'
import { useNow } from '../../data/now.ts'
import { useTable } from '../../data/sources.ts'
import { useStops } from '../../data/vehicles.ts'
import { Lamp } from '../../ui/lamp.tsx'
import styles from './vehicles.module.css'

export function usePreconditions(link: string, command: VehicleCommand): readonly Precondition[] {
  const reports = useTable('vehicles')
  const modules = useTable('modules')
  const stops = useStops()
  const now = useNow()
  return useMemo(
    () => preconditions(command, { link, reports: reports ?? [], modules: modules ?? [], stops, now }),
    [command, reports, modules, stops, now, link],
  )
}

export function Preconditions({ conditions }: { readonly conditions: readonly Precondition[] }) {
  const { t } = useTranslation('vehicles')
  return (
    <ul className={styles.conditions} aria-label={t('preconditions')}>
      {conditions.map(({ id, ok, hard }) => (
        <li key={id}>
          <Lamp shape={ok ? 'good' : hard ? 'bad' : 'trouble'} />
          <span>{t(`condition-${id}`)}</span>
          <strong>{ok ? t('met') : hard ? t('unmet') : t('careful')}</strong>
        </li>
      ))}
    </ul>
  )
}
