/** What became of each STOP REQUEST, across the whole screen, until it is confirmed or somebody has read it. */
import { useEffect } from 'react'
import { useTranslation } from 'react-i18next'
import type { StopRequest } from '../../../contract/vehicles.ts'
import { useAction } from '../../data/action.ts'
import { Cell, useCell } from '../../data/cell.ts'
import { useNow } from '../../data/now.ts'
import { useMay } from '../../data/site.ts'
import { useTimes } from '../../data/times.ts'
import { useStops } from '../../data/vehicles.ts'
import { Banner } from '../../ui/banner.tsx'
import { Button } from '../../ui/button.tsx'
import { leaveFullScreen } from '../../ui/full-screen.ts'
import { useStopKey } from './stop-key.ts'
import styles from './stop-request.module.css'
import { forgetUnsentStop, useUnsentStop } from './stop-request.ts'

/** A stop that was confirmed, or that somebody ended, is read by then; one that is neither stays and cannot be closed. */
const shownMs = 15_000

/** Ids of requests whose banner was closed on this screen. */
const closed = new Cell<ReadonlySet<string>>(new Set())

export function StopBanners() {
  useStopKey()
  const { t } = useTranslation('stopRequest')
  const unsent = useUnsentStop()
  const seen = useCell(closed)
  const now = useNow()
  const shown = useStops().filter((stop) => !seen.has(stop.id) && isNews(stop, now))
  // One that stands already does not speak for the next, nor for what becomes of itself.
  const news = [unsent?.message ?? '', ...shown.map(({ id, state }) => `${id} ${state}`)].join('\n')
  useEffect(() => {
    if (news !== '') leaveFullScreen()
  }, [news])
  return (
    <div className={styles.banners}>
      {unsent && (
        <Banner tone="alarm" action={<Button onClick={forgetUnsentStop}>{t('dismiss')}</Button>}>
          {t('failed', { reason: `${unsent.message}.` })}
        </Banner>
      )}
      {shown.map((stop) => (
        <StopBanner key={stop.id} stop={stop} now={now} />
      ))}
    </div>
  )
}

function isNews({ isTrying, confirmedAt, releasedAt }: StopRequest, now: number): boolean {
  return isTrying || now - (confirmedAt ?? releasedAt ?? 0) < shownMs
}

function StopBanner({ stop, now }: { readonly stop: StopRequest; readonly now: number }) {
  const { t } = useTranslation('stopRequest')
  const times = useTimes()
  const mayAct = useMay('operator')
  const release = useAction('vehicles.stop.release')
  const { id, vehicle: name, state, requestedAt, confirmedAt, attempts: count, ways, isTrying } = stop
  const after = (Math.max(0, (confirmedAt ?? now) - requestedAt) / 1000).toFixed(1)
  const said = ways.filter(({ text }) => text !== '').map((way) => `${way.name}: ${way.text}`)
  const action = isTrying ? (
    <Button disabled={!mayAct} busy={release.asking && '…'} onClick={() => void release.ask({ id })}>
      {t('endTrying')}
    </Button>
  ) : (
    <Button onClick={() => closed.set(new Set([...closed.get(), id]))}>{t('dismiss')}</Button>
  )
  return (
    <Banner tone={state === 'not-confirmed' || state === 'released' ? 'alarm' : 'notice'} action={action}>
      {t(state, { name, at: times.clock(requestedAt), after, count })} {said.join(' · ')}
    </Banner>
  )
}
