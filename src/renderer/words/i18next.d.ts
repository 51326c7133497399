/** Makes a misspelt or missing key a compile error. */
import 'i18next'
import type { words } from './words.ts'

declare module 'i18next' {
  interface CustomTypeOptions {
    defaultNS: 'common'
    returnNull: false
    keySeparator: false
    nsSeparator: ':'
    resources: { readonly [N in keyof typeof words]: (typeof words)[N]['en'] }
  }
}
