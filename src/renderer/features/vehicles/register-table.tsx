/** Every register of a module: where it is, what it is now, how old that is, and a way to change the ones that can be. */
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { Register, RegisterMap, VehicleModule } from '../../../contract/modules.ts'
import { useIsCutOff } from '../../data/health.ts'
import { useNow } from '../../data/now.ts'
import { useMay } from '../../data/site.ts'
import { useTimes } from '../../data/times.ts'
import { Button } from '../../ui/button.tsx'
import { registerFreshness } from './module-freshness.ts'
import { addressText, isOutOfRange, registerText } from './values.ts'
import styles from './vehicles.module.css'
import { WriteDialog } from './write-dialog.tsx'

interface Props {
  readonly module: VehicleModule
  readonly map: RegisterMap
  /** Whose trend is drawn. */
  readonly trended: string | null
  readonly onTrend: (register: string | null) => void
}

export function RegisterTable({ module, map, trended, onTrend }: Props) {
  const { t } = useTranslation('vehicles')
  const [writing, setWriting] = useState<Register | null>(null)
  const now = useNow()
  return (
    <>
      <table className={styles.registers}>
        <thead>
          <tr>
            <th>{t('address')}</th>
            <th>{t('register')}</th>
            <th>{t('value')}</th>
            <th>{t('range')}</th>
            <th>{t('age')}</th>
            <th>{t('acts')}</th>
          </tr>
        </thead>
        <tbody>
          {map.registers.map((register) => (
            <RegisterRow
              key={register.name}
              module={module}
              map={map}
              register={register}
              now={now}
              isTrended={register.name === trended}
              onTrend={() => onTrend(register.name === trended ? null : register.name)}
              onWrite={() => setWriting(register)}
            />
          ))}
        </tbody>
      </table>
      {writing !== null && (
        <WriteDialog module={module} register={writing} onClose={() => setWriting(null)} />
      )}
    </>
  )
}

interface RowProps {
  readonly module: VehicleModule
  readonly map: RegisterMap
  readonly register: Register
  readonly now: number
  readonly isTrended: boolean
  readonly onTrend: () => void
  readonly onWrite: () => void
}

function RegisterRow({ module, map, register, now, isTrended, onTrend, onWrite }: RowProps) {
  const { t } = useTranslation(['vehicles', 'common'])
  const times = useTimes()
  const cutOff = useIsCutOff()
  const mayAct = useMay('operator')
  const { isFresh, ageMs } = registerFreshness(module, map, register, now)
  const value = module.values[register.name]
  const text = registerText(register, value)
  const isCurrent = isFresh && !cutOff && text !== null
  const canWrite = register.access !== 'r' && module.writable
  return (
    <tr data-stale={!isCurrent || undefined}>
      <td className={styles.mono}>{addressText(register.address)}</td>
      <td>{register.text}</td>
      <td data-odd={isOutOfRange(register, value) || undefined}>
        <b>{register.access === 'w' ? t('writeOnly') : isCurrent ? text : '—'}</b>
        {!isCurrent && text !== null && <small> {t('was', { text, age: times.ago(ageMs ?? 0) })}</small>}
      </td>
      <td>{register.range === undefined ? '' : `${register.range[0]} … ${register.range[1]}`}</td>
      <td>{ageMs === null ? t('common:never') : times.duration(ageMs)}</td>
      <td className={styles.rowActs}>
        {register.access !== 'w' && (
          <Button aria-pressed={isTrended} onClick={onTrend}>
            {t('trend')}
          </Button>
        )}
        {canWrite && (
          <Button disabled={!mayAct || module.state !== 'online'} onClick={onWrite}>
            {t('write')}
          </Button>
        )}
      </td>
    </tr>
  )
}
