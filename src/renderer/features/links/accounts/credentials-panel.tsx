/** How a link logs in elsewhere: whether something is kept, how well, and how to change it. */
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { Link } from '../../../../contract/links.ts'
import { useAction } from '../../../data/action.ts'
import { useMay } from '../../../data/site.ts'
import { Button } from '../../../ui/button.tsx'
import { Dialog } from '../../../ui/dialog.tsx'
import { kindOf } from '../kinds/kinds.ts'
import styles from '../links.module.css'
import { CredentialFields } from './credential-fields.tsx'
import { type CredentialsDraft, credentialsOf, untyped } from './credentials-form.ts'

export function CredentialsPanel({ link }: { readonly link: Link }) {
  const { t } = useTranslation('accounts')
  const mayEdit = useMay('admin')
  const [open, setOpen] = useState<'none' | 'enter' | 'forget'>('none')
  const close = () => setOpen('none')
  const isKey = kindOf(link.driver).logsIn === 'key'
  // A camera or a server that asks for none is live without; one that was given none may have been refused.
  const needsNone = link.secret === 'none' && (isKey || link.state.is === 'live')
  const isUrgent = (link.secret === 'none' && !needsNone) || link.state.is === 'refused'
  return (
    <section className={styles.hub} aria-label={t('loginTitle')}>
      <h3>{t('loginTitle')}</h3>
      {needsNone ? (
        <p className={styles.soft}>{t(isKey ? 'kept-none-key' : 'kept-none-live')}</p>
      ) : (
        <p className={link.secret === 'os' ? styles.soft : styles.warning}>{t(`kept-${link.secret}`)}</p>
      )}
      <p className={styles.hubLine}>
        <Button
          primary={isUrgent}
          disabled={!mayEdit}
          title={mayEdit ? undefined : t('adminOnly')}
          onClick={() => setOpen('enter')}
        >
          {t(link.secret === 'none' ? (isKey ? 'enterKey' : 'enter') : 'change')}
        </Button>
        {link.secret === 'none' ? null : (
          <Button disabled={!mayEdit} onClick={() => setOpen('forget')}>
            {t('forget')}
          </Button>
        )}
      </p>
      {open === 'enter' ? <EnterDialog link={link} onClose={close} /> : null}
      {open === 'forget' ? <ForgetDialog link={link} onClose={close} /> : null}
    </section>
  )
}

interface DialogProps {
  readonly link: Link
  readonly onClose: () => void
}

function EnterDialog({ link, onClose }: DialogProps) {
  const { t } = useTranslation('accounts')
  const save = useAction('links.credentials')
  const keyOnly = kindOf(link.driver).logsIn === 'key'
  const [draft, setDraft] = useState<CredentialsDraft>({ ...untyped, how: keyOnly ? 'key' : 'password' })
  const credentials = credentialsOf(draft)
  return (
    <Dialog
      title={t('enterTitle', { name: link.name })}
      onClose={onClose}
      canSubmit={credentials !== undefined}
      busy={save.asking}
      fault={save.fault}
      onSubmit={() => {
        if (credentials) void save.ask({ id: link.id, credentials }).then((done) => done && onClose())
      }}
    >
      <CredentialFields draft={draft} onChange={setDraft} kept={link.secret} required keyOnly={keyOnly} />
    </Dialog>
  )
}

function ForgetDialog({ link, onClose }: DialogProps) {
  const { t } = useTranslation('accounts')
  const save = useAction('links.credentials')
  return (
    <Dialog
      title={t('forgetTitle', { name: link.name })}
      onClose={onClose}
      submitLabel={t('forget')}
      danger
      busy={save.asking}
      fault={save.fault}
      onSubmit={() => void save.ask({ id: link.id, credentials: null }).then((done) => done && onClose())}
    >
      <p>{t('forgetText')}</p>
    </Dialog>
  )
}
