/** A finished connection test, step by step, each with its outcome as a sign and in words. */
import { useTranslation } from 'react-i18next'
import type { LinkTest } from '../../../contract/links.ts'
import { Lamp } from '../../ui/lamp.tsx'
import styles from './links.module.css'

export function TestSteps({ test }: { readonly test: LinkTest }) {
  const { t } = useTranslation('links')
  return (
    <div role="status">
      <strong>{test.ok ? t('testOk') : t('testFailed')}</strong>
      <ol className={styles.steps}>
        {test.steps.map((step, n) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: the steps of a finished test never change their order
          <li key={n}>
            <Lamp shape={step.ok ? 'good' : 'bad'} /> {step.text}
          </li>
        ))}
      </ol>
    </div>
  )
}
