/** The rail names every module of a vehicle so that nobody opens the wrong one. */
import type { Locator } from '@playwright/test'
import { addBus, addVehicle, go, moduleCard } from './pages.ts'
import { expect, needsCables, test } from './vehicles.ts'

test.describe.configure({ timeout: 90_000 })
needsCables()

const vehicle = 'OHT-50-001'
const byNetwork = 'Vehicle over the wireless network'

/** Cut off it would not say which one. */
async function isWhole(text: Locator): Promise<boolean> {
  return text.evaluate((box) => box.scrollWidth <= box.clientWidth && box.scrollHeight <= box.clientHeight)
}

test('a module that two links tell of is named with its link, whole; one that only one tells of is not', async ({
  site,
  yard,
}) => {
  const bus = await yard.bus()
  const sim = await yard.network()
  const screen = await site.screen()
  const rows = screen.getByRole('navigation', { name: 'Views' }).getByRole('button', { name: /Power/ })
  await addBus(screen, { name: 'Vehicle bus', vehicle, port: bus.port })
  await expect(rows).toHaveCount(1, { timeout: 15_000 })
  await expect(rows).not.toContainText('Vehicle bus')
  await addVehicle(screen, { name: byNetwork, vehicle, httpUrl: sim.httpUrl, socketUrl: sim.socketUrl })
  await expect(rows).toHaveCount(2, { timeout: 15_000 })
  for (const width of [1280, 1920]) {
    await screen.setViewportSize({ width, height: width === 1280 ? 800 : 1080 })
    for (const link of ['Vehicle bus', byNetwork]) {
      const name = rows.getByText(link, { exact: true })
      await expect(name).toBeVisible()
      expect(await isWhole(name), `${link} at ${width}`).toBe(true)
    }
  }
  await rows.filter({ hasText: byNetwork }).click()
  await expect(moduleCard(screen, byNetwork).and(moduleCard(screen, 'Power'))).toHaveAttribute(
    'aria-pressed',
    'true',
  )
  await go(screen, 'Vehicles')
  await expect(screen.getByRole('region', { name: /^Power/ }).getByRole('heading')).toContainText(byNetwork)
})
