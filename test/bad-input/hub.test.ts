/** Everything a device may send, against the built app over real sockets, with an honest camera beside it and one verdict for all. */
import { afterAll, beforeAll, describe, test } from 'vitest'
import { attacks } from './attacks.ts'
import { Site } from './site.ts'

describe('a device that sends', () => {
  let site: Site

  beforeAll(async () => {
    site = await Site.start()
  })
  afterAll(() => site.end())

  test.each(attacks.map((attack) => [attack.name, attack] as const))('%s', async (_name, attack) => {
    await site.besides(() => attack.run(site))
    await site.judge()
  })
})
