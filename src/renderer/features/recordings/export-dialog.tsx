/** The export of video: which camera, from when to when; and, across the screen, how far it is and what came of it. */
import { NativeSelect, TextInput } from '@mantine/core'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { CameraId } from '../../../contract/cameras.ts'
import { Fault, never } from '../../../contract/fault.ts'
import type { CameraRecorder } from '../../../contract/recordings.ts'
import { useCameras } from '../../data/cameras.ts'
import { useCell } from '../../data/cell.ts'
import { useClient } from '../../data/client.ts'
import { appNow } from '../../data/now.ts'
import { useTable } from '../../data/sources.ts'
import { useTimes } from '../../data/times.ts'
import { Banner } from '../../ui/banner.tsx'
import { Button } from '../../ui/button.tsx'
import { Dialog } from '../../ui/dialog.tsx'
import { sizeText } from '../../ui/size-text.ts'
import { wallTime } from '../history/wall-time.ts'
import { exportDialog } from './export-button.tsx'
import { readSpan } from './export-form.ts'
import styles from './recordings.module.css'
import {
  type ExportState,
  type ExportWish,
  endExport,
  exportState,
  isExporting,
  startExport,
} from './video-export.ts'

const usualMs = 60_000

export function ExportDialogs() {
  const asked = useCell(exportDialog)
  return asked === undefined ? null : <ExportDialog asked={asked} />
}

/** Every camera of which something is on the disk, and the one asked for. */
function useRecorded(asked: CameraId | null) {
  const cameras = useCameras() ?? []
  const recorders = useTable('recordings') ?? []
  const found = recorders.filter((one) => one.fromAt !== null || one.id === asked)
  const names = new Map(cameras.map(({ id, name }) => [id, name]))
  const options = found
    .map(({ id }) => ({ value: id as string, label: names.get(id) ?? id }))
    .toSorted((a, b) => a.label.localeCompare(b.label))
  return { options, found }
}

function ExportDialog({
  asked,
}: {
  readonly asked: (Omit<ExportWish, 'camera'> & { camera: CameraId | null }) | null
}) {
  const { t } = useTranslation('recordings')
  const client = useClient()
  const { zone } = useTimes()
  const isBusy = isExporting(useCell(exportState))
  const { options, found } = useRecorded(asked?.camera ?? null)
  const [chosen, setChosen] = useState<string | null>(asked?.camera ?? null)
  const [now] = useState(appNow)
  const [span, setSpan] = useState(() => ({
    from: wallTime(asked?.fromAt ?? now - usualMs, zone),
    to: wallTime(asked?.toAt ?? now, zone),
  }))
  const option = options.find(({ value }) => value === chosen) ?? options[0]
  const recorder = found.find(({ id }) => id === option?.value)
  const read = readSpan(span, zone, appNow())
  const close = () => exportDialog.set(undefined)
  const submit = () => {
    if (read.is === 'wrong' || recorder === undefined || option === undefined) return
    const { fromAt, toAt } = read
    const alert = recorder.id === asked?.camera ? asked.alert : null
    const lost = () => new Fault('link-lost', t('exportLost'), t('exportLostTip'))
    startExport(client, { camera: recorder.id, fromAt, toAt, alert }, option.label, lost)
    close()
  }
  if (options.length === 0)
    return (
      <Dialog title={t('exportTitle')} onClose={close}>
        <p className={styles.note}>{t('exportNoCamera')}</p>
      </Dialog>
    )
  const wrong = read.is === 'wrong' ? read.fields : []
  const complaint = read.is === 'wrong' ? t(read.why, { example: wallTime(now, zone) }) : undefined
  return (
    <Dialog
      title={t('exportTitle')}
      submitLabel={t('exportDo')}
      canSubmit={read.is === 'span' && !isBusy}
      onClose={close}
      onSubmit={submit}
    >
      {asked?.alert ? <p className={styles.note}>{t('exportOfAlert')}</p> : null}
      <NativeSelect
        label={t('exportCamera')}
        value={option?.value}
        data={options}
        description={<Recorded recorder={recorder} />}
        onChange={(event) => setChosen(event.currentTarget.value)}
      />
      <div className={styles.span2}>
        <TextInput
          label={t('exportFrom')}
          value={span.from}
          data-autofocus
          autoComplete="off"
          error={wrong.includes('from')}
          onChange={(event) => setSpan({ ...span, from: event.currentTarget.value })}
        />
        <TextInput
          label={t('exportTo')}
          value={span.to}
          autoComplete="off"
          error={wrong.includes('to')}
          onChange={(event) => setSpan({ ...span, to: event.currentTarget.value })}
        />
      </div>
      <p className={styles.note} role="status">
        {complaint ?? t('exportTimeHint', { zone: zone === '' ? 'local' : zone })}
      </p>
      <p className={styles.note}>{t('exportAbout')}</p>
      <p className={styles.note}>{t('exportPrivacy')}</p>
      {isBusy ? <p role="alert">{t('exportBusy')}</p> : null}
    </Dialog>
  )
}

function Recorded({ recorder }: { readonly recorder: CameraRecorder | undefined }) {
  const { t } = useTranslation('recordings')
  const { dateTime } = useTimes()
  if (recorder === undefined || recorder.fromAt === null || recorder.toAt === null) return t('exportNone')
  return t('exportRecorded', { from: dateTime(recorder.fromAt), to: dateTime(recorder.toAt) })
}

/** On every view, until it is put away: an export takes its time, and its outcome must not be missed. */
export function ExportMark() {
  const { t } = useTranslation('recordings')
  const state = useCell(exportState)
  if (state.is === 'idle') return null
  const act = <Button onClick={endExport}>{t(isExporting(state) ? 'exportCancel' : 'exportClose')}</Button>
  return (
    <Banner tone={state.is === 'failed' ? 'alarm' : 'notice'} action={act}>
      <Words state={state} />
    </Banner>
  )
}

function Words({ state }: { readonly state: Exclude<ExportState, { is: 'idle' }> }) {
  const { t } = useTranslation('recordings')
  const { what } = state
  switch (state.is) {
    case 'reading':
      return t('export-reading', { what, frames: state.frames })
    case 'ready':
      return t('export-ready', { what, size: sizeText(state.bytes) })
    case 'sending':
      return t('export-sending', { what, sent: sizeText(state.sent), size: sizeText(state.bytes) })
    case 'done': {
      const { name, frames, missingMs } = state
      const words = { name, frames, size: sizeText(state.bytes), missing: (missingMs / 1000).toFixed(1) }
      return t(missingMs > 0 ? 'export-doneWithGaps' : 'export-done', words)
    }
    case 'failed':
      return t('export-failed', { what, message: state.fault.message, tip: state.fault.tip })
    default:
      return never(state, 'state')
  }
}
