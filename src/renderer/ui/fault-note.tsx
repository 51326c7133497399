/** What went wrong and what to try, in place. */
import { useTranslation } from 'react-i18next'
import type { Fault } from '../../contract/fault.ts'
import { Button } from './button.tsx'
import styles from './ui.module.css'

export function FaultNote({ fault, onRetry }: { readonly fault: Fault; readonly onRetry?: () => void }) {
  const { t } = useTranslation('common')
  return (
    <div className={styles.fault} role="alert">
      <span>
        {fault.message} {fault.tip !== '' ? <em>{fault.tip}</em> : null}
      </span>
      {onRetry ? <Button onClick={onRetry}>{t('tryAgain')}</Button> : null}
    </div>
  )
}
