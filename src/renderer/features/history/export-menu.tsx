/** Export of what the filter shows: format, progress, cancel, and a file the browser saves. */
import { Popover } from '@mantine/core'
import { useEffect, useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { AlertFilter } from '../../../contract/alerts.ts'
import type { Fault } from '../../../contract/fault.ts'
import { asFault } from '../../data/action.ts'
import { useClient } from '../../data/client.ts'
import { useTimes } from '../../data/times.ts'
import { Button } from '../../ui/button.tsx'
import { FaultNote } from '../../ui/fault-note.tsx'
import { saveFile } from '../../ui/save-file.ts'
import { type ExportFormat, exportAlerts, exportFileName, exportFormats, mimeOf } from './export-alerts.ts'
import styles from './history.module.css'
import { wallTime } from './wall-time.ts'

type Progress =
  | { readonly is: 'idle' | 'cancelled' }
  | { readonly is: 'running'; readonly rows: number }
  | { readonly is: 'done'; readonly rows: number; readonly name: string }
  | { readonly is: 'failed'; readonly fault: Fault; readonly format: ExportFormat }

interface Props {
  readonly filter: AlertFilter
  readonly total: number | null
}

export function ExportMenu({ filter, total }: Props) {
  const { t } = useTranslation('history')
  const { t: tc } = useTranslation('common')
  const client = useClient()
  const { zone } = useTimes()
  const [opened, setOpened] = useState(false)
  const [progress, setProgress] = useState<Progress>({ is: 'idle' })
  const stop = useRef<AbortController | null>(null)
  useEffect(() => () => stop.current?.abort(), [])

  async function run(format: ExportFormat): Promise<void> {
    const abort = new AbortController()
    stop.current = abort
    setProgress({ is: 'running', rows: 0 })
    try {
      const { pieces, rows } = await exportAlerts(
        (ask, signal) => client.call('alerts.export', ask, { signal }),
        filter,
        format,
        abort.signal,
        (count) => setProgress({ is: 'running', rows: count }),
      )
      const name = exportFileName(filter, format, (at) => wallTime(at, zone))
      saveFile(name, pieces, mimeOf[format])
      setProgress({ is: 'done', rows, name })
    } catch (error) {
      setProgress(
        abort.signal.aborted ? { is: 'cancelled' } : { is: 'failed', fault: asFault(error), format },
      )
    }
  }

  const rows = progress.is === 'running' || progress.is === 'done' ? progress.rows.toLocaleString('en') : ''
  return (
    <Popover opened={opened} onChange={setOpened} position="bottom-end" trapFocus returnFocus shadow="none">
      <Popover.Target>
        <Button aria-haspopup="dialog" aria-expanded={opened} onClick={() => setOpened((before) => !before)}>
          {progress.is === 'running' ? t('exportProgress', { rows }) : t('export')}
        </Button>
      </Popover.Target>
      <Popover.Dropdown className={styles.menu ?? ''}>
        <strong>{t('exportTitle')}</strong>
        {progress.is === 'running' ? (
          <>
            <progress
              className={styles.progress}
              aria-label={t('export')}
              {...(total ? { max: total, value: progress.rows } : {})}
            />
            <p role="status">
              {total === null
                ? t('exportProgress', { rows })
                : t('exportProgressOf', { rows, total: total.toLocaleString('en') })}
            </p>
            <Button onClick={() => stop.current?.abort()}>{tc('cancel')}</Button>
          </>
        ) : (
          exportFormats.map((format) => (
            <Button key={format} onClick={() => void run(format)}>
              {t(`export-${format}`)}
            </Button>
          ))
        )}
        {progress.is === 'done' ? (
          <p role="status">{t('exportDone', { rows, name: progress.name })}</p>
        ) : null}
        {progress.is === 'cancelled' ? <p role="status">{t('exportCancelled')}</p> : null}
        {progress.is === 'failed' ? (
          <FaultNote fault={progress.fault} onRetry={() => void run(progress.format)} />
        ) : null}
      </Popover.Dropdown>
    </Popover>
  )
}
