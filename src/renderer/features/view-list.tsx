/** The views in the order of their keys 1–9. A new feature is one more line. */
import type { ComponentType } from 'react'
import type { View } from '../data/route.ts'
import { BlueAlertsView } from './blue-alerts/blue-alerts-view.tsx'
import { CamerasView } from './cameras/cameras-view.tsx'
import { FacesView } from './faces/faces-view.tsx'
import { HistoryView } from './history/history-view.tsx'
import { LinksView } from './links/links-view.tsx'
import { OverviewView } from './overview/overview-view.tsx'
import { RulesView } from './rules/rules-view.tsx'
import { SettingsView } from './settings/settings-view.tsx'
import { VehiclesView } from './vehicles/vehicles-view.tsx'

interface ViewEntry {
  readonly id: View
  readonly title:
    | 'viewOverview'
    | 'viewFaces'
    | 'viewRules'
    | 'viewCameras'
    | 'viewBlueAlerts'
    | 'viewVehicles'
    | 'viewHistory'
    | 'viewLinks'
    | 'viewSettings'
  readonly Component: ComponentType
}

export const viewList: readonly ViewEntry[] = [
  { id: 'overview', title: 'viewOverview', Component: OverviewView },
  { id: 'cameras', title: 'viewCameras', Component: CamerasView },
  { id: 'faces', title: 'viewFaces', Component: FacesView },
  { id: 'blue-alerts', title: 'viewBlueAlerts', Component: BlueAlertsView },
  { id: 'vehicles', title: 'viewVehicles', Component: VehiclesView },
  { id: 'history', title: 'viewHistory', Component: HistoryView },
  { id: 'links', title: 'viewLinks', Component: LinksView },
  { id: 'rules', title: 'viewRules', Component: RulesView },
  { id: 'settings', title: 'viewSettings', Component: SettingsView },
]
