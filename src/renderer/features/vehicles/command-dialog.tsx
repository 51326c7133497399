/** Confirms one command: to whom, by which way, what must be so. Afterwards it shows the other side's own words. */
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { LinkId } from '../../../contract/links.ts'
import type { CommandOutcome, VehicleCommand } from '../../../contract/vehicles.ts'
import { useAction } from '../../data/action.ts'
import { Dialog } from '../../ui/dialog.tsx'
import { Preconditions, usePreconditions } from './preconditions.tsx'
import styles from './vehicles.module.css'

interface Props {
  readonly link: LinkId
  readonly linkName: string
  readonly vehicle: string
  readonly command: VehicleCommand
  readonly onClose: () => void
}

export function CommandDialog({ link, linkName, vehicle, command, onClose }: Props) {
  const { t } = useTranslation('vehicles')
  const ask = useAction('vehicles.command')
  const [outcome, setOutcome] = useState<CommandOutcome | null>(null)
  const conditions = usePreconditions(link, command)
  const what = t(`do-${command.do}`)
  const submit = async () => {
    const answer = await ask.ask({ link, command })
    if (answer !== undefined) setOutcome(answer)
  }
  return (
    <Dialog
      title={t('commandTitle', { what, vehicle })}
      onClose={onClose}
      {...(outcome === null ? { onSubmit: () => void submit(), submitLabel: what } : {})}
      canSubmit={conditions.every(({ ok, hard }) => ok || !hard)}
      danger
      busy={ask.asking}
      fault={ask.fault}
    >
      <p>{t('commandBy', { link: linkName })}</p>
      <Preconditions conditions={conditions} />
      {outcome !== null && (
        <output className={styles.outcome}>
          {t('answered', { ms: Math.round(outcome.roundTripMs) })} {outcome.said} {t('watchState')}
        </output>
      )}
    </Dialog>
  )
}
