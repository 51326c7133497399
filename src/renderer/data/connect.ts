/** The one client of this page, over the pipe its shell offers. */
import type { Api } from '../../contract/api.ts'
import { apiVersion } from '../../contract/version.ts'
import { createClient } from '../../rpc/client.ts'
import type { Pipe } from '../pipe.ts'
import type { Client } from './client.ts'
import { signedOnAs } from './site.ts'

export function connect({ dial, token }: Pipe): Client {
  return createClient<Api>(dial, {
    version: apiVersion,
    ...(token === '' ? {} : { token }),
    name: signedOnAs,
  })
}
