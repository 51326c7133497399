/** The form of `modbus-bus`. */
import type { Kind, ProfileOf } from './kind.ts'

export const modbusBus: Kind<ProfileOf<'modbus-bus'>> = {
  driver: 'modbus-bus',
  stem: 'bus',
  fields: [],
  empty: {},
  read: () => ({}),
  complaints: () => ({}),
  build() {
    throw new Error('no form yet')
  },
}
