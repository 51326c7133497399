/** The OHT-50 vehicle over the network: its firmware's WebSocket and HTTP, its backend's WebSocket, or a gateway in their place. */
import type { Driver } from '../../link.ts'
import { Client } from './client.ts'
import type { VehicleProfile } from './profile.ts'
import { testLink } from './test-link.ts'

export const oht50Client: Driver<VehicleProfile> = {
  name: 'oht50-client',
  role: 'dials',
  async open(context) {
    const client = new Client(context)
    client.start()
    return client
  },
  test: testLink,
  keepCredentials: (credentials) => JSON.stringify(credentials),
}
