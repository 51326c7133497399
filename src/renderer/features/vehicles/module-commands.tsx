/** What a module can be told as a whole, where its link passes that on. */
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { VehicleModule } from '../../../contract/modules.ts'
import type { VehicleCommand } from '../../../contract/vehicles.ts'
import { useLinks } from '../../data/links.ts'
import { useMay } from '../../data/site.ts'
import { useTable } from '../../data/sources.ts'
import { Button } from '../../ui/button.tsx'
import { CommandDialog } from './command-dialog.tsx'

const commands = ['status', 'start', 'stop', 'reset'] as const

export function ModuleCommands({ module }: { readonly module: VehicleModule }) {
  const { t } = useTranslation('vehicles')
  const can = useTable('vehicles')?.find(({ link }) => link === module.link)?.can ?? []
  const linkName = useLinks()?.find(({ id }) => id === module.link)?.name ?? module.link
  const mayAct = useMay('operator')
  const [asked, setAsked] = useState<VehicleCommand | null>(null)
  if (!can.includes('module')) return null
  return (
    <span>
      {commands.map((command) => (
        <Button
          key={command}
          disabled={!mayAct}
          onClick={() => setAsked({ do: 'module', unit: module.unit, command })}
        >
          {t(`module-do-${command}`)}
        </Button>
      ))}
      {asked !== null && (
        <CommandDialog
          link={module.link}
          linkName={linkName}
          vehicle={module.name}
          command={asked}
          onClose={() => setAsked(null)}
        />
      )}
    </span>
  )
}
