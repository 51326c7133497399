/** All words of the screens, one namespace per feature. */
import { alertsWords } from '../features/alerts/words.ts'
import { blueAlertsWords } from '../features/blue-alerts/words.ts'
import { cameraPlanWords } from '../features/cameras/plan-words.ts'
import { camerasWords } from '../features/cameras/words.ts'
import { facesWords } from '../features/faces/words.ts'
import { firstRunWords } from '../features/first-run/words.ts'
import { historyWords } from '../features/history/words.ts'
import { accountsWords } from '../features/links/accounts/words.ts'
import { profileWords } from '../features/links/profile-words.ts'
import { serialPortWords } from '../features/links/serial-port-words.ts'
import { linksWords } from '../features/links/words.ts'
import { overviewWords } from '../features/overview/words.ts'
import { recordingsWords } from '../features/recordings/words.ts'
import { vehicleRulesWords } from '../features/rules/vehicle-rule-words.ts'
import { rulesWords } from '../features/rules/words.ts'
import { settingsWords } from '../features/settings/words.ts'
import { shellWords } from '../features/shell/words.ts'
import { stopRequestWords } from '../features/stop-request/words.ts'
import { vehiclesWords } from '../features/vehicles/words.ts'
import { webcamWords } from '../features/webcam/words.ts'
import { commonWords } from './common.ts'

export const words = {
  common: commonWords,
  shell: shellWords,
  alerts: alertsWords,
  blueAlerts: blueAlertsWords,
  cameras: camerasWords,
  cameraPlan: cameraPlanWords,
  overview: overviewWords,
  history: historyWords,
  links: linksWords,
  profile: profileWords,
  serialPort: serialPortWords,
  accounts: accountsWords,
  faces: facesWords,
  recordings: recordingsWords,
  rules: rulesWords,
  settings: settingsWords,
  stopRequest: stopRequestWords,
  vehicles: vehiclesWords,
  vehicleRules: vehicleRulesWords,
  webcam: webcamWords,
  firstRun: firstRunWords,
} as const
