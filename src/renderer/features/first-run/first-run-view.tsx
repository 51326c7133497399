/** The first steps: use the demo site, connect to a server, plug in hardware, or skip. */
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { closeFirstSteps, useFirstSteps } from '../../data/first-run.ts'
import { go } from '../../data/route.ts'
import { useMay } from '../../data/site.ts'
import { Button } from '../../ui/button.tsx'
import { DemoChoice } from './demo-choice.tsx'
import styles from './first-run.module.css'
import { HardwareChoice } from './hardware-choice.tsx'
import { ServerChoice } from './server-choice.tsx'

const choices = ['demo', 'server', 'hardware'] as const
type Choice = (typeof choices)[number]

export function FirstRunView() {
  const { t } = useTranslation('firstRun')
  const standing = useFirstSteps()
  const mayConnect = useMay('admin')
  const [chosen, setChosen] = useState<Choice | null>(null)
  const finish = (): void => {
    closeFirstSteps()
    go('overview')
  }
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: Esc is heard wherever the focus is on this page
    <div
      className={styles.view}
      data-alone={standing === 'alone' || undefined}
      onKeyDown={(event) => {
        if (event.key !== 'Escape') return
        event.preventDefault()
        event.stopPropagation()
        if (chosen) setChosen(null)
        else finish()
      }}
    >
      <div className={styles.page}>
        <header>
          <h1>Watchfloor</h1>
          <p>{standing === 'alone' ? t('welcome') : t('again')}</p>
          {mayConnect ? null : <p className={styles.warning}>{t('admin')}</p>}
        </header>
        <div className={styles.choices}>
          {choices.map((choice, n) => (
            <button
              key={choice}
              type="button"
              className={styles.choice}
              aria-expanded={chosen === choice}
              // biome-ignore lint/a11y/noAutofocus: the only thing to do on this page
              autoFocus={n === 0}
              onClick={() => setChosen(choice)}
            >
              <strong>{t(choice)}</strong>
              <span>{t(`${choice}Text`)}</span>
            </button>
          ))}
        </div>
        {chosen === 'demo' ? <DemoChoice onDone={finish} /> : null}
        {chosen === 'server' ? <ServerChoice onDone={finish} /> : null}
        {chosen === 'hardware' ? <HardwareChoice /> : null}
        <footer>
          <Button onClick={finish}>{t('skip')}</Button>
          <span className={styles.soft}>{t('skipHint')}</span>
        </footer>
      </div>
    </div>
  )
}
