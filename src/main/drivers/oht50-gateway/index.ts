/** The driver `oht50-gateway`. */
import type { LinkProfile } from '../../../contract/links.ts'
import type { Driver } from '../../link.ts'
import { LinkBook } from '../../link-book.ts'

type Profile = Extract<LinkProfile, { driver: 'oht50-gateway' }>

export const oht50Gateway: Driver<Profile> = {
  name: 'oht50-gateway',
  role: 'listens',
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
