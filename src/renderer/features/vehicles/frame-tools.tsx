/** The frames of a log, and what a technician does with them: filter, pause, copy. Live and in a replay. */
import { type ReactNode, useState, useSyncExternalStore } from 'react'
import { useTranslation } from 'react-i18next'
import { Button } from '../../ui/button.tsx'
import { CopyButton } from '../../ui/copy-button.tsx'
import { FrameList } from './frame-list.tsx'
import { type FrameLog, frameText } from './frame-log.ts'
import styles from './vehicles.module.css'

export function Frames({ log, empty }: { readonly log: FrameLog; readonly empty: string }) {
  const { frames } = useSyncExternalStore(log.subscribe, log.snapshot)
  return <FrameList frames={frames} empty={empty} />
}

interface ToolsProps {
  readonly log: FrameLog
  readonly children: ReactNode
}

export function FrameTools({ log, children }: ToolsProps) {
  const { t } = useTranslation('vehicles')
  const view = useSyncExternalStore(log.subscribe, log.snapshot)
  const [wanted, setWanted] = useState('')
  const [onlyTrouble, setOnlyTrouble] = useState(false)
  return (
    <div className={styles.tools}>
      {children}
      <input
        type="search"
        className={styles.search}
        placeholder={t('filter')}
        aria-label={t('filter')}
        value={wanted}
        onChange={({ currentTarget: { value } }) => {
          setWanted(value)
          log.filter(value, onlyTrouble)
        }}
      />
      <Button
        aria-pressed={onlyTrouble}
        onClick={() => {
          setOnlyTrouble(!onlyTrouble)
          log.filter(wanted, !onlyTrouble)
        }}
      >
        {t('onlyTrouble')}
      </Button>
      <Button aria-pressed={view.isPaused} onClick={() => log.pause(!view.isPaused)}>
        {t('pause')}
      </Button>
      <Button onClick={() => log.clear()}>{t('clear')}</Button>
      <CopyButton
        text={view.frames.map(frameText).join('\n')}
        label={t('copy')}
        done={t('copied')}
        failed={t('copyFailed')}
      />
      <span className={styles.quiet} role="status">
        {t('framesSeen', { count: view.total, troubled: view.troubled, missed: view.missed })}
      </span>
    </div>
  )
}
