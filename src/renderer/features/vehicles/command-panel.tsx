/** What a vehicle can be asked, by which way, and what the last command really came to. */
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { VehicleCommand, VehicleReport, VehicleVerb } from '../../../contract/vehicles.ts'
import { useLinks } from '../../data/links.ts'
import { useMay } from '../../data/site.ts'
import { Button } from '../../ui/button.tsx'
import { CommandDialog } from './command-dialog.tsx'
import styles from './vehicles.module.css'

/** Modules and registers are commanded where they are shown; STOP REQUEST has its own button. */
const verbs = ['move', 'halt', 'dock', 'reset'] as const satisfies readonly VehicleVerb[]
type Verb = (typeof verbs)[number]

export function CommandPanel({ reports }: { readonly reports: readonly VehicleReport[] }) {
  const { t } = useTranslation('vehicles')
  const links = useLinks()
  const mayAct = useMay('operator')
  const [asked, setAsked] = useState<{ report: VehicleReport; command: VehicleCommand } | null>(null)
  const ways = reports
    .map((report) => ({ report, can: verbs.filter((verb) => report.can.includes(verb)) }))
    .filter(({ can }) => can.length > 0)
  const nameOf = (report: VehicleReport) => links?.find(({ id }) => id === report.link)?.name ?? report.link
  const open = (report: VehicleReport, verb: Verb) => setAsked({ report, command: { do: verb } })
  return (
    <section className={styles.commands} aria-label={t('commands')}>
      {ways.length === 0 && <p className={styles.quiet}>{t('noCommands')}</p>}
      {ways.map(({ report, can }) => (
        <div key={report.id}>
          <small>{t('by', { link: nameOf(report) })}</small>
          {can.map((verb) => (
            <Button key={verb} disabled={!mayAct} onClick={() => open(report, verb)}>
              {t(`do-${verb}`)}
            </Button>
          ))}
        </div>
      ))}
      {asked !== null && (
        <CommandDialog
          link={asked.report.link}
          linkName={nameOf(asked.report)}
          vehicle={asked.report.vehicle}
          command={asked.command}
          onClose={() => setAsked(null)}
        />
      )}
    </section>
  )
}
