/** A server of ours: where dashboards point, who may log in, and a word to those who are connected. */
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { AccountUser } from '../../../../contract/accounts.ts'
import type { Link } from '../../../../contract/links.ts'
import { useNow } from '../../../data/now.ts'
import { useMay } from '../../../data/site.ts'
import { useTimes } from '../../../data/times.ts'
import { Button } from '../../../ui/button.tsx'
import { CopyButton } from '../../../ui/copy-button.tsx'
import { FaultNote } from '../../../ui/fault-note.tsx'
import { isLoopback } from '../kinds/address.ts'
import styles from '../links.module.css'
import { BroadcastDialog } from './broadcast-dialog.tsx'
import { RemoveUserDialog, RevokeDialog, RotateKeyDialog } from './end-dialogs.tsx'
import { useUsers } from './use-users.ts'
import { UserDialog } from './user-dialog.tsx'

type Open =
  | { readonly is: 'none' | 'add' | 'rotate' | 'broadcast' }
  | { readonly is: 'edit' | 'remove' | 'revoke'; readonly user: AccountUser }

export function ServerAccounts({ link }: { readonly link: Link }) {
  const { t } = useTranslation('accounts')
  const { t: tl } = useTranslation('links')
  const mayEdit = useMay('admin')
  const { profile } = link
  const isGateway = profile.driver === 'oht50-gateway'
  const host = profile.driver === 'openeye-server' || isGateway ? profile.host : ''
  return (
    <section className={styles.hub} aria-label={t('serverTitle')}>
      <h3>{t('serverTitle')}</h3>
      <p className={styles.hubLine}>
        {t(isGateway ? 'gatewayPoint' : 'serverPoint')} <code>{link.address}</code>
        <CopyButton text={link.address} label={tl('copy')} done={tl('copied')} failed={tl('copyFailed')} />
      </p>
      {isLoopback(host) ? (
        <p className={styles.soft}>{tl('hubLoopback')}</p>
      ) : (
        <p className={styles.warning}>{tl('serverOpen', { host })}</p>
      )}
      {mayEdit ? <UserList link={link} /> : <p className={styles.soft}>{t('adminOnly')}</p>}
    </section>
  )
}

function UserList({ link }: { readonly link: Link }) {
  const { t } = useTranslation('accounts')
  const { users, fault, again } = useUsers(link.id)
  const [open, setOpen] = useState<Open>({ is: 'none' })
  const close = () => setOpen({ is: 'none' })
  const done = () => {
    close()
    again()
  }
  const ends = { link: link.id, onClose: close, onDone: done }
  return (
    <>
      {fault ? <FaultNote fault={fault} onRetry={again} /> : null}
      {users === null && fault === null ? <p role="status">{t('reading')}</p> : null}
      {users?.length === 0 ? (
        <p className={styles.warning}>{t(link.driver === 'oht50-gateway' ? 'gatewayNone' : 'serverNone')}</p>
      ) : null}
      {users !== null && users.length > 0 ? (
        <UserTable users={users} onAct={(is, user) => setOpen({ is, user })} />
      ) : null}
      <p className={styles.hubLine}>
        <Button primary={users?.length === 0} onClick={() => setOpen({ is: 'add' })}>
          {t('addUser')}
        </Button>
        <Button disabled={!users?.length} onClick={() => setOpen({ is: 'broadcast' })}>
          {t('broadcast')}
        </Button>
        <Button disabled={!users?.length} onClick={() => setOpen({ is: 'rotate' })}>
          {t('rotate')}
        </Button>
      </p>
      {open.is === 'add' || open.is === 'edit' ? (
        <UserDialog
          {...ends}
          isGateway={link.driver === 'oht50-gateway'}
          user={open.is === 'edit' ? open.user : null}
          users={users ?? []}
        />
      ) : null}
      {open.is === 'remove' ? <RemoveUserDialog {...ends} user={open.user.user} /> : null}
      {open.is === 'revoke' ? <RevokeDialog {...ends} user={open.user.user} /> : null}
      {open.is === 'rotate' ? <RotateKeyDialog {...ends} /> : null}
      {open.is === 'broadcast' ? (
        <BroadcastDialog link={link.id} users={users ?? []} onClose={close} />
      ) : null}
    </>
  )
}

interface TableProps {
  readonly users: readonly AccountUser[]
  readonly onAct: (is: 'edit' | 'remove' | 'revoke', user: AccountUser) => void
}

function UserTable({ users, onAct }: TableProps) {
  const { t } = useTranslation('accounts')
  const times = useTimes()
  const now = useNow()
  return (
    <div className={styles.tableBox}>
      <table className={styles.table}>
        <thead>
          <tr>
            <th>{t('colUser')}</th>
            <th>{t('colRole')}</th>
            <th>{t('colConnections')}</th>
            <th>{t('colRequests')}</th>
            <th>{t('colLogin')}</th>
            <th />
          </tr>
        </thead>
        <tbody>
          {users.map((user) => (
            <tr key={user.user}>
              <td>{user.user}</td>
              <td>{user.role}</td>
              <td>{user.connections}</td>
              <td>{user.requests}</td>
              <td>{user.lastLoginAt === null ? t('never') : times.clockOrDate(user.lastLoginAt, now)}</td>
              <td className={styles.rowButtons}>
                <Button onClick={() => onAct('edit', user)}>{t('editUser')}</Button>
                <Button onClick={() => onAct('revoke', user)}>{t('revoke')}</Button>
                <Button onClick={() => onAct('remove', user)}>{t('removeUser')}</Button>
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  )
}
