/** The module cards of a replay: each marked as one, aged to the recording's own moment, and nothing on them can be pressed. */
import { useMemo } from 'react'
import { useTranslation } from 'react-i18next'
import type { LinkId } from '../../../contract/links.ts'
import { useRegisterMaps } from '../../data/register-maps.ts'
import { useTable } from '../../data/sources.ts'
import { useTimes } from '../../data/times.ts'
import { Lamp } from '../../ui/lamp.tsx'
import { Headlines, moduleLamp } from './module-card.tsx'
import { lastReadAt } from './module-freshness.ts'
import type { ReplayedModule, ReplayModules } from './replay-modules.ts'
import { unitText } from './values.ts'
import styles from './vehicles.module.css'

interface Props {
  readonly link: LinkId
  readonly replayed: ReplayModules
  /** Recorded time, epoch ms; 0 before the first frame. */
  readonly at: number
}

export function ReplayCards({ link, replayed, at }: Props) {
  const { t } = useTranslation('vehicles')
  const times = useTimes()
  const maps = useRegisterMaps()?.maps
  const live = useTable('modules')
  const known = useMemo(() => live?.filter((module) => module.link === link) ?? [], [live, link])
  if (at === 0 || maps === undefined) return null
  const modules = replayed.modules(known, maps)
  return (
    <section className={styles.replayModules} aria-label={t('replayModules')}>
      <h4>{t('replayModulesAt', { at: times.dateTime(at) })}</h4>
      {modules.length === 0 && <p className={styles.quiet}>{t('replayNoModules')}</p>}
      {modules.map((module) => (
        <ReplayCard key={module.unit} module={module} at={at} />
      ))}
    </section>
  )
}

function ReplayCard({ module, at }: { readonly module: ReplayedModule; readonly at: number }) {
  const { t } = useTranslation('vehicles')
  const times = useTimes()
  const readAt = lastReadAt(module)
  const age = readAt === null ? null : times.ago(Math.max(0, at - readAt))
  const name = module.name === '' ? unitText(module.unit) : module.name
  return (
    <article
      className={`${styles.card} ${styles.replayCard}`}
      aria-label={`${t('REPLAY')}: ${name}`}
      data-old={module.state === 'offline' || undefined}
    >
      <span className={styles.cardHead}>
        <Lamp shape={moduleLamp(module)} />
        <strong>{name}</strong>
        <small>{unitText(module.unit)}</small>
        <b className={styles.replayWord}>{t('REPLAY')}</b>
      </span>
      <Headlines module={module} now={at} cutOff={false} />
      <span className={styles.cardFoot}>
        {module.state === 'online' ? age : age === null ? t('replayNever') : t('replaySilent', { age })}
      </span>
    </article>
  )
}
