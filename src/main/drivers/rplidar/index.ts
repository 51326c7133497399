/** RPLIDARs of Slamtec (C1, A1) on a serial port of this machine: one link is one LiDAR. */
import type { Driver } from '../../link.ts'
import { RplidarLink } from './link.ts'
import type { RplidarProfile } from './profile.ts'
import { testRplidar } from './test-link.ts'

export const rplidar: Driver<RplidarProfile> = {
  name: 'rplidar',
  role: 'dials',
  async open(context) {
    return new RplidarLink(context)
  },
  test: testRplidar,
}
