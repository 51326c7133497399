/** The blue-light protocol: a hub that cameras connect to, and a client that dials a relay as a monitor. */
import type { Driver } from '../../link.ts'
import { Client, type ClientProfile } from './client.ts'
import { Hub, type HubProfile } from './hub.ts'
import { hubLimits } from './hub-limits.ts'
import { testClient, testHub } from './test-link.ts'

export const blueLightHub: Driver<HubProfile> = {
  name: 'blue-light-hub',
  role: 'listens',
  async open(context) {
    const hub = new Hub(context, hubLimits)
    await hub.start()
    return hub
  },
  test: testHub,
}

export const blueLightClient: Driver<ClientProfile> = {
  name: 'blue-light-client',
  role: 'dials',
  async open(context) {
    const client = new Client(context)
    client.start()
    return client
  },
  test: testClient,
}
