/** The form of `oht50-client`. */
import type { Kind, ProfileOf } from './kind.ts'

export const oht50Client: Kind<ProfileOf<'oht50-client'>> = {
  driver: 'oht50-client',
  stem: 'vehicle',
  fields: [],
  empty: {},
  read: () => ({}),
  complaints: () => ({}),
  build() {
    throw new Error('no form yet')
  },
}
