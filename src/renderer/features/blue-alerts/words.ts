/** The words of this feature. */
import { bilingual } from '../../words/bilingual.ts'

export const blueAlertsWords = bilingual({
  en: { title: 'blue-alerts' },
  vi: { title: 'blue-alerts' },
})
