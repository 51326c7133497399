/** The OpenEye protocol: a client that dials an OpenEye server, and a server that others' dashboards can use. */
import type { Driver } from '../../link.ts'
import { Client } from './client/client.ts'
import type { ClientProfile } from './client/profile.ts'
import { testClient } from './client/test-link.ts'

export { openEyeServer } from './server/index.ts'

export const openEyeClient: Driver<ClientProfile> = {
  name: 'openeye-client',
  role: 'dials',
  async open(context) {
    const client = new Client(context)
    client.start()
    return client
  },
  test: testClient,
  keepCredentials: (credentials) => JSON.stringify(credentials),
}
