/** The frame around every view: top bar, rail, the view, the alert list that is always there, the timeline. */
import { useTranslation } from 'react-i18next'
import { Fault } from '../../../contract/fault.ts'
import { useFirstSteps } from '../../data/first-run.ts'
import { useIsCutOff } from '../../data/health.ts'
import { useView } from '../../data/route.ts'
import { Boundary } from '../../ui/boundary.tsx'
import { FaultNote } from '../../ui/fault-note.tsx'
import { AlertDialogs } from '../alerts/alert-dialogs.tsx'
import { AlertList } from '../alerts/alert-list.tsx'
import { FirstRunView } from '../first-run/first-run-view.tsx'
import { ExportDialogs } from '../recordings/export-dialog.tsx'
import { viewList } from '../view-list.tsx'
import { Banners } from './banners.tsx'
import { FrameDialogs } from './frame-dialogs.tsx'
import { useKeyboard } from './keyboard.ts'
import { Rail } from './rail.tsx'
import styles from './shell.module.css'
import { Timeline } from './timeline.tsx'
import { TopBar } from './top-bar.tsx'

export function Shell() {
  const { t } = useTranslation('shell')
  const view = useView()
  const cutOff = useIsCutOff()
  useKeyboard()
  const shown = viewList.find((entry) => entry.id === view)
  const firstSteps = useFirstSteps()
  const isFirstRun = view === 'overview' && firstSteps !== 'hidden'
  if (isFirstRun && firstSteps === 'alone') {
    return (
      <main>
        <Banners />
        <Guard>
          <FirstRunView />
        </Guard>
        <FrameDialogs />
      </main>
    )
  }
  return (
    <div className={styles.screen} data-cut-off={cutOff}>
      <div className={styles.head}>
        <TopBar />
        <Banners />
      </div>
      <Rail />
      <main className={styles.stage} aria-label={shown ? t(shown.title) : undefined}>
        <Guard key={view}>{isFirstRun ? <FirstRunView /> : shown ? <shown.Component /> : null}</Guard>
      </main>
      <aside className={styles.alerts} aria-label={t('alertList')}>
        <Guard>
          <AlertList />
        </Guard>
      </aside>
      <footer className={styles.time}>
        <Guard>
          <Timeline />
        </Guard>
      </footer>
      <AlertDialogs />
      <FrameDialogs />
      <ExportDialogs />
    </div>
  )
}

function Guard({ children }: { readonly children: React.ReactNode }) {
  const { t } = useTranslation('shell')
  return (
    <Boundary
      fallback={(retry, error) => (
        <FaultNote
          fault={new Fault('bug', `${t('broken')} ${error.message}`, t('brokenTip'))}
          onRetry={retry}
        />
      )}
    >
      {children}
    </Boundary>
  )
}
