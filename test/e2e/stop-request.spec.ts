/** STOP REQUEST as an operator meets it: from everywhere, loud until the vehicle itself reports ESTOP, and silent once it is released. */
import { join } from 'node:path'
import type { Page } from '@playwright/test'
import type { VehicleSim } from '../sim/oht50/server.ts'
import { addVehicle, go, linkRow, reading, type View, vehicleAlert } from './pages.ts'
import { expect, test } from './vehicles.ts'

test.describe.configure({ timeout: 90_000 })

const name = 'OHT-50-001'
const picture = join(import.meta.dirname, '../assets/faces/collins-640.jpg')

function stops({ asked }: VehicleSim): number {
  return asked.filter(({ method, path }) => method === 'POST' && path === '/api/v1/state/emergency').length
}

/** It answers `safety/estop` with success and does nothing: nobody may rely on it. */
function lies({ asked }: VehicleSim): number {
  return asked.filter(({ path }) => path.includes('safety/estop')).length
}

/** The vehicle is asked for its state all the time: when that has happened so often, what else was to come has come. */
async function wentOn(sim: VehicleSim, rounds = 4): Promise<void> {
  const polls = () => sim.asked.filter(({ path }) => path === '/api/v1/system/state').length
  const before = polls()
  await expect.poll(polls, { timeout: 20_000 }).toBeGreaterThanOrEqual(before + rounds)
}

async function begin(screen: Page, sim: VehicleSim): Promise<void> {
  await addVehicle(screen, { name: 'Vehicle', vehicle: name, httpUrl: sim.httpUrl, socketUrl: sim.socketUrl })
  await go(screen, 'Vehicles')
  await expect(reading(screen, 'State')).toContainText('MOVE')
}

function banner(screen: Page, text: string | RegExp) {
  return screen.getByRole('status').or(screen.getByRole('alert')).filter({ hasText: text })
}

/** What the page says of stop requests from now on, also what stands there only until the vehicle has stopped. */
async function watchSaid(screen: Page): Promise<() => Promise<string[]>> {
  const said = await screen.evaluateHandle(() => {
    const texts = new Set<string>()
    new MutationObserver(() => {
      for (const each of document.querySelectorAll('[role=status], [role=alert]'))
        texts.add((each as HTMLElement).innerText)
    }).observe(document.body, { childList: true, subtree: true, characterData: true })
    return texts
  })
  return () => said.evaluate((texts) => [...texts].filter((text) => text.includes('STOP REQUEST')))
}

test('F12 asks for a stop from every view, while typing and over a dialog', async ({ site, yard }) => {
  const sim = await yard.network({ state: 'MOVE', faults: { emergency: 'ignored' } })
  const screen = await site.screen()
  await begin(screen, sim)
  const press = async () => {
    const before = stops(sim)
    await screen.keyboard.press('F12')
    await expect.poll(() => stops(sim)).toBeGreaterThan(before)
    await screen.getByRole('button', { name: 'Stop asking' }).click()
    await expect(screen.getByRole('button', { name: 'Stop asking' })).toHaveCount(0)
    // Released, nothing more is sent.
    await wentOn(sim, 2)
    const after = stops(sim)
    await wentOn(sim, 2)
    expect(stops(sim)).toBe(after)
  }
  const views: View[] = ['Overview', 'Cameras', 'Faces', 'Blue alerts', 'Vehicles', 'History', 'Links']
  for (const view of [...views, 'Rules', 'Settings'] as const) {
    await go(screen, view)
    await press()
  }
  await go(screen, 'Links')
  await screen.getByRole('button', { name: 'Add link' }).click()
  const dialog = screen.getByRole('dialog')
  await dialog.getByLabel('Name', { exact: true }).fill('half a na')
  const before = stops(sim)
  await screen.keyboard.press('F12')
  await expect.poll(() => stops(sim)).toBeGreaterThan(before)
  // What became of it is read and ended over the dialog, which stays as it was.
  await screen.getByRole('button', { name: 'Stop asking' }).click()
  await expect(screen.getByRole('button', { name: 'Stop asking' })).toHaveCount(0)
  await expect(dialog.getByLabel('Name', { exact: true })).toHaveValue('half a na')
  expect(lies(sim)).toBe(0)
})

test('requested, then the vehicle itself reports ESTOP; a held key is one request', async ({
  site,
  yard,
}) => {
  const sim = await yard.network({ state: 'MOVE', faults: { emergency: 600 } })
  const screen = await site.screen()
  const sent: string[] = []
  screen.on('websocket', (socket) =>
    socket.on('framesent', ({ payload }) => {
      if (String(payload).includes('"vehicles.stop"')) sent.push(String(payload))
    }),
  )
  await screen.reload()
  await begin(screen, sim)
  const said = await watchSaid(screen)
  await screen.keyboard.down('F12')
  for (let n = 0; n < 5; n++) await screen.keyboard.down('F12')
  await expect(banner(screen, /OHT-50-001 reports ESTOP, \d+\.\d s after the STOP REQUEST/)).toHaveCount(1)
  expect((await said()).filter((text) => text.includes(`STOP REQUEST to ${name}`)).length).toBeGreaterThan(0)
  await screen.keyboard.up('F12')
  await expect(reading(screen, 'State')).toContainText('ESTOP')
  expect(sent).toHaveLength(1)
  const after = stops(sim)
  expect(after).toBeGreaterThan(0)
  await wentOn(sim)
  expect(stops(sim)).toBe(after)
  expect(lies(sim)).toBe(0)
  await go(screen, 'Overview')
  await expect(vehicleAlert(screen, /state ESTOP/)).toBeVisible()
})

test('a vehicle that says yes and never stops: said loudly, asked on, until the operator ends it', async ({
  site,
  yard,
}) => {
  const sim = await yard.network({ state: 'MOVE', faults: { emergency: 'ignored' } })
  const screen = await site.screen()
  await begin(screen, sim)
  await screen
    .getByRole('banner')
    .getByRole('button', { name: /STOP REQUEST/ })
    .click()
  const loud = screen.getByRole('alert').filter({ hasText: 'STOP NOT CONFIRMED' })
  await expect(loud).toContainText('use the emergency stop on the vehicle')
  await go(screen, 'Overview')
  const alert = vehicleAlert(screen, /STOP REQUEST not confirmed/)
  await expect(alert).toBeVisible()
  const before = stops(sim)
  await expect.poll(() => stops(sim)).toBeGreaterThan(before + 2)
  await loud.getByRole('button', { name: 'Stop asking' }).click()
  await expect(banner(screen, 'was ended by hand')).toBeVisible()
  await wentOn(sim, 2)
  const after = stops(sim)
  await wentOn(sim)
  expect(stops(sim)).toBe(after)
})

test('is never behind a tile that fills the screen, nor is what becomes of it', {
  tag: '@node',
}, async ({ site, yard }) => {
  const sim = await yard.network({ state: 'MOVE', faults: { emergency: 'ignored' } })
  const screen = await site.screen()
  await begin(screen, sim)
  await go(screen, 'Links')
  await screen.getByRole('button', { name: 'Add link' }).click()
  const dialog = screen.getByRole('dialog')
  await dialog.getByLabel('Kind').selectOption('still-camera')
  await dialog.getByLabel('Name', { exact: true }).fill('Posters')
  await dialog.getByLabel('File or folder').fill(picture)
  await dialog.getByRole('button', { name: 'Save', exact: true }).click()
  await expect(dialog).toBeHidden()
  await go(screen, 'Cameras')
  const tile = screen.getByRole('article').filter({ hasText: 'Posters' })
  await expect(tile).toHaveAttribute('data-picture', 'live', { timeout: 20_000 })
  await tile.getByRole('button', { name: /^Posters: / }).focus()
  await screen.keyboard.press('Enter')
  const isFull = () => screen.evaluate(() => document.fullscreenElement !== null)
  await screen.keyboard.press('f')
  await expect.poll(isFull).toBe(true)
  await screen.keyboard.press('F12')
  await expect(banner(screen, 'STOP NOT CONFIRMED')).toBeVisible()
  await expect.poll(isFull).toBe(false)
  // Gone back to the picture while it stands, and ended by a colleague.
  await screen.keyboard.press('f')
  await expect.poll(isFull).toBe(true)
  await (await site.screen()).getByRole('button', { name: 'Stop asking' }).click()
  await expect.poll(isFull).toBe(false)
  await expect(banner(screen, 'was ended by hand')).toBeVisible()
})

test('with the link down it says so, and nothing is sent when the link is back', async ({ site, yard }) => {
  const sim = await yard.network({ state: 'MOVE' })
  const screen = await site.screen()
  await begin(screen, sim)
  const [httpPort, socketPort] = [sim.httpUrl, sim.socketUrl].map((url) => Number(new URL(url).port))
  await sim.stop()
  await go(screen, 'Links')
  await expect(linkRow(screen, 'Vehicle')).not.toContainText(/live|polling/, { timeout: 20_000 })
  await screen.keyboard.press('F12')
  const loud = screen.getByRole('alert').filter({ hasText: 'STOP NOT CONFIRMED' })
  await expect(loud).toBeVisible()
  await expect(loud).toContainText(/Vehicle: \S+/)
  await loud.getByRole('button', { name: 'Stop asking' }).click()
  await expect(loud).toHaveCount(0)
  const again = await yard.network({
    state: 'MOVE',
    ...(httpPort === undefined ? {} : { httpPort }),
    ...(socketPort === undefined ? {} : { socketPort }),
  })
  await expect(linkRow(screen, 'Vehicle')).toContainText(/live|polling/, { timeout: 30_000 })
  await wentOn(again)
  expect(stops(again)).toBe(0)
  expect(again.vehicle.state).toBe('MOVE')
})

test('a viewer cannot ask for one', { tag: '@node' }, async ({ site, yard }) => {
  const sim = await yard.network({ state: 'MOVE' })
  await begin(await site.screen(), sim)
  const viewer = await site.screen('viewer')
  const button = viewer.getByRole('banner').getByRole('button', { name: /STOP REQUEST/ })
  await expect(button).toBeDisabled()
  await expect(button).toHaveAttribute('title', /only watch/)
  await viewer.keyboard.press('F12')
  await wentOn(sim)
  expect(stops(sim)).toBe(0)
})
