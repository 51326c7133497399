/** The form of `rplidar`. */
import type { Kind, ProfileOf } from './kind.ts'

export const rplidar: Kind<ProfileOf<'rplidar'>> = {
  driver: 'rplidar',
  stem: 'lidar',
  fields: [],
  empty: {},
  read: () => ({}),
  complaints: () => ({}),
  build() {
    throw new Error('no form yet')
  },
}
