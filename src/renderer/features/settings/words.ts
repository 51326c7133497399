/** The words of this feature. */
import { bilingual } from '../../words/bilingual.ts'

export const settingsWords = bilingual({
  en: { title: 'settings' },
  vi: { title: 'settings' },
})
