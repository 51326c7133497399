/** What a register was survives the app. */
import type { Locator } from '@playwright/test'
import { addBus, go, moduleCard } from './pages.ts'
import { expect, needsCables, test } from './vehicles.ts'

test.describe.configure({ timeout: 120_000 })
needsCables()

const power = 2
const volts = 0x00

/** How many points of the canvas have ink of the line or the band at all. */
function ink(trend: Locator): Promise<number> {
  return trend.locator('canvas').evaluate((canvas) => {
    const { width, height } = canvas as HTMLCanvasElement
    const probe = document.createElement('canvas').getContext('2d')
    if (probe === null) return 0
    probe.fillStyle = getComputedStyle(canvas).getPropertyValue('--accent').trim()
    probe.fillRect(0, 0, 1, 1)
    const [r = 0, g = 0, b = 0] = probe.getImageData(0, 0, 1, 1).data
    const drawn = (canvas as HTMLCanvasElement).getContext('2d')?.getImageData(0, 0, width, height).data ?? []
    const near = (at: number, one: number) => Math.abs((drawn[at] ?? 0) - one) < 24
    let found = 0
    for (let at = 0; at < drawn.length; at += 4)
      if ((drawn[at + 3] ?? 0) > 40 && near(at, r) && near(at + 1, g) && near(at + 2, b)) found += 1
    return found
  })
}

test('the trend of a register is there again after a restart, though its module is not', {
  tag: '@node',
}, async ({ site, yard }) => {
  const bus = await yard.bus()
  const screen = await site.screen()
  await addBus(screen, { name: 'Vehicle bus', vehicle: 'OHT-50-001', port: bus.port })
  await go(screen, 'Vehicles')
  const card = moduleCard(screen, 'Power')
  await expect(card).toContainText('25.4 V', { timeout: 15_000 })
  // As long as it takes to be seen as another value, so that there is something between least and greatest.
  bus.device.set(power, volts, 231)
  await expect(card).toContainText('23.1 V')
  await card.click()
  const part = screen.getByRole('region', { name: 'Power' })
  const row = part
    .getByRole('row')
    .filter({ has: screen.getByRole('cell', { name: /^Battery voltage|^Voltage/ }) })
  await row.first().getByRole('button', { name: 'Trend' }).click()
  const trend = part.getByRole('figure')
  await trend.getByRole('button', { name: '1 min' }).click()
  await expect.poll(() => ink(trend), { timeout: 20_000 }).toBeGreaterThan(10)

  await site.app.stop()
  await bus.unplug()
  site.expectTrouble(/WebSocket|ERR_CONNECTION_(REFUSED|RESET)/)
  await site.restart()
  await expect(card).toContainText(/unknown: its link is away/, { timeout: 30_000 })
  await trend.getByRole('button', { name: '30 min' }).click()
  await expect.poll(() => ink(trend), { timeout: 20_000 }).toBeGreaterThan(10)
  await expect(trend.getByRole('status')).toHaveCount(0)
})
