/** The acts an alert allows, with their keys when it is in focus; what was asked, and what was refused, in place. */
import { useTranslation } from 'react-i18next'
import type { Alert } from '../../../contract/alerts.ts'
import { useClient } from '../../data/client.ts'
import { useMay, useSite } from '../../data/site.ts'
import { Button } from '../../ui/button.tsx'
import { FaultNote } from '../../ui/fault-note.tsx'
import { type Act, allowedActs, begin, openAlertDialog, useAsked } from './alert-acts.ts'
import styles from './alerts.module.css'

const keys: Record<Act, string | undefined> = {
  acknowledge: 'A',
  silence: 'S',
  shelve: 'H',
  unshelve: undefined,
  close: 'C',
  note: 'N',
}
const order: readonly Act[] = ['acknowledge', 'silence', 'shelve', 'unshelve', 'close', 'note']

interface Props {
  readonly alert: Alert
  readonly showKeys: boolean
  /** Beside the acts of the card, an acknowledgement with a note. */
  readonly isFull?: boolean
}

export function AlertActions({ alert, showKeys, isFull }: Props) {
  const { t } = useTranslation('alerts')
  const client = useClient()
  const site = useSite()
  const mayAct = useMay('operator')
  const asked = useAsked(alert.id)
  const allowed = allowedActs(alert)
  if (!mayAct) return site ? <p className={styles.viewerOnly}>{t('viewerOnly')}</p> : null
  const isAwaiting = asked?.fault === null
  return (
    <div className={styles.actions}>
      {order
        .filter((act) => allowed.has(act))
        .map((act) => (
          <Button
            key={act}
            primary={act === 'acknowledge'}
            hotkey={showKeys ? keys[act] : undefined}
            disabled={isAwaiting}
            busy={isAwaiting && asked.act === act && t('askedFor', { act: t(act) })}
            onClick={() => begin(client, act, alert, site)}
          >
            {t(act)}
          </Button>
        ))}
      {isFull && allowed.has('acknowledge') ? (
        <Button disabled={isAwaiting} onClick={() => openAlertDialog({ act: 'acknowledge', alert })}>
          {t('acknowledgeWithNote')}
        </Button>
      ) : null}
      {asked?.fault ? <FaultNote fault={asked.fault} /> : null}
    </div>
  )
}
