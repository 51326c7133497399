/** One module in full, as a technician uses it: every register, its trend, writing one, another map; and the bus itself. */
import type { Locator, Page } from '@playwright/test'
import { addBus, go, moduleCard } from './pages.ts'
import { expect, needsCables, test } from './vehicles.ts'

test.describe.configure({ timeout: 90_000 })
needsCables()

const motor = 4
const speedTarget = 0x02

async function open(screen: Page, port: string, module: string): Promise<Locator> {
  await addBus(screen, { name: 'Vehicle bus', vehicle: 'OHT-50-001', port, writable: true })
  await go(screen, 'Vehicles')
  await expect(moduleCard(screen, module)).toBeVisible({ timeout: 15_000 })
  await moduleCard(screen, module).click()
  return screen.getByRole('region', { name: module })
}

function register(part: Locator, name: string): Locator {
  return part.getByRole('row').filter({ has: part.page().getByRole('cell', { name, exact: true }) })
}

test('a register is written after a confirmation and read back; outside its range it is not', async ({
  site,
  yard,
}) => {
  const bus = await yard.bus()
  const screen = await site.screen()
  const part = await open(screen, bus.port, 'Travel motor')
  const row = register(part, 'Speed, target')
  await expect(row).toContainText('0x0002')
  await expect(row).toContainText('900 rpm')
  await expect(register(part, 'Speed').getByRole('button', { name: 'Write…' })).toHaveCount(0)
  await row.getByRole('button', { name: 'Write…' }).click()
  const dialog = screen.getByRole('dialog')
  await expect(dialog.getByRole('list', { name: 'What must be so' })).toContainText('The module answers')
  await expect(dialog).toContainText('falls silent')
  const value = dialog.getByLabel('New value in rpm')
  const write = dialog.getByRole('button', { name: 'Write and read back' })
  await value.fill('10001')
  await expect(write).toBeDisabled()
  await value.fill('750')
  await write.click()
  await expect(dialog).toContainText('Written and read back: 750 rpm.')
  expect(bus.device.get(motor, speedTarget)).toBe(750)
  await dialog.getByRole('button', { name: 'Close' }).last().click()
  await expect(row).toContainText('750 rpm')
})

test('a viewer writes nothing', { tag: '@node' }, async ({ site, yard }) => {
  const bus = await yard.bus()
  await open(await site.screen(), bus.port, 'Travel motor')
  const viewer = await site.screen('viewer')
  await go(viewer, 'Vehicles')
  await moduleCard(viewer, 'Travel motor').click()
  const row = register(viewer.getByRole('region', { name: 'Travel motor' }), 'Speed, target')
  await expect(row.getByRole('button', { name: 'Write…' })).toBeDisabled()
})

test('a trend is drawn, and a map chosen by hand changes what the numbers mean', async ({ site, yard }) => {
  const bus = await yard.bus({ still: false })
  const screen = await site.screen()
  const part = await open(screen, bus.port, 'Travel motor')
  await register(part, 'Speed').getByRole('button', { name: 'Trend' }).click()
  const trend = part.getByRole('figure')
  await trend.getByRole('button', { name: '1 min' }).click()
  // The line, not the axes: they are there before anything is known.
  const line = () =>
    trend.locator('canvas').evaluate((canvas) => {
      const { width, height } = canvas as HTMLCanvasElement
      const accent = getComputedStyle(canvas).getPropertyValue('--accent').trim()
      const probe = document.createElement('canvas').getContext('2d')
      if (probe === null) return 0
      probe.fillStyle = accent
      probe.fillRect(0, 0, 1, 1)
      const [r = 0, g = 0, b = 0] = probe.getImageData(0, 0, 1, 1).data
      const ink = (canvas as HTMLCanvasElement).getContext('2d')?.getImageData(0, 0, width, height).data ?? []
      let found = 0
      for (let at = 0; at < ink.length; at += 4)
        if (ink[at + 3] === 255 && ink[at] === r && ink[at + 1] === g && ink[at + 2] === b) found += 1
      return found
    })
  await expect.poll(line, { timeout: 20_000 }).toBeGreaterThan(10)
  await trend.getByRole('button', { name: '7 days' }).click()
  await expect(trend.getByRole('button', { name: '7 days' })).toHaveAttribute('aria-pressed', 'true')
  await expect(trend.getByRole('status')).toHaveCount(0)

  await expect(part).toContainText('motor-handler')
  await part
    .getByRole('combobox', { name: 'Register map' })
    .or(part.getByLabel('Register map'))
    .first()
    .click()
  await screen.getByRole('option', { name: /two motors/ }).click()
  await expect(register(part, 'Motor 1: enable')).toContainText('0x0001', { timeout: 20_000 })
  await expect(register(part, 'Speed, target')).toHaveCount(0)
})

test('the bus monitor lists frames, filters, records, and plays a recording marked as one', async ({
  site,
  yard,
}) => {
  const bus = await yard.bus()
  const screen = await site.screen()
  await open(screen, bus.port, 'Safety')
  await screen.getByRole('button', { name: 'Bus monitor' }).click()
  const monitor = screen.getByRole('region', { name: 'Bus monitor' })
  const frames = monitor.getByRole('region', { name: 'Frames' })
  await expect(frames).toContainText(/read holding 0x0000/)
  await expect(frames).toContainText('03 03 00 00')
  await monitor.getByRole('searchbox', { name: 'Filter' }).fill('no such frame')
  await expect(frames).not.toContainText('0x0000')
  await monitor.getByRole('searchbox', { name: 'Filter' }).fill('')
  await expect(frames).toContainText('0x0000')

  await monitor.getByRole('button', { name: 'Record', exact: true }).click()
  const recording = monitor.getByRole('list', { name: 'Recordings' }).getByRole('listitem')
  await expect(recording).toContainText('goes on')
  await expect(recording).toContainText(/[1-9]\d+ frames/)
  await monitor.getByRole('button', { name: 'Stop recording' }).click()
  await expect(recording).not.toContainText('goes on')
  await recording.getByRole('button', { name: 'Replay' }).click()
  await expect(monitor.getByRole('status').filter({ hasText: 'REPLAY' })).toBeVisible()
  await expect(frames).toContainText(/read holding/)
  await monitor.getByRole('button', { name: '16×' }).click()
  await expect(monitor.getByText('The recording is over.')).toBeVisible()
  await monitor.getByRole('button', { name: 'Back to live' }).click()
  await expect(monitor.getByText('REPLAY', { exact: true })).toHaveCount(0)
  await recording.getByRole('button', { name: 'Remove' }).click()
  await expect(recording).toHaveCount(0)
})
