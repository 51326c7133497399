/** The message as the source sent it, indented where it is JSON, to read and to copy. */
import { useMemo } from 'react'
import { useTranslation } from 'react-i18next'
import { CopyButton } from '../../ui/copy-button.tsx'
import styles from './history.module.css'

export function RawMessage({ raw }: { readonly raw: string | null }) {
  const { t } = useTranslation('history')
  const pretty = useMemo(() => (raw === null ? '' : indented(raw)), [raw])
  if (raw === null) return <p className={styles.soft}>{t('rawNone')}</p>
  return (
    <>
      <div className={styles.rawHead}>
        <span className={styles.soft}>{t('rawHint')}</span>
        {/* What is copied is what arrived, not how it is laid out here. */}
        <CopyButton text={raw} label={t('copy')} done={t('copied')} failed={t('copyFailed')} />
      </div>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: a scrolling region must be reachable by keyboard */}
      <pre className={styles.raw} tabIndex={0}>
        {pretty}
      </pre>
    </>
  )
}

function indented(raw: string): string {
  try {
    return JSON.stringify(JSON.parse(raw), null, 2)
  } catch {
    return raw
  }
}
