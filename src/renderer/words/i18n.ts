/** Starts i18next with the bundled words; nothing is ever fetched. */
import i18next from 'i18next'
import { initReactI18next } from 'react-i18next'
import { words } from './words.ts'

export type Language = 'en' | 'vi'

export async function startWords(): Promise<void> {
  const names = Object.keys(words) as (keyof typeof words)[]
  await i18next.use(initReactI18next).init({
    lng: languageOf('auto'),
    fallbackLng: 'en',
    ns: names,
    defaultNS: 'common',
    keySeparator: false,
    interpolation: { escapeValue: false }, // React escapes
    resources: {
      en: Object.fromEntries(names.map((name) => [name, words[name].en])),
      vi: Object.fromEntries(names.map((name) => [name, words[name].vi])),
    },
  })
}

export function languageOf(setting: 'auto' | Language): Language {
  if (setting !== 'auto') return setting
  return navigator.language.toLowerCase().startsWith('vi') ? 'vi' : 'en'
}

export async function speak(setting: 'auto' | Language): Promise<void> {
  const language = languageOf(setting)
  document.documentElement.lang = language
  if (i18next.language !== language) await i18next.changeLanguage(language)
}
