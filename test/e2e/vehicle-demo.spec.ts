/** The demo's vehicle: modules and LiDAR over serial cables, its firmware over the network, and a second client on its gateway. */
import { WebSocket } from 'ws'
import { expect, test } from './fixtures.ts'
import { go, linkRow, moduleCard, reading } from './pages.ts'
import { needsCables } from './vehicles.ts'

test.describe.configure({ timeout: 180_000 })
needsCables()

test('the demo shows a vehicle live, and the gateway tells a second client', { tag: '@node' }, async ({
  site,
}) => {
  const screen = await site.screen()
  await screen.getByRole('button', { name: /Use the demo site/ }).click()
  await screen.getByRole('button', { name: 'Start the demo site' }).click()
  await expect(screen.getByText('DEMO', { exact: true })).toBeVisible()
  // The first run ends on the overview.
  await expect(screen.getByRole('main', { name: 'Overview' })).toBeVisible()
  await expect(screen.getByRole('article').first()).toBeVisible({ timeout: 30_000 })
  await go(screen, 'Vehicles')
  for (const module of ['Power', 'Safety', 'Travel motor', 'Dock'])
    await expect(moduleCard(screen, module).first()).toBeVisible({ timeout: 30_000 })
  await expect(moduleCard(screen, 'Power').first()).toContainText(/\d+\.\d V/)
  await expect(reading(screen, 'State')).toContainText(/IDLE|MOVE/)
  const revolution = () =>
    screen
      .getByLabel('What the LiDAR sees')
      .first()
      .evaluate((canvas) => Number((canvas as HTMLCanvasElement).dataset.revolution ?? 0))
  await expect.poll(revolution, { timeout: 30_000 }).toBeGreaterThan(0)
  const first = await revolution()
  await expect.poll(revolution).toBeGreaterThan(first + 3)

  await go(screen, 'Links')
  // Another demo on this machine may have its port for a while.
  await expect(linkRow(screen, 'Vehicle gateway')).toContainText(/listening|live/, { timeout: 90_000 })
  const told = new Set<string>()
  const client = new WebSocket('ws://127.0.0.1:8081')
  client.on('message', (bytes) => told.add((JSON.parse(String(bytes)) as { type: string }).type))
  await expect
    .poll(() => ['ready', 'status', 'telemetry', 'modules', 'lidar'].filter((type) => !told.has(type)))
    .toEqual([])
  client.close()
})
