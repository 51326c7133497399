/** The fields of user name and password, or of a pasted token. */
import { NativeSelect, PasswordInput, Textarea, TextInput } from '@mantine/core'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { KeptSecret } from '../../../../contract/accounts.ts'
import styles from '../links.module.css'
import { type CredentialsDraft, credentialsComplaint } from './credentials-form.ts'

interface Props {
  readonly draft: CredentialsDraft
  readonly onChange: (draft: CredentialsDraft) => void
  readonly kept: KeptSecret
  /** There is no choice of leaving it as it is. */
  readonly required?: boolean
  /** An API key is all there is to enter. */
  readonly keyOnly?: boolean
}

export function CredentialFields({ draft, onChange, kept, required, keyOnly }: Props) {
  const { t } = useTranslation('accounts')
  const [touched, setTouched] = useState<ReadonlySet<string>>(new Set())
  const complaint = credentialsComplaint(draft)
  const field = (name: 'user' | 'password' | 'token') => ({
    classNames: { input: styles.field ?? '', description: styles.fieldHint ?? '' },
    label: t(name),
    value: draft[name],
    error: complaint === name && touched.has(name) ? t(`why-${name}`) : undefined,
    onChange: (event: { readonly currentTarget: { readonly value: string } }) =>
      onChange({ ...draft, [name]: event.currentTarget.value }),
    onBlur: () => setTouched((before) => new Set([...before, name])),
    autoComplete: 'off',
    spellCheck: false,
  })
  const hows = keyOnly ? (['key'] as const) : (['password', 'token'] as const)
  return (
    <fieldset className={styles.form}>
      <legend className="visually-hidden">{t('loginTitle')}</legend>
      <NativeSelect
        label={t('how')}
        classNames={{ input: styles.field ?? '' }}
        value={draft.how}
        onChange={(event) => {
          const chosen = event.currentTarget.value
          const how = hows.find((one) => one === chosen) ?? 'keep'
          onChange({ ...draft, how })
        }}
        data={[
          ...(required ? [] : [{ value: 'keep', label: t(kept === 'none' ? 'how-none' : 'how-kept') }]),
          ...hows.map((value) => ({ value, label: t(`how-${value}`) })),
        ]}
      />
      {draft.how === 'password' ? (
        <>
          <TextInput {...field('user')} />
          <PasswordInput {...field('password')} description={t('passwordHint')} autoComplete="new-password" />
        </>
      ) : null}
      {draft.how === 'key' ? (
        <PasswordInput
          {...field('token')}
          label={t('key')}
          error={complaint === 'key' && touched.has('token') ? t('why-key') : undefined}
          description={t('keyHint')}
          autoComplete="new-password"
        />
      ) : null}
      {draft.how === 'token' ? <Textarea {...field('token')} description={t('tokenHint')} rows={3} /> : null}
    </fieldset>
  )
}
