/** Everything the store knows of one alert: picture, measures, marks explained, every transition, the message as it arrived, and what may be done. */
import type { ReactNode, Ref } from 'react'
import { useTranslation } from 'react-i18next'
import type { Alert, AlertDetail as Detail } from '../../../contract/alerts.ts'
import type { Fault } from '../../../contract/fault.ts'
import { useLinks } from '../../data/links.ts'
import { useTimes } from '../../data/times.ts'
import { Empty } from '../../ui/empty.tsx'
import { Fact, Facts } from '../../ui/facts.tsx'
import { FaultNote } from '../../ui/fault-note.tsx'
import { AlertActions } from '../alerts/alert-actions.tsx'
import { useAlertWords } from '../alerts/alert-words.ts'
import { Detection } from '../alerts/detection.tsx'
import { Evidence } from '../alerts/evidence.tsx'
import { PriorityMark } from '../alerts/priority-mark.tsx'
import { IncidentCamera } from '../cameras/incident-camera.tsx'
import { Recording } from '../recordings/recording.tsx'
import { clockStory } from './flags.ts'
import styles from './history.module.css'
import { RawMessage } from './raw-message.tsx'
import { TransitionList } from './transition-list.tsx'

interface Props {
  readonly alert: Alert | null
  readonly detail: Detail | null
  readonly fault: Fault | null
  readonly onRetry: () => void
  readonly onBack: () => void
  readonly pane: Ref<HTMLElement>
}

export function AlertDetail({ alert, detail, fault, onRetry, onBack, pane }: Props) {
  const { t } = useTranslation('history')
  return (
    <section
      ref={pane}
      className={styles.detail}
      aria-label={t('detail')}
      // biome-ignore lint/a11y/noNoninteractiveTabindex: a scrolling region must be reachable by keyboard
      tabIndex={0}
      onKeyDown={(event) => {
        if (event.key !== 'Escape') return
        event.preventDefault()
        event.stopPropagation()
        onBack()
      }}
    >
      {alert ? (
        <>
          <Shown alert={alert} />
          <div className={styles.block}>
            <IncidentCamera alert={alert} raw={detail?.raw ?? null} />
            <Recording alert={alert} />
          </div>
          {fault ? <FaultNote fault={fault} onRetry={onRetry} /> : null}
          {detail ? (
            <>
              <Detection raw={detail.raw} />
              <Block title={t('transitions')}>
                <TransitionList transitions={detail.transitions} />
              </Block>
              <Block title={t('raw')}>
                <RawMessage raw={detail.raw} />
              </Block>
            </>
          ) : fault ? null : (
            <p className={styles.soft}>{t('detailLoading')}</p>
          )}
        </>
      ) : (
        <Empty title={t('detailEmpty')} hint={t('detailKeys')} />
      )}
    </section>
  )
}

function Block({ title, children }: { readonly title: string; readonly children: ReactNode }) {
  return (
    <section className={styles.block}>
      <h3>{title}</h3>
      {children}
    </section>
  )
}

function Shown({ alert }: { readonly alert: Alert }) {
  const { t } = useTranslation('history')
  const { t: ta } = useTranslation('alerts')
  const words = useAlertWords()
  const times = useTimes()
  const links = useLinks()
  const delayMs = alert.receivedAt - alert.raisedAt
  const received = t(delayMs < 0 ? 'before' : 'after', {
    delay: fineDuration(Math.abs(delayMs), times.duration),
  })
  const optional = (name: string, value: string | null): ReactNode =>
    value === null || value === '' ? null : <Fact name={name}>{value}</Fact>
  return (
    <>
      <header className={styles.detailHead}>
        <PriorityMark alert={alert} />
        <div>
          <h2>{words.title(alert)}</h2>
          <p>
            {ta(`priority-${alert.priority}`)}, {ta(`state-${alert.state}`)}
          </p>
        </div>
      </header>
      <AlertActions alert={alert} showKeys isFull />
      {alert.evidence ? (
        <div className={styles.evidence}>
          <Evidence alert={alert} size="large" />
        </div>
      ) : null}
      <Flags alert={alert} />
      <Facts>
        {alert.text === words.title(alert) ? null : <Fact name={ta('text')}>{alert.text}</Fact>}
        {alert.blue ? <Measures blue={alert.blue} /> : null}
        {alert.kind === 'blue-light' && !alert.evidence ? (
          <Fact name={ta('picture')}>
            <span className={styles.soft}>{ta('pictureNone')}</span>
          </Fact>
        ) : null}
        <Fact name={t('raisedAt')}>{times.dateTime(alert.raisedAt)}</Fact>
        <Fact name={t('receivedAt')}>
          {times.dateTime(alert.receivedAt)} <span className={styles.soft}>{received}</span>
        </Fact>
        {optional(t('device'), alert.deviceName ?? alert.device)}
        {optional(ta('location'), alert.location)}
        {optional(t('group'), alert.group)}
        <Fact name={t('source')}>
          {links?.find((link) => link.id === alert.source)?.name ?? alert.source}
        </Fact>
        <Fact name={t('columnAck')}>
          {alert.acknowledgedAt === null
            ? t('notAcknowledged')
            : t('acknowledgedBy', {
                by: alert.acknowledgedBy ?? '—',
                at: times.dateTime(alert.acknowledgedAt),
              })}
        </Fact>
        {alert.kind === 'blue-light' && alert.acknowledgedAt !== null ? (
          <Fact name={t('ackDelivery')}>{ta(`ack-${alert.ackDelivery}`)}</Fact>
        ) : null}
        {alert.clearedAt === null ? null : (
          <Fact name={t('clearedAt')}>{times.dateTime(alert.clearedAt)}</Fact>
        )}
        {alert.shelvedUntil === null ? null : (
          <Fact name={t('shelvedUntil')}>{times.dateTime(alert.shelvedUntil)}</Fact>
        )}
        {alert.disposition === null ? null : (
          <Fact name={t('disposition')}>{ta(`disposition-${alert.disposition}`)}</Fact>
        )}
        {optional(t('note'), alert.note)}
        {alert.duplicates > 0 ? (
          <Fact name={t('repeated')}>{t('repeatedTimes', { count: alert.duplicates })}</Fact>
        ) : null}
        <Fact name={t('sourceId')}>
          <code>{alert.sourceId}</code>
        </Fact>
        <Fact name={t('stored')}>{t('storedAs', { seq: alert.seq })}</Fact>
      </Facts>
    </>
  )
}

function Measures({ blue }: { readonly blue: NonNullable<Alert['blue']> }) {
  const { t } = useTranslation('history')
  const { t: ta } = useTranslation('alerts')
  const { t: tc } = useTranslation('common')
  const said = (value: number | undefined, unit = ''): ReactNode =>
    value === undefined ? <span className={styles.soft}>{t('notSaid')}</span> : `${value}${unit}`
  const { area } = blue
  return (
    <>
      <Fact name={ta('intensity')}>{blue.intensity}</Fact>
      <Fact name={ta('confidence')}>{said(blue.confidence)}</Fact>
      <Fact name={ta('duration')}>{said(blue.durationS, ` ${tc('second')}`)}</Fact>
      {area ? <Fact name={ta('area')}>{ta('areaValue', { ...area })}</Fact> : null}
    </>
  )
}

function Flags({ alert }: { readonly alert: Alert }) {
  const { t } = useTranslation('history')
  const times = useTimes()
  const story = clockStory(alert)
  if (story.is === 'prompt') return null
  const delay = times.duration(Math.abs(story.delayMs))
  const words = { late: 'flagLate', suspect: 'flagSuspect', ahead: 'flagAhead' } as const
  return <p className={styles.flag}>{t(words[story.is], { delay })}</p>
}

/** Most alerts arrive within a second, where whole seconds would say nothing. */
function fineDuration(ms: number, duration: (ms: number) => string): string {
  return ms < 1000 ? `${ms} ms` : duration(ms)
}
