/** Link profiles out to a file and in from one; nothing is imported before it was shown. */
import { useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { Link, LinkProfile } from '../../../contract/links.ts'
import { useAction } from '../../data/action.ts'
import { useMay } from '../../data/site.ts'
import { Button } from '../../ui/button.tsx'
import { Dialog } from '../../ui/dialog.tsx'
import { Lamp } from '../../ui/lamp.tsx'
import { saveFile } from '../../ui/save-file.ts'
import type { FieldName } from './kinds/kind.ts'
import styles from './links.module.css'
import { mostBytes, type ReadProfile, readProfiles, writeProfiles } from './profile-file.ts'

export function ProfileFile({ links }: { readonly links: readonly Link[] }) {
  const { t } = useTranslation('links')
  const mayEdit = useMay('admin')
  const chooser = useRef<HTMLInputElement>(null)
  const [found, setFound] = useState<readonly ReadProfile[] | null>(null)
  const [refusal, setRefusal] = useState('')
  const present = links.map((link) => link.profile)

  async function read(file: File): Promise<void> {
    setRefusal('')
    if (file.size > mostBytes) return setRefusal(t('importTooLarge', { name: file.name }))
    const profiles = readProfiles(await file.text(), present)
    if (profiles === null) setRefusal(t('importNotAFile', { name: file.name }))
    else setFound(profiles)
  }

  return (
    <div className={styles.files}>
      <Button
        disabled={links.length === 0}
        title={t('exportHint')}
        onClick={() => saveFile('watchfloor-links.json', [writeProfiles(present)], 'application/json')}
      >
        {t('exportProfiles')}
      </Button>
      <Button disabled={!mayEdit} onClick={() => chooser.current?.click()}>
        {t('importProfiles')}
      </Button>
      <input
        ref={chooser}
        type="file"
        accept="application/json,.json"
        className="visually-hidden"
        tabIndex={-1}
        aria-hidden
        onChange={(event) => {
          const file = event.currentTarget.files?.[0]
          // Emptied, so that the same file can be chosen again after it was corrected.
          event.currentTarget.value = ''
          if (file) void read(file)
        }}
      />
      {refusal === '' ? null : (
        <p className={styles.warning} role="alert">
          {refusal}
        </p>
      )}
      {found ? <ImportDialog found={found} onClose={() => setFound(null)} /> : null}
    </div>
  )
}

interface ImportProps {
  readonly found: readonly ReadProfile[]
  readonly onClose: () => void
}

function ImportDialog({ found, onClose }: ImportProps) {
  const { t } = useTranslation('links')
  const { t: tp } = useTranslation('profile')
  const save = useAction('links.save')
  const usable = found.map((one) => one.profile).filter((profile): profile is LinkProfile => profile !== null)

  async function importAll(): Promise<void> {
    for (const profile of usable) {
      if (!(await save.ask({ profile }))) return
    }
    onClose()
  }

  return (
    <Dialog
      title={t('importTitle')}
      onClose={onClose}
      submitLabel={t('importDo', { count: usable.length })}
      canSubmit={usable.length > 0}
      busy={save.asking}
      fault={save.fault}
      onSubmit={() => void importAll()}
    >
      {usable.length === 0 ? <p>{t('importNone')}</p> : null}
      <ul className={styles.steps}>
        {found.map((one, n) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: the entries of a file that was read never change their order
          <li key={n}>
            <Lamp shape={one.profile ? 'good' : 'bad'} /> <strong>{one.name}</strong>{' '}
            <span className={styles.soft}>
              {one.profile === null
                ? t('importBad', { field: tp(`field-${one.why as FieldName}`) })
                : one.replaces
                  ? t('importReplaces')
                  : t('importNew')}
            </span>
          </li>
        ))}
      </ul>
    </Dialog>
  )
}
