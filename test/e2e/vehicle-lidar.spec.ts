/** A LiDAR plugged in by USB: the latest revolution on the screen, whatever the screen was doing, and what is too near. */
import type { Page } from '@playwright/test'
import type { Obstacle } from '../sim/rplidar/room.ts'
import { addLidar, go, vehicleAlert } from './pages.ts'
import { expect, needsCables, test } from './vehicles.ts'

test.describe.configure({ timeout: 90_000 })
needsCables()

const part = { name: 'Front LiDAR', vehicle: 'OHT-50-001' }

/** Of the revolution on the canvas; 0 before the first. */
function drawn(screen: Page): Promise<number> {
  return screen
    .getByLabel('What the LiDAR sees')
    .evaluate((canvas) => Number((canvas as HTMLCanvasElement).dataset.revolution ?? 0))
}

test('revolutions are drawn, and what stands too near is said and alerted', async ({ site, yard }) => {
  let obstacle: Obstacle | null = null
  const lidar = await yard.lidar({ walker: () => obstacle })
  const screen = await site.screen()
  await addLidar(screen, { ...part, port: lidar.port })
  await go(screen, 'Vehicles')
  await expect.poll(() => drawn(screen)).toBeGreaterThan(0)
  const first = await drawn(screen)
  await expect.poll(() => drawn(screen)).toBeGreaterThan(first + 5)
  const pane = screen.getByRole('region', { name: 'Front LiDAR' })
  // The nearest wall of the room.
  await expect(pane).toContainText(/2\.6\d m at/)
  await expect(pane).toContainText('all clear')
  obstacle = { angleDeg: 90, rangeMm: 800 }
  await expect(pane).toContainText(/0\.8\d? m at (8\d|9\d)°|0\.80 m/)
  await expect(pane).toContainText('INSIDE THE WARNING ZONE')
  await go(screen, 'Overview')
  await expect(vehicleAlert(screen, /obstacle at 8\d\d(\.\d)? mm, inside 1000 mm/)).toBeVisible()
  obstacle = { angleDeg: 90, rangeMm: 300 }
  await expect(vehicleAlert(screen, /inside 500 mm/)).toBeVisible()
  obstacle = null
  for (const zone of [500, 1000])
    await expect(vehicleAlert(screen, new RegExp(`inside ${zone} mm`))).toHaveAccessibleName(
      /returned to normal/,
    )
})

test('a motor that stands still is said, and the old picture is not shown as now', async ({ site, yard }) => {
  const lidar = await yard.lidar()
  const screen = await site.screen()
  await addLidar(screen, { ...part, port: lidar.port })
  await go(screen, 'Vehicles')
  await expect.poll(() => drawn(screen)).toBeGreaterThan(0)
  lidar.device.set('stall')
  const pane = screen.getByRole('region', { name: 'Front LiDAR' })
  await expect(pane).toContainText('MOTOR DOES NOT TURN', { timeout: 20_000 })
  await expect(pane.getByRole('status')).toContainText(/No scan for/)
  await expect(pane.getByRole('definition').first()).toContainText('—')
  await go(screen, 'Overview')
  await expect(vehicleAlert(screen, /its motor does not turn/)).toBeVisible({ timeout: 15_000 })
  lidar.device.set('none')
  await go(screen, 'Vehicles')
  await expect(pane).not.toContainText('MOTOR DOES NOT TURN', { timeout: 30_000 })
  await expect(pane.getByRole('status')).toHaveCount(0)
})

test('a page that stood still shows the newest revolution afterwards, not what it missed', async ({
  site,
  yard,
}) => {
  const lidar = await yard.lidar()
  const screen = await site.screen()
  await addLidar(screen, { ...part, port: lidar.port })
  await go(screen, 'Vehicles')
  await expect.poll(() => drawn(screen)).toBeGreaterThan(0)
  // Four seconds in which nothing in the page runs, then every revolution that is drawn, in order.
  const after = await screen.getByLabel('What the LiDAR sees').evaluate(async (element) => {
    const canvas = element as HTMLCanvasElement
    const before = Number(canvas.dataset.revolution)
    const until = performance.now() + 4000
    while (performance.now() < until);
    const seen: number[] = []
    await new Promise<void>((resolve) => {
      const watcher = new MutationObserver(() => {
        seen.push(Number(canvas.dataset.revolution))
        if (seen.length < 6) return
        watcher.disconnect()
        resolve()
      })
      watcher.observe(canvas, { attributeFilter: ['data-revolution'] })
    })
    return seen.map((revolution) => revolution - before)
  })
  // Ten turns a second: what was given before may be drawn once, everything after it is what is now.
  const [, second = 0] = after
  expect(second, after.join()).toBeGreaterThan(25)
  expect(after.toSorted((a, b) => a - b)).toEqual(after)
})
