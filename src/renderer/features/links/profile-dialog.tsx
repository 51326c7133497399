/** Adds or edits a link: fields judged as typed, a test of what is typed, then saving. */
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { Credentials } from '../../../contract/accounts.ts'
import type { Link, LinkId, LinkProfile, LinkTest } from '../../../contract/links.ts'
import { useAction } from '../../data/action.ts'
import { Button } from '../../ui/button.tsx'
import { Dialog } from '../../ui/dialog.tsx'
import { FaultNote } from '../../ui/fault-note.tsx'
import { CredentialFields } from './accounts/credential-fields.tsx'
import {
  type CredentialsDraft,
  credentialsComplaint,
  credentialsOf,
  untyped,
} from './accounts/credentials-form.ts'
import { isLoopback } from './kinds/address.ts'
import { kindOf } from './kinds/kinds.ts'
import styles from './links.module.css'
import { ProfileFields } from './profile-fields.tsx'
import { draftOf, emptyDraft, freshId, profileOf } from './profile-form.ts'
import { TestSteps } from './test-steps.tsx'

interface Props {
  readonly links: readonly Link[]
  /** Null: a new link. */
  readonly profile: LinkProfile | null
  readonly onClose: () => void
  readonly onSaved?: (id: LinkId) => void
}

export function ProfileDialog({ links, profile, onClose, onSaved }: Props) {
  const { t } = useTranslation('links')
  const save = useAction('links.save')
  const others = links.map((link) => link.profile)
  const [draft, setDraft] = useState(() => {
    if (profile) return draftOf(profile)
    const ids = links.map((link) => link.id)
    return emptyDraft('blue-light-client', freshId('blue-light-client', ids))
  })
  const [login, setLogin] = useState<CredentialsDraft>(untyped)
  const [isLoginMoved, setLoginMoved] = useState(false)
  const saveLogin = useAction('links.credentials')
  const kind = kindOf(draft.driver)
  const kept = links.find((link) => link.id === draft.id)?.secret ?? 'none'
  const credentials = kind.logsIn ? credentialsOf(login) : undefined
  const ready = kind.logsIn && credentialsComplaint(login) !== null ? null : profileOf(draft, others)
  const listensOn = kind.listensOn?.(draft.texts) ?? ''
  async function saveAll(profile: LinkProfile): Promise<boolean> {
    if (!(await save.ask({ profile }))) return false
    return !credentials || (await saveLogin.ask({ id: profile.id, credentials })) !== undefined
  }
  return (
    <Dialog
      wide
      title={profile ? t('editTitle', { name: profile.name }) : t('addTitle')}
      onClose={onClose}
      submitLabel={t('save')}
      canSubmit={ready !== null}
      busy={save.asking || saveLogin.asking}
      fault={save.fault ?? saveLogin.fault}
      onSubmit={() => {
        if (!ready) return
        void saveAll(ready).then((done) => {
          if (!done) return
          onSaved?.(ready.id)
          onClose()
        })
      }}
    >
      <ProfileFields
        draft={draft}
        others={others}
        isNew={profile === null}
        onChange={(next) => {
          const ids = links.map((link) => link.id)
          const taken = isPasted(draft.texts.url, next.texts.url) ? kind.takeLogin?.(next.texts) : null
          if (taken) {
            setLogin({ ...untyped, how: 'password', user: taken.user, password: taken.password })
            setLoginMoved(true)
            setDraft({ ...next, texts: taken.texts })
          } else setDraft(next.driver === draft.driver ? next : { ...next, id: freshId(next.driver, ids) })
          // Another kind of link logs in in another way.
          if (next.driver !== draft.driver) setLogin(untyped)
        }}
      />
      {isLoginMoved && kind.takeLogin ? (
        <p className={styles.soft} role="status">
          {t('loginMoved')}
        </p>
      ) : null}
      {kind.logsIn ? (
        <CredentialFields draft={login} onChange={setLogin} kept={kept} keyOnly={kind.logsIn === 'key'} />
      ) : null}
      {listensOn === '' || isLoopback(listensOn) ? null : (
        <p className={styles.warning}>
          {t(draft.driver === 'blue-light-hub' ? 'hubOpen' : 'serverOpen', { host: listensOn })}
        </p>
      )}
      <ProfileTest profile={ready} credentials={credentials} />
    </Dialog>
  )
}

/** More than one character at once: nobody is in the middle of typing a password with an `@` in it. */
function isPasted(before = '', after = ''): boolean {
  return after.length > before.length + 1
}

interface TestProps {
  readonly profile: LinkProfile | null
  /** Typed but not kept yet. */
  readonly credentials?: Credentials | undefined
}

/** A test of what is typed; its outcome goes when something else is typed. */
export function ProfileTest({ profile, credentials }: TestProps) {
  const { t } = useTranslation('links')
  const test = useAction('links.test')
  const [outcome, setOutcome] = useState<{ of: string; test: LinkTest } | null>(null)
  const key = JSON.stringify([profile, credentials])
  return (
    <div className={styles.test}>
      <Button
        disabled={profile === null}
        busy={test.asking && t('testing')}
        onClick={() => {
          if (!profile) return
          void test
            .ask({ profile, ...(credentials ? { credentials } : {}) })
            .then((done) => done && setOutcome({ of: key, test: done }))
        }}
      >
        {t('test')}
      </Button>
      <span className={styles.soft}>{t('testFirst')}</span>
      {test.fault ? <FaultNote fault={test.fault} /> : null}
      {outcome?.of === key ? <TestSteps test={outcome.test} /> : null}
    </div>
  )
}
