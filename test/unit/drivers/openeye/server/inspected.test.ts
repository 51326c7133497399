/** What the inspector shows of the server's traffic: never a token, wherever it was written, and no time lost over long messages. */
import { afterEach, expect, it } from 'vitest'
import { ask, head } from './raw.ts'
import { closeAll, password, Screen, startStand } from './stand.ts'

afterEach(closeAll)

it('shows no token and no password, whole or cut short, wherever they were written', async () => {
  const stand = await startStand()
  const token = await stand.token()
  const dotless = token.replaceAll('.', '%2E')
  const paths = [
    `/api/${token}`,
    `/api/cameras/${token}`,
    `/api/${dotless}`,
    `/api/${'x/'.repeat(60)}${token}`,
    `/${token}/x`,
  ]
  for (const path of [
    ...paths,
    `/api/cameras/eye:door/snapshot?token=${token}`,
    `/api/health?token=${token}`,
  ])
    await ask(stand, head(`GET ${path}`, { Authorization: `Bearer ${token}`, Cookie: `token=${token}` }))
  const screen = await Screen.open(stand)
  const boss = await Screen.open(stand, 'boss')
  screen.say({ type: token })
  screen.say({ type: 'ping', token })
  screen.say({ type: 'ping', timestamp: token.slice(0, 64) })
  screen.say({ type: 'subscribe', event_types: [token, 'alert'], camera_ids: [token, token.slice(0, 100)] })
  screen.say(`{"type":"ping","token":"${token.replaceAll('.', '\\u002e')}"}`)
  screen.say(`token=${token}`)
  await screen.until('error', 2)
  boss.say({ type: 'broadcast', message: `it is ${token}` })
  await screen.until('notification')
  const shown = JSON.stringify(stand.facts) + stand.logged.join('\n')
  expect(stand.facts.filter(({ type }) => type === 'message-crossed').length).toBeGreaterThan(15)
  expect(shown).toContain('(token)')
  for (const part of token.split('.')) expect(shown).not.toContain(part.slice(0, 20))
  expect(shown).not.toContain(password)
})

it('ten kilobytes cost as little as they should', async () => {
  const stand = await startStand({ limits: { messagesPerMinute: 1e6, messageBurst: 1e6 } })
  const screen = await Screen.open(stand)
  const long = 10_000
  const fillings = [
    'x'.repeat(long),
    'eyJ'.repeat(long / 3),
    'abcdefgh.'.repeat(long / 9),
    'eyJaaaaaaaa.'.repeat(long / 12),
  ]
  const started = process.cpuUsage()
  for (let i = 0; i < 50; i += 1) for (const more of fillings) screen.say({ type: 'ping', more })
  await screen.until('pong', 50 * fillings.length)
  const { user, system } = process.cpuUsage(started)
  // Both ends of 200 messages, 2 MB: one that backtracks took 300 ms by itself.
  expect((user + system) / 1000).toBeLessThan(3000)
})
