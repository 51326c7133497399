/** Choosing the port a device is plugged in at: what is there now, live, and typing for what is not there yet. */
import { mkdirSync, mkdtempSync, rmSync, symlinkSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Locator, Page } from '@playwright/test'
import { plugUsb, unplugUsb } from '../fakes/usb-tree.ts'
import { addBus, go, linkRow, moduleCard } from './pages.ts'
import { test as base, expect, needsCables } from './vehicles.ts'

base.describe.configure({ timeout: 120_000 })
needsCables()

const vehicle = 'OHT-50-001'
const adapter = { vendorId: '1a86', productId: '7523', serialNumber: 'RS485-7', manufacturer: 'QinHeng' }
const address = 'usb:1a86:7523:rs485-7'

interface Sockets {
  /** Makes a serial cable look like a USB adapter with this name. */
  plug(tty: string, cable: string): void
  unplug(tty: string): void
}

const test = base.extend<{ root: string; sockets: Sockets }>({
  // biome-ignore lint/correctness/noEmptyPattern: a fixture's first argument is a pattern
  root: async ({}, use) => {
    const root = mkdtempSync(join(tmpdir(), 'watchfloor-usb-'))
    mkdirSync(join(root, 'sys/class/tty'), { recursive: true })
    mkdirSync(join(root, 'dev'))
    await use(root)
    rmSync(root, { recursive: true, force: true })
  },
  env: async ({ root }, use) => {
    await use({ WATCHFLOOR_SYS: join(root, 'sys'), WATCHFLOOR_DEV: join(root, 'dev') })
  },
  sockets: async ({ root }, use) => {
    await use({
      plug(tty, cable) {
        symlinkSync(cable, join(root, 'dev', tty))
        plugUsb(join(root, 'sys'), tty, '1-1', adapter)
      },
      unplug(tty) {
        unplugUsb(join(root, 'sys'), tty, '1-1')
        rmSync(join(root, 'dev', tty))
      },
    })
  },
})

async function openForm(screen: Page): Promise<Locator> {
  await go(screen, 'Links')
  await screen.getByRole('button', { name: 'Add link' }).click()
  const dialog = screen.getByRole('dialog')
  await dialog.getByLabel('Kind').selectOption('modbus-bus')
  return dialog
}

/** The ports offered below the field. */
function offered(screen: Page): Locator {
  return screen.getByRole('option').filter({ hasText: adapter.manufacturer })
}

test('an adapter appears while the form is open, is chosen by what it is, and found under another name', async ({
  site,
  yard,
  sockets,
}) => {
  const bus = await yard.bus()
  const screen = await site.screen()
  const dialog = await openForm(screen)
  const port = dialog.getByLabel('Serial port')
  await expect(dialog).toContainText('No serial port is plugged in now.')
  sockets.plug('ttyUSB0', bus.port)
  await expect(dialog).not.toContainText('No serial port is plugged in now.')
  await port.click()
  const option = offered(screen)
  await expect(option).toHaveCount(1)
  await expect(option).toContainText('QinHeng · 1a86:7523 · no. RS485-7')
  await expect(option).toContainText(/now \S+\/ttyUSB0/)
  await option.click()
  await expect(port).toHaveValue(address)
  await dialog.getByLabel('Name', { exact: true }).fill('Vehicle bus')
  await dialog.getByLabel('Vehicle', { exact: true }).fill(vehicle)
  await dialog.getByLabel('Unit addresses').fill('2, 3, 4, 5')
  await dialog.getByRole('button', { name: 'Save', exact: true }).click()
  await expect(dialog).toBeHidden()
  await expect(linkRow(screen, 'Vehicle bus')).toContainText('live', { timeout: 15_000 })

  // The same device under another name: the link was told what it is, not what it was called.
  await bus.unplug()
  sockets.unplug('ttyUSB0')
  await expect(linkRow(screen, 'Vehicle bus')).not.toContainText('live', { timeout: 20_000 })
  await bus.plug()
  sockets.plug('ttyUSB5', bus.port)
  await expect(linkRow(screen, 'Vehicle bus')).toContainText('live', { timeout: 30_000 })
  await go(screen, 'Vehicles')
  await expect(moduleCard(screen, 'Power')).toContainText('25.4 V', { timeout: 15_000 })

  // Who has it is said before somebody else takes it.
  const second = await openForm(screen)
  await second.getByLabel('Serial port').click()
  await expect(option).toContainText('in use by the link Vehicle bus')
  await option.click()
  await expect(second.getByRole('status').filter({ hasText: 'in use by the link Vehicle bus' })).toBeVisible()
})

test('a port that is not plugged in yet can be typed, and is opened when it is', async ({
  site,
  yard,
  sockets,
}) => {
  const bus = await yard.bus()
  const screen = await site.screen()
  const dialog = await openForm(screen)
  const port = dialog.getByLabel('Serial port')
  await port.fill('nonsense')
  await expect(dialog).toContainText('Write the port: usb:1a86:7523, /dev/ttyUSB0 or COM3.')
  await port.fill(address)
  await expect(dialog).toContainText('it is opened as soon as it is there')
  await dialog.getByLabel('Name', { exact: true }).fill('Vehicle bus')
  await dialog.getByLabel('Vehicle', { exact: true }).fill(vehicle)
  await dialog.getByRole('button', { name: 'Save', exact: true }).click()
  await expect(dialog).toBeHidden()
  await expect(linkRow(screen, 'Vehicle bus')).toContainText('waiting', { timeout: 15_000 })
  sockets.plug('ttyUSB3', bus.port)
  await expect(linkRow(screen, 'Vehicle bus')).toContainText('live', { timeout: 20_000 })
})

test('half a name leaves the ports it fits, and a port that a link opens by another name is known as in use', async ({
  site,
  yard,
  sockets,
}) => {
  const bus = await yard.bus()
  sockets.plug('ttyUSB0', bus.port)
  const screen = await site.screen()
  await addBus(screen, { name: 'Vehicle bus', vehicle, port: bus.port })
  const dialog = await openForm(screen)
  const port = dialog.getByLabel('Serial port')
  await port.fill('qin')
  await expect(offered(screen)).toHaveCount(1)
  // Opened by the name of the cable, it is the same device.
  await expect(offered(screen)).toContainText('in use by the link Vehicle bus')
  await port.fill('another')
  await expect(offered(screen)).toHaveCount(0)
})
