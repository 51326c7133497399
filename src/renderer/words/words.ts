/** All words of the screens, one namespace per feature. */
import { alertsWords } from '../features/alerts/words.ts'
import { blueAlertsWords } from '../features/blue-alerts/words.ts'
import { firstRunWords } from '../features/first-run/words.ts'
import { historyWords } from '../features/history/words.ts'
import { accountsWords } from '../features/links/accounts/words.ts'
import { profileWords } from '../features/links/profile-words.ts'
import { linksWords } from '../features/links/words.ts'
import { overviewWords } from '../features/overview/words.ts'
import { settingsWords } from '../features/settings/words.ts'
import { shellWords } from '../features/shell/words.ts'
import { commonWords } from './common.ts'

export const words = {
  common: commonWords,
  shell: shellWords,
  alerts: alertsWords,
  blueAlerts: blueAlertsWords,
  overview: overviewWords,
  history: historyWords,
  links: linksWords,
  profile: profileWords,
  accounts: accountsWords,
  settings: settingsWords,
  firstRun: firstRunWords,
} as const
