/** The API key of a face server: where it goes and where it never is; and the connection test, which needs it too. */
import { describe, expect, test } from 'vitest'
import { owtClient } from '../../../../src/main/drivers/owt/index.ts'
import { slotWith } from '../../../fakes/link-parts.ts'
import { connect, profileOf, serve } from './stand.ts'

describe('the API key', () => {
  const key = 'Canary-Key-5f2!'

  test('goes along, and is nowhere to be read', async () => {
    const sim = await serve({ apiKey: key })
    const stand = await connect(sim.url, { key })
    await stand.ask(1)
    sim.say({ type: 'error', message: `note: apiKey=${key} and ${encodeURIComponent(key)}` })
    await stand.until(() => (stand.report.note ?? '').includes('the server said'))
    expect(new URL(sim.addresses[0] ?? '', 'ws://x').searchParams.get('apiKey')).toBe(key)
    const shown = JSON.stringify(stand.facts) + stand.logged.join()
    expect(shown).not.toContain('Canary')
  })

  test.each(['status', 'error', 'close'] as const)(
    'a wrong one is refused (%s), and not tried again',
    async (keyTrouble) => {
      const sim = await serve({ apiKey: 'another', keyTrouble })
      const stand = await connect(sim.url, { key })
      const { reason } = await stand.is('refused')
      expect(reason).toContain('the server does not accept the API key')
      expect(JSON.stringify(stand.facts) + stand.logged.join()).not.toContain('Canary')
      expect(sim.counts.handshakes).toBe(1)
      expect(stand.server.room).toBe(0)
    },
  )

  test('a missing one is asked for', async () => {
    const sim = await serve({ apiKey: key })
    const stand = await connect(sim.url)
    expect((await stand.is('refused')).reason).toBe(
      'the server wants an API key: enter it in the link (refused by the peer (HTTP 401))',
    )
  })
})

describe('the test of a link', () => {
  test('says which form is answered, and how boxes are read', async () => {
    const sim = await serve({ speaks: 'document', finds: 'header' })
    const test = await owtClient.test(profileOf(sim.url, { dialect: 'document' }), slotWith())
    expect(test.ok).toBe(true)
    expect(test.steps.map(({ text }) => text)).toEqual([
      `${sim.url} accepts a connection`,
      expect.stringMatching(
        /^it answered a picture in the document's form \(frame\) after \d+ ms: one face in the test picture; its boxes are read as x, y, width, height in pixels \(a guess\)$/,
      ),
    ])
  })

  test('tries both forms on auto', async () => {
    const sim = await serve({ speaks: 'document' })
    const { ok, steps } = await owtClient.test(profileOf(sim.url), slotWith())
    expect(ok).toBe(true)
    expect(steps[1]?.text).toContain("no answer to a picture in the deployed server's form")
    expect(steps[2]?.text).toContain("it answered a picture in the document's form")
  }, 10_000)

  test('says what is wrong', async () => {
    const sim = await serve({ apiKey: 'secret-key' })
    const wrong = slotWith(JSON.stringify({ is: 'token', token: 'Canary-5' }))
    const refused = await owtClient.test(profileOf(sim.url), wrong)
    expect(refused).toEqual({
      ok: false,
      steps: [{ ok: false, text: 'the server does not accept the API key (refused by the peer (HTTP 401))' }],
    })
    const failing = await serve({ faults: { fail: 1 } })
    const failed = await owtClient.test(profileOf(failing.url, { dialect: 'deployed' }), slotWith())
    expect(failed.ok).toBe(false)
    expect(failed.steps.at(-1)?.text).toContain('with an error: Failed to process frame')
    const { port } = failing
    await failing.close()
    const down = await owtClient.test(profileOf(`ws://127.0.0.1:${port}`), slotWith())
    expect(down.steps).toEqual([{ ok: false, text: `nothing listens at ws://127.0.0.1:${port}` }])
  })
})
