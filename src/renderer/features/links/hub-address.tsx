/** Where a blue-light device has to connect, ready to copy, and who else can reach that place. */
import { useTranslation } from 'react-i18next'
import type { Link } from '../../../contract/links.ts'
import { useNow } from '../../data/now.ts'
import { CopyButton } from '../../ui/copy-button.tsx'
import { isLoopback } from './kinds/address.ts'
import styles from './links.module.css'
import { useLinkWords } from './use-link-words.ts'

export function HubAddress({ link }: { readonly link: Link }) {
  const { t } = useTranslation('links')
  const words = useLinkWords()
  const now = useNow()
  if (link.profile.driver !== 'blue-light-hub') return null
  const { host } = link.profile
  const isOpen = link.state.is === 'live' || link.state.is === 'listening' || link.state.is === 'silent'
  const isAny = host === '0.0.0.0' || host === '::'
  return (
    <section className={styles.hub} aria-label={t('hubTitle')}>
      <h3>{t('hubTitle')}</h3>
      <p className={styles.hubLine}>
        {t('hubPoint')} <code>{link.address}</code>
        <CopyButton text={link.address} label={t('copy')} done={t('copied')} failed={t('copyFailed')} />
      </p>
      {isOpen ? null : <p className={styles.warning}>{t('hubClosed', { state: words.state(link, now) })}</p>}
      {isLoopback(host) ? (
        <p className={styles.soft}>{t('hubLoopback')}</p>
      ) : (
        <p className={styles.warning}>
          {t('hubOpen', { host })} {isAny ? t('hubAny') : ''}
        </p>
      )}
    </section>
  )
}
