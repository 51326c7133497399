/** The bus as a technician sees it: every frame as it crosses, recorded when wanted, and recordings played again. */
import { type Ref, useEffect, useMemo, useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { Fault } from '../../../contract/fault.ts'
import type { LinkId } from '../../../contract/links.ts'
import { asFault, useAction } from '../../data/action.ts'
import { useClient } from '../../data/client.ts'
import { useMay } from '../../data/site.ts'
import { useTable } from '../../data/sources.ts'
import { Button } from '../../ui/button.tsx'
import { FaultNote } from '../../ui/fault-note.tsx'
import { BusRecordings } from './bus-recordings.tsx'
import { BusReplay } from './bus-replay.tsx'
import { FrameLog } from './frame-log.ts'
import { Frames, FrameTools } from './frame-tools.tsx'
import styles from './vehicles.module.css'

interface Props {
  readonly link: LinkId
  readonly pane: Ref<HTMLElement>
}

export function BusMonitor({ link, pane }: Props) {
  const { t } = useTranslation('vehicles')
  const mayLook = useMay('operator')
  const [replayed, setReplayed] = useState<string | null>(null)
  return (
    <section ref={pane} tabIndex={-1} className={styles.detail} aria-label={t('busMonitor')}>
      {!mayLook ? (
        <p className={styles.quiet}>{t('monitorRole')}</p>
      ) : replayed === null ? (
        <LiveFrames link={link} />
      ) : (
        <BusReplay key={replayed} id={replayed} link={link} onClose={() => setReplayed(null)} />
      )}
      <BusRecordings link={link} replayed={replayed} onReplay={setReplayed} />
    </section>
  )
}

function LiveFrames({ link }: { readonly link: LinkId }) {
  const { t } = useTranslation('vehicles')
  const client = useClient()
  const log = useMemo(() => new FrameLog(), [])
  const [fault, setFault] = useState<Fault | null>(null)
  useEffect(
    () =>
      client.feed(
        'bus.frames',
        { link },
        ({ frames, missed }) => {
          setFault(null)
          log.add(frames, missed)
        },
        (error) => setFault(asFault(error)),
      ),
    [client, link, log],
  )
  return (
    <>
      <FrameTools log={log}>
        <RecordButton link={link} />
      </FrameTools>
      {fault && <FaultNote fault={fault} />}
      <Frames log={log} empty={t('noFrames')} />
    </>
  )
}

function RecordButton({ link }: { readonly link: LinkId }) {
  const { t } = useTranslation('vehicles')
  const record = useAction('bus.record')
  const isRecording =
    useTable('bus.recordings')?.some((row) => row.link === link && row.endedAt === null) ?? false
  return (
    <>
      <Button
        danger={isRecording}
        busy={record.asking && '…'}
        onClick={() => void record.ask({ link, on: !isRecording })}
      >
        {isRecording ? t('stopRecording') : t('record')}
      </Button>
      {record.fault && <FaultNote fault={record.fault} />}
    </>
  )
}
