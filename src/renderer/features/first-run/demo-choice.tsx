/** What the demo site will do, and its start. */
import { useTranslation } from 'react-i18next'
import { useAction } from '../../data/action.ts'
import { useHealth } from '../../data/health.ts'
import { useMay, useSite } from '../../data/site.ts'
import { Button } from '../../ui/button.tsx'
import { FaultNote } from '../../ui/fault-note.tsx'
import styles from './first-run.module.css'

export function DemoChoice({ onDone }: { readonly onDone: () => void }) {
  const { t } = useTranslation('firstRun')
  const site = useSite()
  const health = useHealth()
  const mayStart = useMay('admin')
  const start = useAction('demo.start')
  if (!site?.demoAvailable) return <p className={styles.panel}>{t('demoMissing')}</p>
  return (
    <section className={styles.panel}>
      <p>{t('demoWill')}</p>
      <p className={styles.soft}>{t('demoStop')}</p>
      {start.fault ? <FaultNote fault={start.fault} /> : null}
      <div className={styles.buttons}>
        {health?.demoRunning ? (
          <>
            <span role="status">{t('demoRunning')}</span>
            <Button primary onClick={onDone}>
              {t('done')}
            </Button>
          </>
        ) : (
          <Button
            primary
            disabled={!mayStart}
            busy={start.asking && t('demoStarting')}
            onClick={() => void start.ask({}).then((done) => done && onDone())}
          >
            {t('demoStart')}
          </Button>
        )}
      </div>
    </section>
  )
}
