/** Connecting to a server: the profile judged as typed, tested, then saved. */
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { LinkProfile } from '../../../contract/links.ts'
import { useAction } from '../../data/action.ts'
import { useLinks } from '../../data/links.ts'
import { go } from '../../data/route.ts'
import { useMay } from '../../data/site.ts'
import { Button } from '../../ui/button.tsx'
import { FaultNote } from '../../ui/fault-note.tsx'
import { CredentialFields } from '../links/accounts/credential-fields.tsx'
import {
  type CredentialsDraft,
  credentialsComplaint,
  credentialsOf,
  untyped,
} from '../links/accounts/credentials-form.ts'
import { kindOf } from '../links/kinds/kinds.ts'
import { ProfileTest } from '../links/profile-dialog.tsx'
import { ProfileFields } from '../links/profile-fields.tsx'
import { emptyDraft, freshId, profileOf } from '../links/profile-form.ts'
import styles from './first-run.module.css'

const offered = ['openeye-client', 'blue-light-client'] as const

export function ServerChoice({ onDone }: { readonly onDone: () => void }) {
  const { t } = useTranslation('firstRun')
  const { t: tc } = useTranslation('common')
  const links = useLinks() ?? []
  const mayConnect = useMay('admin')
  const save = useAction('links.save')
  const [draft, setDraft] = useState(() => emptyDraft('openeye-client', ''))
  const [login, setLogin] = useState<CredentialsDraft>({ ...untyped, how: 'password' })
  const saveLogin = useAction('links.credentials')
  const [isSaved, setSaved] = useState(false)
  const others = links.map((link) => link.profile)
  // Chosen late, so that a link added meanwhile by somebody else does not get replaced.
  const id = freshId(
    draft.driver,
    links.map((link) => link.id),
  )
  const { logsIn } = kindOf(draft.driver)
  const credentials = logsIn ? credentialsOf(login) : undefined
  const ready = logsIn && credentialsComplaint(login) !== null ? null : profileOf({ ...draft, id }, others)
  async function saveAll(profile: LinkProfile): Promise<void> {
    if (!(await save.ask({ profile }))) return
    if (credentials && !(await saveLogin.ask({ id: profile.id, credentials }))) return
    setSaved(true)
  }
  if (isSaved) {
    return (
      <section className={styles.panel}>
        <p role="status">{t('serverSaved')}</p>
        <div className={styles.buttons}>
          <Button
            primary
            onClick={() => {
              onDone()
              go('links')
            }}
          >
            {t('toLinks')}
          </Button>
          <Button onClick={onDone}>{t('done')}</Button>
        </div>
      </section>
    )
  }
  const fault = save.fault ?? saveLogin.fault
  return (
    <form
      className={styles.panel}
      onSubmit={(event) => {
        event.preventDefault()
        if (ready && mayConnect) void saveAll(ready)
      }}
    >
      <ProfileFields draft={draft} others={others} onChange={setDraft} isNew offered={offered} />
      {logsIn ? <CredentialFields draft={login} onChange={setLogin} kept="none" required /> : null}
      <ProfileTest profile={mayConnect ? ready : null} credentials={credentials} />
      {fault ? <FaultNote fault={fault} /> : null}
      <div className={styles.buttons}>
        <Button submit primary disabled={!ready || !mayConnect} busy={save.asking && tc('asked')}>
          {tc('save')}
        </Button>
      </div>
    </form>
  )
}
