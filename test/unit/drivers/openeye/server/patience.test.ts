/** What takes time: requests that never end, a token that runs out under a stream, passwords at the product's cost. */
import { afterEach, expect, it } from 'vitest'
import { Passwords } from '../../../../../src/main/accounts/passwords.ts'
import { serverLimits } from '../../../../../src/main/drivers/openeye/server/limits.ts'
import { type Clock, systemClock } from '../../../../../src/main/io/clock.ts'
import { bodyIn, head, Raw } from './raw.ts'
import { closeAll, password, startStand } from './stand.ts'

afterEach(closeAll)

it('half a request, half a body and silence end in time, counted, while others are served', async () => {
  const stand = await startStand()
  const token = await stand.token()
  const halfBody = head('POST /api/token', {
    'Content-Type': 'application/x-www-form-urlencoded',
    'Content-Length': 40,
  })
  const slow = ['GET /api/hea', `${halfBody}username=ann`].flatMap((text) =>
    Array.from({ length: 30 }, () => new Raw(stand.port).say(text)),
  )
  const served: number[] = []
  let isOver = false
  const asking = (async () => {
    while (!isOver) {
      const reply = await stand.get('/api/cameras/', token)
      served.push(reply.status)
      await reply.arrayBuffer()
      await new Promise((resolve) => setTimeout(resolve, 200))
    }
  })()
  await Promise.all(slow.map((raw) => raw.closed))
  isOver = true
  await asking
  for (const raw of slow) expect(raw.text).toMatch(/^HTTP\/1\.1 408 /)
  expect(served.length).toBeGreaterThan(3)
  expect(new Set(served)).toEqual(new Set([200]))
  const timedOut = stand.logged.filter((line) => line.includes('not finished in time'))
  expect(timedOut).toHaveLength(60)
})

it('a stream ends with its token, and not before', async () => {
  // Half an hour is over when the test says so.
  const ends: { readonly afterMs: number; readonly run: () => void }[] = []
  const after: Clock['after'] = (afterMs, run) => {
    if (afterMs < 60_000) return systemClock.after(afterMs, run)
    ends.push({ afterMs, run })
    return () => {}
  }
  const stand = await startStand({ clock: { ...systemClock, after }, profile: { tokenMinutes: 30 } })
  const token = await stand.token()
  const raw = new Raw(stand.port).say(head(`GET /api/cameras/eye:door/stream?token=${token}`))
  await raw.until((bytes) => bytes.includes('\r\n\r\n'))
  await stand.site.watched('eye/door', 1)
  const [end] = ends
  expect(ends).toHaveLength(1)
  expect(end?.afterMs).toBeLessThanOrEqual(30 * 60_000)
  expect(end?.afterMs).toBeGreaterThan(25 * 60_000)
  end?.run()
  await raw.closed
  expect(bodyIn(raw.bytes).body.toString()).toBe('--frame--\r\n')
  await stand.site.watched('eye/door', 0)
})

it('passwords at the cost of the product: four logins, two at a time, in the memory of two', async () => {
  const kept = await new Passwords(serverLimits).hash(password)
  const stand = await startStand({ limits: { scryptCost: serverLimits.scryptCost } })
  const before = process.memoryUsage.rss()
  let most = 0
  const looking = setInterval(() => {
    most = Math.max(most, process.memoryUsage.rss() - before)
  }, 5)
  const [right, wrong, nobody, more] = await Promise.all([
    stand.login(),
    stand.login('ann', 'wrong'),
    stand.login('nobody'),
    stand.login('boss'),
  ])
  clearInterval(looking)
  expect([right.status, wrong.status, nobody.status, more.status]).toEqual([200, 401, 401, 200])
  // 128 MiB each while it runs.
  expect(most).toBeLessThan(330 * 1024 * 1024)
  expect(kept.cost).toBe(2 ** 17)
})
