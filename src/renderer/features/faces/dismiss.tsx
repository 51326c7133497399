/** A face nobody knows that needs no more attention: off the queue of unknown faces, kept in every other list. */
import { useTranslation } from 'react-i18next'
import type { DetectionEvent } from '../../../contract/events.ts'
import { useAction } from '../../data/action.ts'
import { useMay } from '../../data/site.ts'
import { Button } from '../../ui/button.tsx'
import { FaultNote } from '../../ui/fault-note.tsx'
import { changedSighting } from './sighting-choice.ts'

export function Dismiss({ event }: { readonly event: DetectionEvent }) {
  const { t } = useTranslation('faces')
  const mayAct = useMay('operator')
  const dismiss = useAction('faces.dismiss')
  if (event.dismissed !== undefined) return null
  return (
    <>
      <Button
        disabled={!mayAct || dismiss.asking}
        onClick={() =>
          void dismiss.ask({ event: event.id }).then((done) => {
            if (done) changedSighting.set(done)
          })
        }
      >
        {t('dismiss')}
      </Button>
      {dismiss.fault ? <FaultNote fault={dismiss.fault} /> : null}
    </>
  )
}
