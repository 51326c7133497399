/** Connecting to a server: the profile judged as typed, tested, then saved. */
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useAction } from '../../data/action.ts'
import { useLinks } from '../../data/links.ts'
import { go } from '../../data/route.ts'
import { useMay } from '../../data/site.ts'
import { Button } from '../../ui/button.tsx'
import { FaultNote } from '../../ui/fault-note.tsx'
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
  const [isSaved, setSaved] = useState(false)
  const others = links.map((link) => link.profile)
  // Chosen late, so that a link added meanwhile by somebody else does not get replaced.
  const id = freshId(
    draft.driver,
    links.map((link) => link.id),
  )
  const ready = profileOf({ ...draft, id }, others)
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
  return (
    <form
      className={styles.panel}
      onSubmit={(event) => {
        event.preventDefault()
        if (ready && mayConnect) void save.ask({ profile: ready }).then((done) => done && setSaved(true))
      }}
    >
      <ProfileFields draft={draft} others={others} onChange={setDraft} isNew offered={offered} />
      <ProfileTest profile={mayConnect ? ready : null} />
      {save.fault ? <FaultNote fault={save.fault} /> : null}
      <div className={styles.buttons}>
        <Button submit primary disabled={!ready || !mayConnect} busy={save.asking && tc('asked')}>
          {tc('save')}
        </Button>
      </div>
    </form>
  )
}
