/** Settings: every option with its default and where its value comes from, access, the store's health, and about. */
import { type ReactNode, useRef } from 'react'
import { useTranslation } from 'react-i18next'
import { useSettings } from '../../data/settings.ts'
import { SoundTest } from '../alerts/sound-test.tsx'
import { NeedsRole } from '../links/needs-role.tsx'
import { About } from './about.tsx'
import { AccessLinks } from './access-links.tsx'
import { SettingField } from './setting-field.tsx'
import { rowsOf, type Section, sections } from './setting-groups.ts'
import styles from './settings.module.css'
import { StoreHealth } from './store-health.tsx'
import { ThisScreen } from './this-screen.tsx'

export function SettingsView() {
  const { t } = useTranslation('settings')
  const rows = useSettings()
  const page = useRef<HTMLDivElement>(null)
  const extra: Partial<Record<Section, ReactNode>> = {
    site: <ThisScreen />,
    alerts: (
      <div className={styles.setting}>
        <span>{t('soundTest')}</span>
        <div className={styles.value}>
          <SoundTest />
          <p>{t('soundTestHint')}</p>
        </div>
      </div>
    ),
    access: <AccessLinks />,
    health: <StoreHealth />,
    about: <About />,
  }
  return (
    <div className={styles.view}>
      <nav className={styles.nav} aria-label={t('sections')}>
        <h2>{t('title')}</h2>
        {sections.map((section) => (
          <button
            key={section}
            type="button"
            onClick={() => {
              const heading = page.current?.querySelector<HTMLElement>(`[data-section="${section}"]`)
              // Not scrollIntoView: it would also scroll the frame around the page, which must never move.
              if (page.current && heading) page.current.scrollTop = heading.offsetTop
              heading?.focus({ preventScroll: true })
            }}
          >
            {t(`section-${section}`)}
          </button>
        ))}
      </nav>
      <div ref={page} className={styles.page}>
        <NeedsRole needed="admin" />
        {rows === undefined ? <p className={styles.soft}>{t('loading')}</p> : null}
        {sections.map((section) => (
          <section key={section} className={styles.section}>
            <h3 data-section={section} tabIndex={-1}>
              {t(`section-${section}`)}
            </h3>
            {rowsOf(rows ?? [], section).map((row) => (
              <SettingField key={row.id} row={row} />
            ))}
            {extra[section]}
          </section>
        ))}
      </div>
    </div>
  )
}
