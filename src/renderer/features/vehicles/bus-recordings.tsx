/** What was recorded of a bus: play it again, or remove it. */
import { useTranslation } from 'react-i18next'
import type { LinkId } from '../../../contract/links.ts'
import { useAction } from '../../data/action.ts'
import { useMay } from '../../data/site.ts'
import { useTable } from '../../data/sources.ts'
import { useTimes } from '../../data/times.ts'
import { Button } from '../../ui/button.tsx'
import { FaultNote } from '../../ui/fault-note.tsx'
import { sizeText } from '../../ui/size-text.ts'
import styles from './vehicles.module.css'

interface Props {
  readonly link: LinkId
  readonly replayed: string | null
  readonly onReplay: (id: string | null) => void
}

export function BusRecordings({ link, replayed, onReplay }: Props) {
  const { t } = useTranslation('vehicles')
  const times = useTimes()
  const remove = useAction('bus.recordings.remove')
  const mayRemove = useMay('admin')
  const rows = useTable('bus.recordings')
    ?.filter((row) => row.link === link)
    .toSorted((a, b) => b.startedAt - a.startedAt)
  if (rows === undefined || rows.length === 0) return null
  return (
    <ul className={styles.recordings} aria-label={t('recordings')}>
      {rows.map(({ id, by, startedAt, endedAt, frames, sizeBytes, missed }) => (
        <li key={id}>
          <span>
            {times.dateTime(startedAt)} ·{' '}
            {endedAt === null ? t('goesOn') : times.duration(endedAt - startedAt)} ·{' '}
            {t('recorded', { count: frames, size: sizeText(sizeBytes), by })}
            {missed > 0 && <b> {t('recordMissed', { count: missed })}</b>}
          </span>
          <Button aria-pressed={id === replayed} onClick={() => onReplay(id === replayed ? null : id)}>
            {t('replay')}
          </Button>
          {endedAt !== null && (
            <Button disabled={!mayRemove} onClick={() => void remove.ask({ id })}>
              {t('remove')}
            </Button>
          )}
        </li>
      ))}
      {remove.fault && <FaultNote fault={remove.fault} />}
    </ul>
  )
}
