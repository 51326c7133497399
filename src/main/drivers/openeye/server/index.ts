/** The server as a driver. Users and a key that cannot be read are a state of the link, not a crash. */
import { Fault } from '../../../../contract/fault.ts'
import type { Driver, LinkContext, RunningLink } from '../../../link.ts'
import { LinkBook } from '../../../link-book.ts'
import { serverLimits } from './limits.ts'
import type { ServerProfile } from './profile.ts'
import { Server } from './server.ts'
import { testServer } from './test-link.ts'

/** Stands in for a server whose secret cannot be read: nobody may log in, and the link says why. */
function refused(context: LinkContext<ServerProfile>, reason: string): RunningLink {
  const { profile } = context
  const book = new LinkBook(context, profile.id, `http://${profile.host}:${profile.port}`, 60_000)
  book.become({ is: 'refused', reason })
  return {
    deliver: async () => ({ is: 'refused', reason }),
    retry() {},
    forget() {},
    async close() {
      book.close()
    },
  }
}

export const openEyeServer: Driver<ServerProfile> = {
  name: 'openeye-server',
  role: 'listens',
  async open(context) {
    try {
      const server = await Server.open(context, serverLimits)
      await server.start()
      return server
    } catch (error) {
      if (!(error instanceof Fault)) throw error
      context.log.error('openeye-secret', { link: context.profile.id, reason: error.message })
      return refused(context, `${error.message}. ${error.tip}`)
    }
  },
  test: testServer,
}
