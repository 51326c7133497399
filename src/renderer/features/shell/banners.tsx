/** What concerns the whole screen: the pipe is cut, the core has stopped, the store is in trouble. */
import { useTranslation } from 'react-i18next'
import { useClient } from '../../data/client.ts'
import { useHealth, useLastPulseAt, useStoppedForMs } from '../../data/health.ts'
import { useNow } from '../../data/now.ts'
import { usePipe } from '../../data/pipe-status.ts'
import { useTimes } from '../../data/times.ts'
import { Banner } from '../../ui/banner.tsx'
import { Button } from '../../ui/button.tsx'
import { DemoBanner } from '../first-run/demo-banner.tsx'
import { ExportMark } from '../recordings/export-dialog.tsx'
import { StopBanners } from '../stop-request/stop-banners.tsx'
import { WebcamHost } from '../webcam/webcam-host.tsx'

export function Banners() {
  return (
    <div>
      <StopBanners />
      <PipeBanner />
      <StoreBanner />
      <DemoBanner />
      <WebcamHost />
      <ExportMark />
    </div>
  )
}

function PipeBanner() {
  const { t } = useTranslation(['shell', 'common'])
  const client = useClient()
  const pipe = usePipe()
  const times = useTimes()
  const lastPulseAt = useLastPulseAt()
  const stoppedMs = useStoppedForMs()
  useNow()
  const here = Date.now()
  switch (pipe.is) {
    case 'ready':
      return stoppedMs > 0 ? (
        <Banner tone="alarm">{t('coreStopped', { age: times.duration(stoppedMs) })}</Banner>
      ) : null
    case 'connecting':
      // The first moment of a start needs no banner.
      return here - pipe.since > 1000 ? <Banner tone="notice">{t('pipeConnecting')}</Banner> : null
    case 'lost': {
      const age = lastPulseAt === null ? t('common:unknown') : times.duration(here - lastPulseAt)
      const next = times.duration(Math.max(0, pipe.retryAt - here))
      return (
        <Banner
          tone="alarm"
          action={<Button onClick={() => client.retryNow()}>{t('common:retryNow')}</Button>}
        >
          {t('pipeLost', { age, next })}
        </Banner>
      )
    }
    case 'refused':
      return <Banner tone="alarm">{t(`refused-${pipe.reason}`)}</Banner>
  }
}

function StoreBanner() {
  const { t } = useTranslation('shell')
  const store = useHealth()?.store
  if (store === undefined || store.trouble === '') return null
  return <Banner tone="alarm">{t('storeTrouble', { trouble: store.trouble })}</Banner>
}
