/** The server as a driver. Users and a key that cannot be read are a state of the link, not a crash. */
import { Standby } from '../../../accounts/standby.ts'
import type { Driver } from '../../../link.ts'
import { serverLimits } from './limits.ts'
import type { ServerProfile } from './profile.ts'
import { Server } from './server.ts'
import { testServer } from './test-link.ts'

export const openEyeServer: Driver<ServerProfile> = {
  name: 'openeye-server',
  role: 'listens',
  async open(context) {
    const { host, port } = context.profile
    const standby = new Standby(context, `http://${host}:${port}`, () => Server.open(context, serverLimits))
    return (await standby.open()) ?? standby
  },
  test: testServer,
}
