/** The words of this feature. */
import { bilingual } from '../../words/bilingual.ts'

export const firstRunWords = bilingual({
  en: { title: 'first-run' },
  vi: { title: 'first-run' },
})
