/** A connection test in words: whether the port can be opened and answers. */
import type { LinkTest } from '../../../../contract/links.ts'
import { readJson } from '../../../io/json.ts'
import { testServer as testPort } from '../../../io/test-server.ts'
import { isFields } from '../fields.ts'
import type { ServerProfile } from './profile.ts'

const health = { status: 'healthy' }

function isHealth(body: Buffer): boolean {
  const read = readJson(body)
  return read.ok && isFields(read.value) && read.value.status === health.status
}

export function testServer({ host, port }: ServerProfile): Promise<LinkTest> {
  return testPort({ path: '/api/health', health, isHealth, otherwise: 'no OpenEye server' }, host, port)
}
