/** The links that open a screen with a role. Shown only when asked for: whoever sees one may use it. */
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { Role } from '../../../contract/roles.ts'
import { useAction } from '../../data/action.ts'
import type { Output } from '../../data/client.ts'
import { useMay, useSite } from '../../data/site.ts'
import { Button } from '../../ui/button.tsx'
import { CopyButton } from '../../ui/copy-button.tsx'
import { Dialog } from '../../ui/dialog.tsx'
import { FaultNote } from '../../ui/fault-note.tsx'
import styles from './settings.module.css'

type Links = Output<'access.links'>['links']

export function AccessLinks() {
  const { t } = useTranslation('settings')
  const isAdmin = useMay('admin')
  const site = useSite()
  const read = useAction('access.links')
  const [links, setLinks] = useState<Links | null>(null)
  const [rotating, setRotating] = useState<Role | null>(null)
  const [isRotated, setRotated] = useState(false)
  if (!isAdmin) return <p className={styles.soft}>{t('accessAdmin')}</p>
  const show = async (): Promise<void> => {
    const answer = await read.ask({})
    if (answer) setLinks(answer.links)
  }
  return (
    <>
      <p className={styles.soft}>{t('accessHint')}</p>
      <div className={styles.control}>
        <Button
          busy={read.asking && '…'}
          onClick={() => (links ? setLinks(null) : void show())}
          aria-expanded={links !== null}
        >
          {links ? t('accessHide') : t('accessShow')}
        </Button>
        <span className={styles.saved} role="status">
          {isRotated ? t('accessRotated') : ''}
        </span>
      </div>
      {read.fault ? <FaultNote fault={read.fault} onRetry={() => void show()} /> : null}
      {links?.length === 0 ? (
        <p className={styles.soft}>{site?.shell === 'electron' ? t('accessNone') : t('accessAdmin')}</p>
      ) : null}
      {links?.map((link) => (
        <AccessRow key={link.role} link={link} onRotate={() => setRotating(link.role)} />
      ))}
      {rotating ? (
        <RotateDialog
          role={rotating}
          onClose={() => setRotating(null)}
          onDone={() => {
            setRotating(null)
            setRotated(true)
            void show()
          }}
        />
      ) : null}
    </>
  )
}

function AccessRow({ link, onRotate }: { readonly link: Links[number]; readonly onRotate: () => void }) {
  const { t } = useTranslation('settings')
  const { t: tc } = useTranslation('common')
  return (
    <div className={styles.access}>
      <strong>{tc(link.role)}</strong>
      <span className={styles.soft}>{t(`can-${link.role}`)}</span>
      <code>{link.url}</code>
      <CopyButton
        text={link.url}
        label={t('accessCopy')}
        done={t('accessCopied')}
        failed={t('accessCopyFailed')}
      />
      <Button onClick={onRotate}>{t('accessRotate')}</Button>
    </div>
  )
}

interface RotateProps {
  readonly role: Role
  readonly onClose: () => void
  readonly onDone: () => void
}

function RotateDialog({ role, onClose, onDone }: RotateProps) {
  const { t } = useTranslation('settings')
  const { t: tc } = useTranslation('common')
  const rotate = useAction('access.rotate')
  return (
    <Dialog
      title={t('accessRotateTitle', { role: tc(role) })}
      onClose={onClose}
      submitLabel={t('accessRotate')}
      danger
      busy={rotate.asking}
      fault={rotate.fault}
      onSubmit={() => void rotate.ask({ role }).then((done) => done && onDone())}
    >
      <p>{t('accessRotateText')}</p>
    </Dialog>
  )
}
