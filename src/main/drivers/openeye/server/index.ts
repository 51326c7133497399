/** The server as a driver. Users and a key that cannot be read are a state of the link, not a crash. */
import type { Driver } from '../../../link.ts'
import type { ServerProfile } from './profile.ts'
import { Standby } from './standby.ts'
import { testServer } from './test-link.ts'

export const openEyeServer: Driver<ServerProfile> = {
  name: 'openeye-server',
  role: 'listens',
  async open(context) {
    const standby = new Standby(context)
    return (await standby.open()) ?? standby
  },
  test: testServer,
}
