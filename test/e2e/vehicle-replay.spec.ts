/** A recording of the bus played again: the modules as they were then, never taken for what they are now. */
import { addBus, go, moduleCard, vehicleAlert } from './pages.ts'
import { expect, needsCables, test } from './vehicles.ts'

test.describe.configure({ timeout: 120_000 })
needsCables()

const power = 2
const volts = 0x00
const percent = 0x02

test('a replay shows each module as it was, marked, while the live card goes on; it alarms nobody and commands nothing', async ({
  site,
  yard,
}) => {
  const bus = await yard.bus()
  const screen = await site.screen()
  await addBus(screen, { name: 'Vehicle bus', vehicle: 'OHT-50-001', port: bus.port, writable: true })
  await go(screen, 'Vehicles')
  const live = moduleCard(screen, 'Power')
  await expect(live).toContainText('25.4 V', { timeout: 15_000 })
  // What is recorded would be an alert, were it live: a battery at 12 %.
  bus.device.set(power, percent, 120)
  await expect(live).toContainText('12.0 %')
  const alerts = vehicleAlert(screen, /battery 12 %, below/)
  await expect(alerts).toHaveCount(1, { timeout: 15_000 })

  await screen.getByRole('button', { name: 'Bus monitor' }).click()
  const monitor = screen.getByRole('region', { name: 'Bus monitor' })
  await monitor.getByRole('button', { name: 'Record', exact: true }).click()
  const recording = monitor.getByRole('list', { name: 'Recordings' }).getByRole('listitem')
  await expect(recording).toContainText(/[1-9]\d\d frames/, { timeout: 30_000 })
  await monitor.getByRole('button', { name: 'Stop recording' }).click()
  await expect(recording).not.toContainText('goes on')

  bus.device.set(power, percent, 900)
  bus.device.set(power, volts, 262)
  await expect(live).toContainText('90.0 %')
  await expect(alerts).toHaveAccessibleName(/returned to normal/, { timeout: 15_000 })

  await recording.getByRole('button', { name: 'Replay' }).click()
  const cards = monitor.getByRole('region', { name: 'Modules as they were' })
  const then = cards.getByRole('article', { name: 'REPLAY: Power' })
  await expect(then).toContainText('12.0 %')
  await expect(then).toContainText('25.4 V')
  await expect(then).toContainText('REPLAY')
  await expect(live).toContainText('90.0 %')
  await expect(live).toContainText('26.2 V')
  await expect(cards.getByRole('button')).toHaveCount(0)
  for (const name of ['Safety', 'Travel motor', 'Dock'])
    await expect(cards.getByRole('article', { name: `REPLAY: ${name}` })).toBeVisible()
  await monitor.getByRole('button', { name: '16×' }).click()
  await expect(monitor.getByText('The recording is over.')).toBeVisible()
  // At its end the clock of the recording stands: its ages do, too, however long one looks.
  const heading = cards.getByRole('heading')
  const [at, shown] = [await heading.textContent(), await then.textContent()]
  const clock = screen.getByRole('banner').locator('time').first()
  const now = await clock.textContent()
  await expect(clock).not.toHaveText(now ?? '')
  expect([await heading.textContent(), await then.textContent()]).toEqual([at, shown])
  await expect(alerts).toHaveCount(1)
  await expect(alerts).toHaveAccessibleName(/returned to normal/)
  await monitor.getByRole('button', { name: 'Back to live' }).click()
  await expect(cards).toHaveCount(0)
})
