/** Says DEMO over the whole screen as long as simulated cameras run, and stops them. */
import { useTranslation } from 'react-i18next'
import { useAction } from '../../data/action.ts'
import { useHealth } from '../../data/health.ts'
import { useMay } from '../../data/site.ts'
import { Banner } from '../../ui/banner.tsx'
import { Button } from '../../ui/button.tsx'
import { FaultNote } from '../../ui/fault-note.tsx'

export function DemoBanner() {
  const { t } = useTranslation('firstRun')
  const mayStop = useMay('admin')
  const stop = useAction('demo.stop')
  if (!useHealth()?.demoRunning) return null
  return (
    <>
      <Banner
        tone="notice"
        action={
          mayStop ? (
            <Button busy={stop.asking && t('bannerStopping')} onClick={() => void stop.ask({})}>
              {t('bannerStop')}
            </Button>
          ) : null
        }
      >
        <strong>{t('bannerTitle')}</strong> {t('bannerText')}
      </Banner>
      {stop.fault ? <FaultNote fault={stop.fault} /> : null}
    </>
  )
}
