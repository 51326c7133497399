/** The modules of a vehicle on RS485, plugged in here: what they say now, and nothing of it once they do not answer. */
import { addBus, go, linkRow, moduleCard, vehicleAlert } from './pages.ts'
import { expect, needsCables, test } from './vehicles.ts'

test.describe.configure({ timeout: 120_000 })
needsCables()

const vehicle = 'OHT-50-001'
const power = 2

test('modules appear by name, with values and units that follow the registers', async ({ site, yard }) => {
  const bus = await yard.bus()
  const screen = await site.screen()
  await addBus(screen, { name: 'Vehicle bus', vehicle, port: bus.port })
  await go(screen, 'Vehicles')
  for (const name of ['Power', 'Safety', 'Travel motor', 'Dock'])
    await expect(moduleCard(screen, name)).toBeVisible({ timeout: 15_000 })
  const card = moduleCard(screen, 'Power')
  await expect(card).toContainText('25.4 V')
  await expect(card).toContainText('87.2 %')
  bus.device.set(power, 0x00, 231)
  await expect(card).toContainText('23.1 V')
})

test('a module that does not answer shows nothing as current, is an alert, and returns', async ({
  site,
  yard,
}) => {
  const bus = await yard.bus()
  const screen = await site.screen()
  await addBus(screen, { name: 'Vehicle bus', vehicle, port: bus.port })
  await go(screen, 'Vehicles')
  const card = moduleCard(screen, 'Power')
  await expect(card).toContainText('25.4 V', { timeout: 15_000 })
  bus.device.drop(power)
  await expect(card).toContainText(/does not answer, read .+ ago/, { timeout: 20_000 })
  await expect(card).toContainText('—')
  await expect(card).not.toContainText('25.4 V')
  // Its neighbours answer on.
  await expect(moduleCard(screen, 'Safety')).not.toContainText('does not answer')
  await go(screen, 'Overview')
  const alert = vehicleAlert(screen, /does not answer on Vehicle bus/)
  await expect(alert).toHaveCount(1, { timeout: 20_000 })
  bus.device.back(power)
  await expect(alert).toHaveAccessibleName(/returned to normal/, { timeout: 40_000 })
  await go(screen, 'Vehicles')
  await expect(card).toContainText('25.4 V')
})

test('with the cable out every module is unknown and one alarm says why; plugged in again all is as before', async ({
  site,
  yard,
}) => {
  const bus = await yard.bus()
  const screen = await site.screen()
  await addBus(screen, { name: 'Vehicle bus', vehicle, port: bus.port })
  await go(screen, 'Vehicles')
  await expect(moduleCard(screen, 'Power')).toContainText('25.4 V', { timeout: 15_000 })
  await bus.unplug()
  for (const name of ['Power', 'Safety', 'Travel motor', 'Dock']) {
    await expect(moduleCard(screen, name)).toContainText(/unknown: its link is away/, { timeout: 20_000 })
    await expect(moduleCard(screen, name)).toContainText('—')
  }
  await expect(moduleCard(screen, 'Power')).not.toContainText('25.4 V')
  await go(screen, 'Overview')
  const alerts = screen.getByRole('article').filter({ hasText: 'Vehicle bus' })
  await expect(alerts).toHaveCount(1, { timeout: 60_000 })
  await expect(alerts).toHaveAccessibleName(/Link silent/)
  await expect(vehicleAlert(screen, /does not answer/)).toHaveCount(0)
  await bus.plug()
  await go(screen, 'Links')
  await expect(linkRow(screen, 'Vehicle bus')).toContainText('live', { timeout: 30_000 })
  await go(screen, 'Vehicles')
  await expect(moduleCard(screen, 'Power')).toContainText('25.4 V', { timeout: 15_000 })
  await go(screen, 'Overview')
  await expect(alerts).toHaveAccessibleName(/returned to normal/)
})
