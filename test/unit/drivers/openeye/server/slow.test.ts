/** A dashboard that does not read: what it misses, what it keeps, when it is let go. */
import { afterEach, expect, it } from 'vitest'
import { alert } from './news.ts'
import { closeAll, jpeg, Screen, startStand } from './stand.ts'

afterEach(closeAll)

it('a slow reader misses frames and figures, keeps alerts, and is closed at 1 MiB', async () => {
  const stand = await startStand()
  const screen = await Screen.open(stand)
  screen.say({ type: 'subscribe', event_types: ['video_frame'], camera_ids: ['eye/door'] })
  screen.say({ type: 'subscribe', event_types: ['alert', 'statistics_update'] })
  await screen.until('subscription_confirmed', 2)
  await stand.site.watched('eye/door', 1)
  screen.socket.pause()
  for (let i = 0; i < 200; i += 1) {
    stand.site.show('eye/door', jpeg(200_000))
    await new Promise((resolve) => setImmediate(resolve))
  }
  // The kernel takes some megabytes; the rest was never taken from the camera.
  expect(stand.site.taken).toBeLessThan(100)
  const text = 'x'.repeat(10_000)
  for (let i = 0; i < 200; i += 1) stand.site.tell(alert('raise', 'high', text))
  screen.socket.resume()
  expect((await screen.closed).code).toBe(1013)
  expect(screen.of('alert').length).toBeGreaterThan(20)
})
