/** What this one screen keeps for itself, and the ways back to the first steps. */
import { useTranslation } from 'react-i18next'
import { openFirstSteps } from '../../data/first-run.ts'
import { go } from '../../data/route.ts'
import { setScheme, useScheme } from '../../theme/scheme.ts'
import { Button } from '../../ui/button.tsx'
import styles from './settings.module.css'

const schemes = ['dark', 'light'] as const

export function ThisScreen() {
  const { t } = useTranslation('settings')
  const scheme = useScheme()
  return (
    <>
      <div className={styles.setting}>
        <span id="setting-theme">{t('theme')}</span>
        <div className={styles.value}>
          <div className={styles.control} role="radiogroup" aria-labelledby="setting-theme">
            {schemes.map((one) => (
              <label key={one} className={styles.radio}>
                <input type="radio" name="theme" checked={scheme === one} onChange={() => setScheme(one)} />
                {t(`theme-${one}`)}
              </label>
            ))}
          </div>
          <p>{t('themeHint')}</p>
        </div>
      </div>
      <div className={styles.setting}>
        <span>{t('firstRun')}</span>
        <div className={styles.value}>
          <div className={styles.control}>
            <Button
              onClick={() => {
                openFirstSteps()
                go('overview')
              }}
            >
              {t('firstRunOpen')}
            </Button>
          </div>
          <p>{t('firstRunHint')}</p>
        </div>
      </div>
    </>
  )
}
