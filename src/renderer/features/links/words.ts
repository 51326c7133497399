/** The words of this feature. */
import { bilingual } from '../../words/bilingual.ts'

export const linksWords = bilingual({
  en: { title: 'links' },
  vi: { title: 'links' },
})
