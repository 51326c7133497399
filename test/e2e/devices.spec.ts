/** What the screen says of devices: current values with their age, old ones never as current, and what may be done with them. */
import type { Locator, Page } from '@playwright/test'
import { expect, test } from './fixtures.ts'
import { card, go, row } from './pages.ts'

function device(page: Page, name: string): Locator {
  return page.getByRole('row').filter({ has: page.getByRole('rowheader').getByText(name) })
}

test('values are shown while they are current, and "—" with an age afterwards', async ({ site }) => {
  const camera = await site.camera('Gate camera', { groupId: 'north' })
  const screen = await site.screen()
  await go(screen, 'Blue alerts')
  camera.say('deviceStatus', {
    isOnline: true,
    isMonitoring: true,
    blueIntensity: 0.42,
    batteryLevel: 0.5,
    signalStrength: 0.75,
  })
  const gate = device(screen, 'Gate camera')
  await expect(gate).toContainText('0.42')
  await expect(gate).toContainText('50 %')
  await expect(gate).toContainText('75 %')
  await expect(screen.getByRole('rowheader', { name: /north/ })).toContainText('1 of 1 live')
  camera.cut()
  await expect(gate).toContainText('disconnected')
  await expect(gate).not.toContainText('0.42')
  await expect(gate).not.toContainText('50 %')
  await expect(gate).toContainText('ago')
})

test('settings reach the device through the outbox, also when it was away', async ({ site }) => {
  const camera = await site.camera('Gate camera')
  const screen = await site.screen()
  await go(screen, 'Blue alerts')
  await device(screen, 'Gate camera').getByRole('button').first().click()
  await camera.close()
  await screen.getByRole('table').getByRole('button', { name: 'Settings', exact: true }).click()
  const dialog = screen.getByRole('dialog')
  await dialog.getByRole('textbox', { name: /Blue sensitivity/ }).fill('0.35')
  await dialog.getByRole('button', { name: 'Send to device' }).click()
  await expect(dialog).toBeHidden()
  await go(screen, 'Links')
  await expect(screen.getByText('waiting', { exact: true }).first()).toBeVisible()
  await camera.connect(site.hub)
  expect(await camera.message('settings')).toMatchObject({ payload: { blueSensitivity: 0.35 } })
})

test('a device out of service keeps its alerts and calls nobody', async ({ site }) => {
  const camera = await site.camera('Gate camera')
  const screen = await site.screen()
  await go(screen, 'Blue alerts')
  await device(screen, 'Gate camera').getByRole('button').first().click()
  await screen.getByRole('button', { name: 'Take out of service' }).click()
  const dialog = screen.getByRole('dialog')
  await dialog.getByRole('textbox', { name: /Reason/ }).fill('lens being cleaned')
  await dialog.getByRole('button', { name: 'Take out of service' }).click()
  await expect(device(screen, 'Gate camera')).toContainText('out of service')
  await camera.alertReceived()
  await expect(card(screen, 'Gate camera', /not acknowledged/)).toHaveCount(0)
  await go(screen, 'History')
  await expect(row(screen, 'Gate camera')).toHaveCount(1)
})

test('History open on a screen offers what arrives, without moving what is being read', async ({ site }) => {
  const camera = await site.camera('Gate camera')
  for (let n = 0; n < 3; n += 1) await camera.alertReceived()
  const screen = await site.screen()
  await go(screen, 'History')
  await expect(row(screen, 'Gate camera')).toHaveCount(3)
  await row(screen, 'Gate camera').last().click()
  await camera.alertReceived()
  const newer = screen.getByRole('button', { name: /1 newer/ })
  await expect(newer).toBeVisible()
  await newer.click()
  await expect(row(screen, 'Gate camera')).toHaveCount(4)
})

test('an evidence picture arrives on the screen as it was sent', async ({ site }) => {
  const camera = await site.camera('Gate camera')
  const imageData =
    'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=='
  await camera.alertReceived({ imageData })
  const screen = await site.screen()
  await go(screen, 'History')
  await row(screen, 'Gate camera').first().click()
  const picture = screen.getByRole('region', { name: 'Alert', exact: true }).getByRole('img').first()
  const href = await picture.locator('image').getAttribute('href')
  expect(href).toMatch(/^blob:/)
  // Decoded again beside it: what is shown is a picture, and of the size it was sent with.
  const widthPx = await screen.evaluate(async (src) => {
    const image = new Image()
    image.src = src
    await image.decode()
    return image.naturalWidth
  }, href ?? '')
  expect(widthPx).toBe(1)
})
