/** The screen as a whole: what surrounds every view, and which view is shown. */
import { MantineProvider } from '@mantine/core'
import { useEffect } from 'react'
import { ClientProvider } from './data/client.ts'
import { useSite } from './data/site.ts'
import { type Sources, SourcesProvider } from './data/sources.ts'
import { wallOfWindow } from './data/wall-window.ts'
import { WallWindow } from './features/cameras/wall-window.tsx'
import { Shell } from './features/shell/shell.tsx'
import { mantineTheme } from './theme/mantine-theme.ts'
import { useScheme } from './theme/scheme.ts'
import { speak } from './words/i18n.ts'

export function App({ sources }: { readonly sources: Sources }) {
  const scheme = useScheme()
  const site = useSite()
  const language = site?.language ?? 'auto'
  const siteName = site?.siteName ?? 'Watchfloor'
  useEffect(() => void speak(language), [language])
  useEffect(() => {
    document.title = siteName
  }, [siteName])
  return (
    // Its variables and classes would arrive in <style> elements, which the page's CSP forbids: theme/mantine.css has them.
    <MantineProvider
      theme={mantineTheme}
      forceColorScheme={scheme}
      withCssVariables={false}
      withGlobalClasses={false}
    >
      <ClientProvider value={sources.client}>
        <SourcesProvider value={sources}>
          {wallOfWindow === null ? <Shell /> : <WallWindow />}
        </SourcesProvider>
      </ClientProvider>
    </MantineProvider>
  )
}
