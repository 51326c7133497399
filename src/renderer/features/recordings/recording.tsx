/** What was recorded around an alert, or in words why nothing was. Nothing is fetched before somebody asks to see it. */
import { useCallback, useEffect, useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { Alert } from '../../../contract/alerts.ts'
import type { Fault } from '../../../contract/fault.ts'
import type { AlertRecording } from '../../../contract/recordings.ts'
import { asFault, useAction } from '../../data/action.ts'
import { useCamera } from '../../data/cameras.ts'
import { useClient } from '../../data/client.ts'
import { usePipe } from '../../data/pipe-status.ts'
import { useMay } from '../../data/site.ts'
import { useTimes } from '../../data/times.ts'
import { Button } from '../../ui/button.tsx'
import { Dialog } from '../../ui/dialog.tsx'
import { FaultNote } from '../../ui/fault-note.tsx'
import { PlanDialog } from '../cameras/plan-dialog.tsx'
import { ExportButton } from './export-button.tsx'
import { RecordingPlayer } from './recording-player.tsx'
import styles from './recordings.module.css'

/** While its last seconds are still to come, it is asked again. */
const growingMs = 3000

function useRecording(alert: Alert) {
  const client = useClient()
  const isReady = usePipe().is === 'ready'
  const [found, setFound] = useState<{ id: string; recording: AlertRecording } | null>(null)
  const [fault, setFault] = useState<Fault | null>(null)
  const [asked, setAsked] = useState(0)
  const { id } = alert
  // biome-ignore lint/correctness/useExhaustiveDependencies: `asked` is the wish to ask again
  useEffect(() => {
    if (!isReady) return
    const ended = new AbortController()
    let timer: ReturnType<typeof setTimeout> | undefined
    client.call('recordings.ofAlert', { id }, { signal: ended.signal }).then(
      (recording) => {
        setFound({ id, recording })
        setFault(null)
        if (recording.isGrowing) timer = setTimeout(() => setAsked((before) => before + 1), growingMs)
      },
      (error: unknown) => {
        if (!ended.signal.aborted) setFault(asFault(error))
      },
    )
    return () => {
      ended.abort()
      clearTimeout(timer)
    }
  }, [client, id, isReady, asked])
  const again = useCallback(() => setAsked((before) => before + 1), [])
  return { recording: found?.id === id ? found.recording : null, fault, again }
}

export function Recording({ alert }: { readonly alert: Alert }) {
  const { t } = useTranslation('recordings')
  const times = useTimes()
  const { recording, fault, again } = useRecording(alert)
  // Of which alert it was opened: the next alert's is not opened by itself.
  const [openedFor, setOpenedFor] = useState<string | null>(null)
  if (fault !== null) return <FaultNote fault={fault} onRetry={again} />
  // An alert without a camera has nothing to be missed.
  if (recording === null || recording.none === 'no-camera') return null
  const isOpen = openedFor === alert.id
  const [first] = recording.spans
  const lengthMs = (recording.spans.at(-1)?.toAt ?? 0) - (first?.fromAt ?? 0)
  return (
    <section className={styles.recording} aria-label={t('title')}>
      <h4>{t('title')}</h4>
      {recording.none !== null ? (
        <Nothing recording={recording} />
      ) : (
        <>
          <p className={styles.note}>
            {t('summary', { camera: recording.cameraName ?? '', length: times.duration(lengthMs) })}
            {recording.isGrowing ? `, ${t('growing')}` : ''}
          </p>
          <div className={styles.acts}>
            <Button aria-expanded={isOpen} onClick={() => setOpenedFor(isOpen ? null : alert.id)}>
              {t(isOpen ? 'close' : 'open')}
            </Button>
            <ExportButton
              wish={{
                camera: recording.camera,
                fromAt: recording.fromAt,
                toAt: recording.toAt,
                alert: alert.id,
              }}
            />
            <Remove alert={alert} onDone={again} />
          </div>
          {isOpen ? <RecordingPlayer recording={recording} /> : null}
        </>
      )}
    </section>
  )
}

function Nothing({ recording }: { readonly recording: AlertRecording }) {
  const { t } = useTranslation('recordings')
  const camera = useCamera(recording.camera)
  const [isPlanning, setPlanning] = useState(false)
  if (recording.none === null) return null
  const words = { camera: recording.cameraName ?? '', by: recording.removedBy ?? '' }
  return (
    <>
      <p className={styles.note}>{t(`none-${recording.none}`, words)}</p>
      {recording.none === 'not-recorded' && camera !== undefined ? (
        <div className={styles.acts}>
          <Button onClick={() => setPlanning(true)}>{t('plan')}</Button>
        </div>
      ) : null}
      {isPlanning && camera !== undefined ? (
        <PlanDialog camera={camera} onClose={() => setPlanning(false)} />
      ) : null}
    </>
  )
}

function Remove({ alert, onDone }: { readonly alert: Alert; readonly onDone: () => void }) {
  const { t } = useTranslation('recordings')
  const mayRemove = useMay('admin')
  const remove = useAction('recordings.remove')
  const [isAsking, setAsking] = useState(false)
  if (!mayRemove) return null
  const submit = async () => {
    if ((await remove.ask({ id: alert.id })) === undefined) return
    setAsking(false)
    onDone()
  }
  return (
    <>
      <Button onClick={() => setAsking(true)}>{t('remove')}</Button>
      {isAsking ? (
        <Dialog
          title={t('removeTitle')}
          submitLabel={t('removeDo')}
          danger
          onClose={() => setAsking(false)}
          onSubmit={() => void submit()}
          busy={remove.asking}
          fault={remove.fault}
        >
          <p>{t('removeText')}</p>
        </Dialog>
      ) : null}
    </>
  )
}
