/** A name that was wrong: the sighting becomes one of a face nobody knows, and what that does not change is said. */
import { useTranslation } from 'react-i18next'
import type { DetectionEvent } from '../../../contract/events.ts'
import { useAction } from '../../data/action.ts'
import { Cell, useCell } from '../../data/cell.ts'
import { useMay } from '../../data/site.ts'
import { Button } from '../../ui/button.tsx'
import { FaultNote } from '../../ui/fault-note.tsx'
import styles from './faces.module.css'

/** What the last correction said, by event: it outlives the button, which goes with the name. */
const said = new Cell<{ readonly event: string; readonly text: string } | null>(null)

export function NotThisPerson({ event }: { readonly event: DetectionEvent }) {
  const { t } = useTranslation('faces')
  const mayAct = useMay('operator')
  const not = useAction('faces.not')
  return (
    <>
      <Button
        disabled={!mayAct || not.asking}
        onClick={() =>
          void not.ask({ event: event.id }).then((done) => {
            if (done) said.set({ event: event.id, text: done.text })
          })
        }
      >
        {t('notThisPerson')}
      </Button>
      {not.fault ? <FaultNote fault={not.fault} /> : null}
    </>
  )
}

export function CorrectionNote({ event }: { readonly event: DetectionEvent }) {
  const last = useCell(said)
  if (last === null || last.event !== event.id || last.text === '') return null
  return (
    <p className={styles.flag} role="status">
      {last.text}
    </p>
  )
}
