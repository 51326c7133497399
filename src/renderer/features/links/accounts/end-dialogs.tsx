/** The three ways to end logins at a server of ours: of one user for now, of one for good, of everybody. */
import { useTranslation } from 'react-i18next'
import type { LinkId } from '../../../../contract/links.ts'
import { useAction } from '../../../data/action.ts'
import { Dialog } from '../../../ui/dialog.tsx'

interface Props {
  readonly link: LinkId
  readonly onClose: () => void
  readonly onDone: () => void
}

type UserProps = Props & { readonly user: string }

export function RemoveUserDialog({ link, user, onClose, onDone }: UserProps) {
  const { t } = useTranslation('accounts')
  const remove = useAction('links.users.remove')
  return (
    <Dialog
      title={t('removeUserTitle', { user })}
      onClose={onClose}
      submitLabel={t('removeUser')}
      danger
      busy={remove.asking}
      fault={remove.fault}
      onSubmit={() => void remove.ask({ id: link, user }).then((done) => done && onDone())}
    >
      <p>{t('removeUserText')}</p>
    </Dialog>
  )
}

export function RevokeDialog({ link, user, onClose, onDone }: UserProps) {
  const { t } = useTranslation('accounts')
  const revoke = useAction('links.users.revoke')
  return (
    <Dialog
      title={t('revokeTitle', { user })}
      onClose={onClose}
      submitLabel={t('revoke')}
      danger
      busy={revoke.asking}
      fault={revoke.fault}
      onSubmit={() => void revoke.ask({ id: link, user }).then((done) => done && onDone())}
    >
      <p>{t('revokeText')}</p>
    </Dialog>
  )
}

export function RotateKeyDialog({ link, onClose, onDone }: Props) {
  const { t } = useTranslation('accounts')
  const rotate = useAction('links.key.rotate')
  return (
    <Dialog
      title={t('rotateTitle')}
      onClose={onClose}
      submitLabel={t('rotate')}
      danger
      busy={rotate.asking}
      fault={rotate.fault}
      onSubmit={() => void rotate.ask({ id: link }).then((done) => done && onDone())}
    >
      <p>{t('rotateText')}</p>
    </Dialog>
  )
}
