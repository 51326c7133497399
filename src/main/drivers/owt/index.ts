/** The OWT face protocol: pictures go to a server that finds and recognises the faces in them. */
import type { Driver } from '../../link.ts'
import { Client } from './client.ts'
import type { OwtProfile } from './profile.ts'
import { testLink } from './test-link.ts'

export const owtClient: Driver<OwtProfile> = {
  name: 'owt-client',
  role: 'dials',
  async open(context) {
    const client = new Client(context)
    client.start()
    return client
  },
  test: testLink,
  keepCredentials: (credentials) => JSON.stringify(credentials),
}
