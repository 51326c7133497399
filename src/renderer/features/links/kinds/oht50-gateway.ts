/** The form of `oht50-gateway`. */
import type { Kind, ProfileOf } from './kind.ts'

export const oht50Gateway: Kind<ProfileOf<'oht50-gateway'>> = {
  driver: 'oht50-gateway',
  stem: 'gateway',
  fields: [],
  empty: {},
  read: () => ({}),
  complaints: () => ({}),
  build() {
    throw new Error('no form yet')
  },
}
