/** One module at a glance: whether it answers, its headline values, how old they are. */
import { memo } from 'react'
import { useTranslation } from 'react-i18next'
import type { VehicleModule } from '../../../contract/modules.ts'
import { useIsCutOff } from '../../data/health.ts'
import { useNow } from '../../data/now.ts'
import { useRegisterMap } from '../../data/register-maps.ts'
import { useTimes } from '../../data/times.ts'
import { isByKeyboard } from '../../ui/into-view.ts'
import { Lamp, type LampShape } from '../../ui/lamp.tsx'
import { lastReadAt, registerFreshness } from './module-freshness.ts'
import { isOutOfRange, plainText, registerText, unitText } from './values.ts'
import styles from './vehicles.module.css'

interface Props {
  readonly module: VehicleModule
  /** The name of the link it is known by: the same module may be known by two. */
  readonly by: string
  readonly chosen: boolean
  readonly onChoose: (byKeyboard: boolean) => void
}

/** More do not fit a card. */
const mostHeadlines = 4

export const ModuleCard = memo(function ModuleCard({ module, by, chosen, onChoose }: Props) {
  const { t } = useTranslation(['vehicles', 'common'])
  const times = useTimes()
  const now = useNow()
  const cutOff = useIsCutOff()
  const readAt = lastReadAt(module)
  const age = readAt === null ? t('common:never') : times.ago(Math.max(0, now - readAt))
  return (
    <button
      type="button"
      className={styles.card}
      aria-pressed={chosen}
      data-old={cutOff || module.state !== 'online' || undefined}
      onClick={(event) => onChoose(isByKeyboard(event))}
    >
      <span className={styles.cardHead}>
        <Lamp shape={cutOff ? 'idle' : moduleLamp(module)} />
        <strong>{module.name}</strong>
        <small>
          {unitText(module.unit)}, {by}
        </small>
      </span>
      <Headlines module={module} now={now} cutOff={cutOff} />
      <span className={styles.cardFoot}>
        {module.state === 'online' ? age : t(`module-${module.state}`, { age })}
        {module.trouble !== '' && <em>{module.trouble}</em>}
      </span>
    </button>
  )
})

export function moduleLamp(module: Pick<VehicleModule, 'state'>): LampShape {
  if (module.state === 'offline') return 'trouble'
  return module.state === 'online' ? 'good' : 'idle'
}

interface HeadlinesProps {
  readonly module: Pick<VehicleModule, 'state' | 'readAt' | 'values' | 'map' | 'valueUnits'>
  /** What ages are counted to: a replay's own moment is not ours. */
  readonly now: number
  readonly cutOff: boolean
}

export function Headlines({ module, now, cutOff }: HeadlinesProps) {
  const { t } = useTranslation('vehicles')
  const map = useRegisterMap(module.map)
  const shown: { name: string; text: string; isFresh: boolean; isOdd: boolean }[] = []
  if (map !== undefined)
    for (const register of map.registers.filter(({ headline }) => headline).slice(0, mostHeadlines)) {
      const value = module.values[register.name]
      const { isFresh } = registerFreshness(module, map, register, now)
      const text = registerText(register, value) ?? '—'
      const isOdd = isOutOfRange(register, value)
      shown.push({ name: register.text, text, isFresh: isFresh && !cutOff && text !== '—', isOdd })
    }
  else
    for (const [name, value] of Object.entries(module.values).slice(0, mostHeadlines))
      shown.push({
        name,
        text: value === null ? '—' : plainText(value, module.valueUnits?.[name]?.unit),
        isFresh: module.state === 'online',
        isOdd: false,
      })
  if (shown.length === 0)
    return <span className={styles.quiet}>{t(module.map === null ? 'noMap' : 'noValues')}</span>
  return (
    <span className={styles.headlines}>
      {shown.map(({ name, text, isFresh, isOdd }) => (
        <span key={name} data-stale={!isFresh || undefined} data-odd={isOdd || undefined}>
          <small>{name}</small>
          <b>{isFresh ? text : '—'}</b>
        </span>
      ))}
    </span>
  )
}
