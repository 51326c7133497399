/** One module in full: who it is, what its bus went through, which map reads it, every register, and the trend of one of them. */
import { Select } from '@mantine/core'
import { type Ref, useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { VehicleModule } from '../../../contract/modules.ts'
import { useAction } from '../../data/action.ts'
import { useRegisterMap, useRegisterMaps } from '../../data/register-maps.ts'
import { useMay } from '../../data/site.ts'
import { Button } from '../../ui/button.tsx'
import { FaultNote } from '../../ui/fault-note.tsx'
import { ModuleCommands } from './module-commands.tsx'
import { RegisterTable } from './register-table.tsx'
import { Trend } from './trend.tsx'
import { plainText, unitText, versionText } from './values.ts'
import styles from './vehicles.module.css'

interface Props {
  readonly module: VehicleModule
  /** The name of the link it is known by. */
  readonly by: string
}

export function ModuleDetail({ module, by, pane }: Props & { readonly pane: Ref<HTMLElement> }) {
  const map = useRegisterMap(module.map)
  const [trended, setTrended] = useState<string | null>(null)
  const register = map?.registers.find(({ name }) => name === trended)
  return (
    <section ref={pane} tabIndex={-1} className={styles.detail} aria-label={module.name}>
      <ModuleHead module={module} by={by} />
      {register !== undefined && <Trend module={module} register={register} />}
      {map === undefined ? (
        <PlainValues module={module} />
      ) : (
        <RegisterTable module={module} map={map} trended={trended} onTrend={setTrended} />
      )}
    </section>
  )
}

function ModuleHead({ module, by }: Props) {
  const { t } = useTranslation('vehicles')
  const forget = useAction('modules.forget')
  const mayForget = useMay('admin')
  const { identity, counters: c, replyMs } = module
  return (
    <header className={styles.detailHead}>
      <h3>
        {module.name}{' '}
        <small>
          {unitText(module.unit)}, {by}
        </small>
      </h3>
      <span>
        {identity === null
          ? t('noIdentity')
          : t('identity', {
              id: identity.deviceId,
              firmware: versionText(identity.firmware),
              hardware: versionText(identity.hardware),
            })}
      </span>
      <span title={t('countersHint')}>
        {t('counters', {
          replies: c.replies,
          timeouts: c.timeouts,
          crc: c.crcErrors,
          exceptions: c.exceptions,
          strays: c.strays,
        })}
        {replyMs !== null && ` · ${t('replyMs', { ms: replyMs.toFixed(1) })}`}
      </span>
      <MapChoice module={module} />
      <ModuleCommands module={module} />
      {module.state !== 'online' && (
        <Button disabled={!mayForget} onClick={() => void forget.ask({ id: module.id })}>
          {t('forget')}
        </Button>
      )}
      {forget.fault && <FaultNote fault={forget.fault} />}
    </header>
  )
}

function MapChoice({ module }: { readonly module: VehicleModule }) {
  const { t } = useTranslation('vehicles')
  const all = useRegisterMaps()
  const choose = useAction('modules.map')
  const mayChoose = useMay('admin')
  // A module told by the vehicle itself brings its own names.
  if (all === null || module.mapChosen === 'none') return null
  const choices = all.maps.map(({ id, title }) => ({ value: id, label: title }))
  return (
    <>
      <Select
        className={styles.mapChoice ?? ''}
        aria-label={t('map')}
        data={[{ value: '', label: t('mapByIdentity') }, ...choices]}
        value={module.mapChosen === 'hand' ? module.map : ''}
        allowDeselect={false}
        disabled={!mayChoose || choose.asking}
        onChange={(map) => void choose.ask({ id: module.id, map: map === '' ? null : map })}
      />
      {module.mapChosen === 'identity' && <span>{t('mapIs', { map: module.map ?? '—' })}</span>}
      {choose.fault && <FaultNote fault={choose.fault} />}
    </>
  )
}

/** Values without a map: as the vehicle names them. */
function PlainValues({ module }: { readonly module: VehicleModule }) {
  const { t } = useTranslation('vehicles')
  const values = Object.entries(module.values)
  if (values.length === 0)
    return <p className={styles.quiet}>{t(module.map === null ? 'noMap' : 'noValues')}</p>
  return (
    <dl className={styles.readings}>
      {values.map(([name, value]) => {
        const named = module.valueUnits?.[name]
        const text = value === null ? '—' : plainText(value, named?.unit)
        return (
          <div key={name}>
            <dt>{name}</dt>
            <dd>
              <strong>{module.state === 'online' ? text : '—'}</strong>
              {named !== undefined && <small>{t(`unitFrom-${named.from}`)}</small>}
            </dd>
          </div>
        )
      })}
    </dl>
  )
}
