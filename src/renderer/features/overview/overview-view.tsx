/** The overview: the incident in focus, the devices, and what else a shift watches, as panes the operator may arrange. */
import {
  type DockviewApi,
  DockviewDefaultTab,
  DockviewReact,
  type IDockviewPanelHeaderProps,
} from 'dockview-react'
import { useEffect, useRef } from 'react'
import { useTranslation } from 'react-i18next'
import { useSite } from '../../data/site.ts'
import { useScheme } from '../../theme/scheme.ts'
import { Button } from '../../ui/button.tsx'
import './dock.css'
import { forgetLayout, keepLayout, restoreLayout } from './layout.ts'
import { type PaneId, paneComponents, paneTitles } from './panes.tsx'

/** No pane can be closed: what is not there cannot be missed. */
function Tab(props: IDockviewPanelHeaderProps) {
  return <DockviewDefaultTab {...props} hideClose />
}

const theme = { name: 'watchfloor', className: 'dock', dndOverlayMounting: 'relative' } as const

export function OverviewView() {
  const { t, i18n } = useTranslation('overview')
  const scheme = useScheme()
  const user = useSite()?.user ?? ''
  const dock = useRef<DockviewApi | null>(null)
  // biome-ignore lint/correctness/useExhaustiveDependencies: the language is what changes the titles
  useEffect(() => titlePanes(dock.current, t), [t, i18n.language])
  return (
    // Each person has a layout of their own, so another one begins a new dock.
    <DockviewReact
      key={user}
      theme={{ ...theme, colorScheme: scheme }}
      components={paneComponents}
      defaultTabComponent={Tab}
      rightHeaderActionsComponent={ResetLayout}
      disableFloatingGroups
      disableTabsOverflowList
      onReady={({ api }) => {
        dock.current = api
        restoreLayout(api, user)
        titlePanes(api, t)
        api.onDidLayoutChange(() => keepLayout(api, user))
      }}
    />
  )
}

function titlePanes(api: DockviewApi | null, t: (key: (typeof paneTitles)[PaneId]) => string): void {
  for (const panel of api?.panels ?? []) {
    const title = Object.entries(paneTitles).find(([id]) => id === panel.id)?.[1]
    if (title !== undefined) panel.api.setTitle(t(title))
  }
}

function ResetLayout({
  containerApi,
  panels,
}: {
  containerApi: DockviewApi
  panels: readonly { id: string }[]
}) {
  const { t } = useTranslation('overview')
  const user = useSite()?.user ?? ''
  if (!panels.some((panel) => panel.id === 'incident')) return null
  return (
    <Button
      className="dock-reset"
      onClick={() => {
        forgetLayout(user)
        containerApi.clear()
        restoreLayout(containerApi, user)
        titlePanes(containerApi, t)
      }}
    >
      {t('resetLayout')}
    </Button>
  )
}
