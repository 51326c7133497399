/** Adds a user of a server of ours, or changes role and password of one. */
import { NativeSelect, PasswordInput, TextInput } from '@mantine/core'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { AccountUser } from '../../../../contract/accounts.ts'
import type { LinkId } from '../../../../contract/links.ts'
import { roles } from '../../../../contract/roles.ts'
import { useAction } from '../../../data/action.ts'
import { Dialog } from '../../../ui/dialog.tsx'
import styles from '../links.module.css'
import { nameComplaint, passwordComplaint } from './user-form.ts'

interface Props {
  readonly link: LinkId
  /** Null: a new one. */
  readonly user: AccountUser | null
  readonly users: readonly AccountUser[]
  /** Its roles mean something else there. */
  readonly isGateway: boolean
  readonly onClose: () => void
  readonly onDone: () => void
}

export function UserDialog({ link, user, users, isGateway, onClose, onDone }: Props) {
  const { t } = useTranslation('accounts')
  const save = useAction('links.users.save')
  const [name, setName] = useState(user?.user ?? '')
  const [password, setPassword] = useState('')
  const [role, setRole] = useState(user?.role ?? 'viewer')
  const taken = user ? [] : users.map((one) => one.user)
  const wrongName = user ? null : nameComplaint(name, taken)
  const wrongPassword = user && password === '' ? null : passwordComplaint(password)
  const look = { input: styles.field ?? '', description: styles.fieldHint ?? '' }
  return (
    <Dialog
      title={user ? t('editUserTitle', { user: user.user }) : t('addUserTitle')}
      onClose={onClose}
      canSubmit={wrongName === null && wrongPassword === null}
      busy={save.asking}
      fault={save.fault}
      onSubmit={() =>
        void save
          .ask({ id: link, user: name.trim(), role, ...(password === '' ? {} : { password }) })
          .then((done) => done && onDone())
      }
    >
      <TextInput
        label={t('user')}
        classNames={look}
        value={name}
        disabled={user !== null}
        error={name !== '' && wrongName !== null ? t(`name-${wrongName}`) : undefined}
        onChange={(event) => setName(event.currentTarget.value)}
        autoComplete="off"
        spellCheck={false}
        data-autofocus={user === null || undefined}
      />
      <PasswordInput
        label={t(user ? 'newPassword' : 'password')}
        description={user ? t('keepPassword') : t('passwordRules')}
        classNames={look}
        value={password}
        error={password !== '' && wrongPassword !== null ? t(`rule-${wrongPassword}`) : undefined}
        onChange={(event) => setPassword(event.currentTarget.value)}
        autoComplete="new-password"
      />
      <NativeSelect
        label={t('role')}
        classNames={look}
        value={role}
        onChange={(event) => setRole(roles.find((one) => one === event.currentTarget.value) ?? role)}
        data={roles.map((value) => ({
          value,
          label: t(isGateway ? `gateway-role-${value}` : `role-${value}`),
        }))}
      />
    </Dialog>
  )
}
