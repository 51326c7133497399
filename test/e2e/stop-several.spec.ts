/** STOP REQUESTs of several vehicles, and closing what was said of them. */
import type { Locator, Page } from '@playwright/test'
import type { VehicleSim } from '../sim/oht50/server.ts'
import { addVehicle, go, reading } from './pages.ts'
import { expect, test } from './vehicles.ts'

test.describe.configure({ timeout: 120_000 })

const first = 'OHT-50-001'
const second = 'OHT-50-002'

function stops({ asked }: VehicleSim): number {
  return asked.filter(({ method, path }) => method === 'POST' && path === '/api/v1/state/emergency').length
}

/** The vehicle is asked for its state all the time: when that has happened so often, what else was to come has come. */
async function wentOn(sim: VehicleSim, rounds = 4): Promise<void> {
  const polls = () => sim.asked.filter(({ path }) => path === '/api/v1/system/state').length
  const before = polls()
  await expect.poll(polls, { timeout: 20_000 }).toBeGreaterThanOrEqual(before + rounds)
}

function said(screen: Page, text: string | RegExp): Locator {
  return screen.getByRole('status').or(screen.getByRole('alert')).filter({ hasText: text })
}

async function show(screen: Page, vehicle: string): Promise<void> {
  await screen
    .getByRole('navigation', { name: 'Vehicles' })
    .getByRole('button', { name: vehicle, exact: true })
    .click()
  await expect(screen.getByRole('main').getByRole('heading', { name: vehicle })).toBeVisible()
}

test('of two vehicles the one that is meant is asked, the other drives on; from the key both are', async ({
  site,
  yard,
}) => {
  const one = await yard.network({ robotId: first, state: 'MOVE' })
  const other = await yard.network({ robotId: second, state: 'MOVE' })
  const screen = await site.screen()
  await addVehicle(screen, {
    name: 'Link of one',
    vehicle: first,
    httpUrl: one.httpUrl,
    socketUrl: one.socketUrl,
  })
  await addVehicle(screen, {
    name: 'Link of two',
    vehicle: second,
    httpUrl: other.httpUrl,
    socketUrl: other.socketUrl,
  })
  await go(screen, 'Vehicles')
  for (const vehicle of [first, second]) {
    await show(screen, vehicle)
    await expect(reading(screen, 'State')).toContainText('MOVE')
  }

  await screen
    .getByRole('main')
    .getByRole('button', { name: `STOP REQUEST ${second}` })
    .click()
  await expect(said(screen, `${second} reports ESTOP`)).toHaveCount(1)
  await expect(said(screen, first)).toHaveCount(0)
  await expect(reading(screen, 'State')).toContainText('ESTOP')
  await show(screen, first)
  await expect(reading(screen, 'State')).toContainText('MOVE')
  await wentOn(one)
  expect(stops(one)).toBe(0)
  expect(one.vehicle.state).toBe('MOVE')

  const before = stops(other)
  await screen.keyboard.press('F12')
  await expect(said(screen, `${first} reports ESTOP`)).toHaveCount(1)
  await expect(reading(screen, 'State')).toContainText('ESTOP')
  await expect.poll(() => stops(other)).toBeGreaterThan(before)
  expect(stops(one)).toBeGreaterThan(0)
})

test('a confirmed stop can be closed, here only; one that is not confirmed cannot, and the next is told again', {
  tag: '@node',
}, async ({ site, yard }) => {
  const sim = await yard.network({ robotId: first, state: 'MOVE', faults: { emergency: 'ignored' } })
  const screen = await site.screen()
  await addVehicle(screen, {
    name: 'Firmware',
    vehicle: first,
    httpUrl: sim.httpUrl,
    socketUrl: sim.socketUrl,
  })
  const colleague = await site.screen('operator')
  await screen.keyboard.press('F12')
  const loud = said(screen, 'STOP NOT CONFIRMED')
  await expect(loud).toBeVisible()
  await expect(loud.getByRole('button', { name: 'Close' })).toHaveCount(0)
  sim.set({ faults: { emergency: 'works' } })
  const confirmed = said(screen, `${first} reports ESTOP`)
  await expect(confirmed).toHaveCount(1)
  await confirmed.getByRole('button', { name: 'Close' }).click()
  await expect(confirmed).toHaveCount(0)
  await expect(said(colleague, `${first} reports ESTOP`)).toHaveCount(1)

  sim.set({ state: 'MOVE', faults: { emergency: 'ignored' } })
  await go(screen, 'Vehicles')
  await expect(reading(screen, 'State')).toContainText('MOVE')
  await screen.keyboard.press('F12')
  await expect(loud).toBeVisible()
  await loud.getByRole('button', { name: 'Stop asking' }).click()
  const ended = said(screen, 'was ended by hand')
  await expect(ended).toHaveCount(1)
  await ended.getByRole('button', { name: 'Close' }).click()
  await expect(ended).toHaveCount(0)
})

test('what could not be sent is said until it is closed, and is not sent when the app is back', {
  tag: '@node',
}, async ({ site, yard }) => {
  const sim = await yard.network({ robotId: first, state: 'MOVE' })
  const screen = await site.screen()
  await addVehicle(screen, {
    name: 'Firmware',
    vehicle: first,
    httpUrl: sim.httpUrl,
    socketUrl: sim.socketUrl,
  })
  await go(screen, 'Vehicles')
  await expect(reading(screen, 'State')).toContainText('MOVE')
  site.expectTrouble(/WebSocket|ERR_CONNECTION_(REFUSED|RESET)/)
  await site.app.kill()
  await expect(screen.getByText(/core is lost/).first()).toBeVisible()
  await screen.keyboard.press('F12')
  const unsent = screen.getByRole('alert').filter({ hasText: 'STOP REQUEST was NOT SENT' })
  await expect(unsent).toContainText('Use the emergency stop on the vehicle', { timeout: 20_000 })
  await unsent.getByRole('button', { name: 'Close' }).click()
  await expect(unsent).toHaveCount(0)
  await site.restart()
  await expect(reading(screen, 'State')).toContainText('MOVE', { timeout: 30_000 })
  await wentOn(sim)
  expect(stops(sim)).toBe(0)
})
