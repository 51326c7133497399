/** A connection test in words: whether the port can be opened and answers. */
import type { LinkTest } from '../../../contract/links.ts'
import { readJson } from '../../io/json.ts'
import { testServer } from '../../io/test-server.ts'
import { isFields } from './fields.ts'
import { serviceName } from './http.ts'
import type { GatewayProfile } from './profile.ts'

function isHealth(body: Buffer): boolean {
  const read = readJson(body)
  return read.ok && isFields(read.value) && read.value.service === serviceName
}

export function testGateway({ host, port }: GatewayProfile): Promise<LinkTest> {
  const health = { service: serviceName }
  return testServer({ path: '/health', health, isHealth, otherwise: 'no gateway of ours' }, host, port)
}
