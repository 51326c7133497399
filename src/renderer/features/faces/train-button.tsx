/** Has a face server learn its photos anew: the time it has taken so far while it does, its own words when it is done. */
import { useTranslation } from 'react-i18next'
import type { Link } from '../../../contract/links.ts'
import { useCell } from '../../data/cell.ts'
import { useClient } from '../../data/client.ts'
import { appNow, useNow } from '../../data/now.ts'
import { useMay } from '../../data/site.ts'
import { useTimes } from '../../data/times.ts'
import { Button } from '../../ui/button.tsx'
import { FaultNote } from '../../ui/fault-note.tsx'
import libraryLook from './library.module.css'
import { train, trainingOf } from './training.ts'

export function TrainButton({ server, isUp }: { readonly server: Link; readonly isUp: boolean }) {
  const { t } = useTranslation('faces')
  const { t: tc } = useTranslation('common')
  const times = useTimes()
  const now = useNow()
  const client = useClient()
  const mayTrain = useMay('admin')
  const training = useCell(trainingOf(server.id))
  const isRunning = training.is === 'running'
  return (
    <>
      <Button
        disabled={!mayTrain || !isUp}
        busy={isRunning && t('training', { age: times.duration(now - training.sinceAt) })}
        title={mayTrain ? t('trainHint') : t('adminOnly', { role: tc('admin') })}
        onClick={() => void train(client, server.id, appNow)}
      >
        {t('train')}
      </Button>
      <span className={libraryLook.wide} role="status">
        {isRunning ? t('trainingLong') : null}
        {training.is === 'done'
          ? t('trained', { age: times.duration(training.tookMs), text: training.text })
          : null}
      </span>
      {training.is === 'failed' ? (
        <div className={libraryLook.wide}>
          <FaultNote fault={training.fault} />
        </div>
      ) : null}
    </>
  )
}
