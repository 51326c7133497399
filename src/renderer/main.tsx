/** The page's entry: styles, client, sources, then React. */
import '@fontsource-variable/inter/index.css'
import '@mantine/core/styles.layer.css'
import 'dockview-react/dist/styles/dockview.css'
import './theme/tokens.css'
import './theme/mantine.css'
import './theme/base.css'
import { createRoot } from 'react-dom/client'
import { startAnalysis } from './analysis/host.ts'
import { App } from './app.tsx'
import { followAlertLinks } from './data/alert-link.ts'
import { connect } from './data/connect.ts'
import { watchHealth } from './data/health.ts'
import { setClockOffset, startTicking } from './data/now.ts'
import { watchPipe } from './data/pipe-status.ts'
import { watchSite } from './data/site.ts'
import { openSources } from './data/sources.ts'
import { watchTimeline } from './data/timeline.ts'
import { wallOfWindow } from './data/wall-window.ts'
import { startAnnunciator } from './features/alerts/annunciator.ts'
import { openPipe } from './pipe.ts'
import { applyScheme } from './theme/scheme.ts'
import { startWords } from './words/i18n.ts'

async function start(): Promise<void> {
  applyScheme()
  // Before the first wait: the desktop shell hands its port over once, as soon as the page is loaded.
  const pipe = openPipe()
  await startWords()
  const sources = openSources(connect(pipe))
  watchPipe(sources.client)
  watchHealth(sources, setClockOffset)
  watchSite(sources)
  watchTimeline(sources)
  startTicking()
  // A second window for a wall shows pictures; what sounds is the main one's.
  if (wallOfWindow === null) {
    startAnnunciator(sources)
    followAlertLinks()
  }
  startAnalysis(sources.client, pipe)
  const root = document.getElementById('root')
  if (root === null) throw new Error('index.html has no #root')
  createRoot(root).render(<App sources={sources} />)
}

void start()
