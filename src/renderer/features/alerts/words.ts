/** The words of this feature. */
import { bilingual } from '../../words/bilingual.ts'

export const alertsWords = bilingual({
  en: { title: 'alerts' },
  vi: { title: 'alerts' },
})
