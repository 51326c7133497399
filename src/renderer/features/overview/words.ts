/** The words of this feature. */
import { bilingual } from '../../words/bilingual.ts'

export const overviewWords = bilingual({
  en: { title: 'overview' },
  vi: { title: 'overview' },
})
