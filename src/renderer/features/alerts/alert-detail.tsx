/** One alert in full: its picture large, its measures, what happened to it and who did it. The overview's incident area. */
import { useEffect, useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { Alert, AlertId, AlertDetail as Detail, Transition } from '../../../contract/alerts.ts'
import type { Fault } from '../../../contract/fault.ts'
import { asFault } from '../../data/action.ts'
import { useAlert } from '../../data/alerts.ts'
import { useClient } from '../../data/client.ts'
import { useNow } from '../../data/now.ts'
import { usePipe } from '../../data/pipe-status.ts'
import { openHistory } from '../../data/route.ts'
import { useTimes } from '../../data/times.ts'
import { Button } from '../../ui/button.tsx'
import { Empty } from '../../ui/empty.tsx'
import { Fact, Facts } from '../../ui/facts.tsx'
import { FaultNote } from '../../ui/fault-note.tsx'
import { IncidentCamera } from '../cameras/incident-camera.tsx'
import { Recording } from '../recordings/recording.tsx'
import { IncidentVehicle } from '../vehicles/incident-vehicle.tsx'
import { AlertActions } from './alert-actions.tsx'
import { AlertMarks } from './alert-marks.tsx'
import { ageOf, useAlertWords } from './alert-words.ts'
import styles from './alerts.module.css'
import { Detection } from './detection.tsx'
import { Evidence } from './evidence.tsx'
import { PriorityMark } from './priority-mark.tsx'

interface Props {
  readonly id: AlertId | null
  /** Whether the keys act on it. */
  readonly isFocused: boolean
}

export function AlertDetail({ id, isFocused }: Props) {
  const { t } = useTranslation('alerts')
  const open = useAlert(id)
  const { detail, fault } = useDetail(id, open)
  const alert = open ?? (detail?.alert.id === id ? detail?.alert : undefined)
  if (id === null || alert === undefined) {
    if (fault !== null) return <FaultNote fault={fault} />
    return <Empty title={t('incidentEmpty')} hint={t('incidentEmptyHint')} />
  }
  return (
    <div className={styles.detail}>
      <div className={styles.detailPicture}>
        <Evidence alert={alert} size="large" />
      </div>
      <div className={styles.detailText}>
        <Head alert={alert} />
        {open === undefined ? <p className={styles.gone}>{t('gone')}</p> : null}
        <AlertActions alert={alert} showKeys={isFocused && open !== undefined} isFull />
        <IncidentCamera alert={alert} raw={detail?.alert.id === id ? detail.raw : null} />
        <IncidentVehicle alert={alert} />
        {detail?.alert.id === id ? <Detection raw={detail.raw} /> : null}
        <Recording alert={alert} />
        <AlertFacts alert={alert} />
        {fault !== null ? <FaultNote fault={fault} /> : null}
        {detail?.alert.id === id ? <Transitions transitions={detail.transitions} /> : null}
        <div>
          <Button onClick={() => openHistory({ alert: alert.id })}>{t('openInHistory')}</Button>
        </div>
      </div>
    </div>
  )
}

/** Asked again whenever the alert itself changed. */
function useDetail(id: AlertId | null, alert: Alert | undefined) {
  const client = useClient()
  const isReady = usePipe().is === 'ready'
  const [detail, setDetail] = useState<Detail | null>(null)
  const [fault, setFault] = useState<Fault | null>(null)
  // biome-ignore lint/correctness/useExhaustiveDependencies: a changed alert is the reason to ask again
  useEffect(() => {
    if (id === null || !isReady) return
    const ended = new AbortController()
    client.call('alerts.get', { id }, { signal: ended.signal }).then(
      (found) => {
        setDetail(found)
        setFault(null)
      },
      (error: unknown) => {
        if (!ended.signal.aborted) setFault(asFault(error))
      },
    )
    return () => ended.abort()
  }, [client, id, isReady, alert])
  return { detail, fault }
}

function Head({ alert }: { readonly alert: Alert }) {
  const { t } = useTranslation('alerts')
  const words = useAlertWords()
  const now = useNow()
  return (
    <div className={styles.detailHead}>
      <PriorityMark alert={alert} isFlashing={alert.state === 'unacknowledged-active'} />
      <div>
        <h3>{words.title(alert)}</h3>
        <p>
          {t(`priority-${alert.priority}`)}; {words.standing(alert, now)} <AlertMarks alert={alert} />
        </p>
      </div>
    </div>
  )
}

export function AlertFacts({ alert }: { readonly alert: Alert }) {
  const { t } = useTranslation('alerts')
  const words = useAlertWords()
  const times = useTimes()
  const now = useNow()
  const { blue } = alert
  return (
    <Facts>
      {blue ? <Fact name={t('intensity')}>{blue.intensity.toFixed(2)}</Fact> : null}
      {blue?.durationS === undefined ? null : <Fact name={t('duration')}>{blue.durationS.toFixed(1)} s</Fact>}
      {blue?.confidence === undefined ? null : (
        <Fact name={t('confidence')}>{blue.confidence.toFixed(2)}</Fact>
      )}
      {blue?.area ? <Fact name={t('area')}>{t('areaValue', blue.area)}</Fact> : null}
      {alert.text === '' ? null : <Fact name={t('text')}>{alert.text}</Fact>}
      <Fact name={t('raised')}>
        {times.clockOrDate(alert.raisedAt, now)}, {times.ago(ageOf(alert, now))}
      </Fact>
      <Fact name={t('received')}>{times.clockOrDate(alert.receivedAt, now)}</Fact>
      {alert.group === null ? null : <Fact name={t('group')}>{alert.group}</Fact>}
      {alert.location === null ? null : <Fact name={t('location')}>{alert.location}</Fact>}
      <Fact name={t('source')}>{alert.source}</Fact>
      <Fact name={t('told')}>{words.delivery(alert)}</Fact>
      {alert.note === null ? null : <Fact name={t('note')}>{alert.note}</Fact>}
    </Facts>
  )
}

export function Transitions({ transitions }: { readonly transitions: readonly Transition[] }) {
  const { t } = useTranslation('alerts')
  const times = useTimes()
  const now = useNow()
  return (
    <section>
      <h4 className={styles.subhead}>{t('transitions')}</h4>
      <ol className={styles.transitions}>
        {transitions.map((transition) => (
          <li key={transition.seq}>
            <time dateTime={new Date(transition.at).toISOString()}>
              {times.clockOrDate(transition.at, now)}
            </time>
            <span>
              {t(`transition-${transition.kind}`)}, <Author by={transition.by} />
              {transition.until === null
                ? ''
                : `, ${t('shelvedUntil', { until: times.clockOrDate(transition.until, now) })}`}
              {transition.disposition === null ? '' : `, ${t(`disposition-${transition.disposition}`)}`}
              {transition.note === null ? '' : `: ${transition.note}`}
            </span>
          </li>
        ))}
      </ol>
    </section>
  )
}

function Author({ by }: { readonly by: string }) {
  const { t } = useTranslation('alerts')
  if (by === 'source') return t('by-source')
  if (by === 'watchfloor') return t('by-watchfloor')
  return by
}
