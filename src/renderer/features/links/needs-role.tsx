/** Why the acting controls here are disabled, where the session's role does not allow them. */
import { useTranslation } from 'react-i18next'
import type { Role } from '../../../contract/roles.ts'
import { useMay, useSite } from '../../data/site.ts'
import styles from './links.module.css'

export function NeedsRole({ needed }: { readonly needed: Role }) {
  const { t } = useTranslation('common')
  const may = useMay(needed)
  const site = useSite()
  if (may || !site) return null
  return <p className={styles.soft}>{t('needsRole', { role: t(site.role), needed: t(needed) })}</p>
}
