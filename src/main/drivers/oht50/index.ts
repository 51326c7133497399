/** The driver `oht50-client`. */
import type { LinkProfile } from '../../../contract/links.ts'
import type { Driver } from '../../link.ts'
import { LinkBook } from '../../link-book.ts'

type Profile = Extract<LinkProfile, { driver: 'oht50-client' }>

export const oht50Client: Driver<Profile> = {
  name: 'oht50-client',
  role: 'dials',
  async open(context) {
    const book = new LinkBook(context, context.profile.id, '', 5000)
    return {
      deliver: async () => ({ is: 'refused', reason: 'this link takes no orders' }),
      retry() {},
      forget() {},
      async close() {
        book.close()
      },
    }
  },
  test: async () => ({ ok: false, steps: [] }),
}
