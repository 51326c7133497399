/** A vehicle over the network: what it says and how old that is, whom to believe, and what it can be asked. */
import { addVehicle, go, linkRow, reading, vehicleAlert } from './pages.ts'
import { expect, test } from './vehicles.ts'

test.describe.configure({ timeout: 90_000 })

const vehicle = 'OHT-50-001'

test('its state is shown while it is current, and as old when the vehicle falls silent', async ({
  site,
  yard,
}) => {
  const sim = await yard.network({ state: 'IDLE' })
  const screen = await site.screen()
  await addVehicle(screen, { name: 'Firmware', vehicle, httpUrl: sim.httpUrl, socketUrl: sim.socketUrl })
  await go(screen, 'Vehicles')
  await expect(screen.getByRole('main').getByRole('heading', { name: vehicle })).toBeVisible()
  await expect(reading(screen, 'State')).toContainText('IDLE')
  await expect(reading(screen, 'Battery')).toContainText(/\d+\.\d %/)
  sim.set({ state: 'PAUSED' })
  await expect(reading(screen, 'State')).toContainText('PAUSED')
  await sim.stop()
  // Never as if it were now.
  await expect(reading(screen, 'State').getByRole('strong')).toHaveText('—', { timeout: 20_000 })
  await expect(reading(screen, 'State')).toContainText(/was PAUSED, .+ ago/)
})

test('without its socket it is asked over HTTP, which the link calls polling', async ({ site, yard }) => {
  const sim = await yard.network({ faults: { refuseSockets: 503 } })
  const screen = await site.screen()
  await addVehicle(screen, { name: 'Firmware', vehicle, httpUrl: sim.httpUrl, socketUrl: sim.socketUrl })
  await expect(linkRow(screen, 'Firmware')).toContainText('polling')
  await go(screen, 'Vehicles')
  sim.set({ state: 'CONFIG' })
  await expect(reading(screen, 'State')).toContainText('CONFIG')
  sim.set({ faults: { refuseSockets: 0 } })
  await go(screen, 'Links')
  await expect(linkRow(screen, 'Firmware')).toContainText('live', { timeout: 30_000 })
})

test('two sources that disagree are both shown by name, and that is an alert', async ({ site, yard }) => {
  const [first, second] = [await yard.network({ state: 'IDLE' }), await yard.network({ state: 'MOVE' })]
  const screen = await site.screen()
  await addVehicle(screen, { name: 'By radio', vehicle, httpUrl: first.httpUrl })
  await addVehicle(screen, { name: 'By cable', vehicle, httpUrl: second.httpUrl })
  await go(screen, 'Vehicles')
  const state = reading(screen, 'State')
  await expect(state).toContainText(/By cable\s*MOVE/)
  await expect(state).toContainText(/By radio\s*IDLE/)
  await expect(state).toContainText('The sources disagree')
  await go(screen, 'Overview')
  await expect(vehicleAlert(screen, /sources disagree: .*By (radio|cable) says/)).toBeVisible({
    timeout: 15_000,
  })
  second.set({ state: 'IDLE' })
  await go(screen, 'Vehicles')
  await expect(state).not.toContainText('The sources disagree')
})

test('Move asks first, shows what must be so, and is refused in ESTOP', async ({ site, yard }) => {
  const sim = await yard.network({ state: 'IDLE' })
  const screen = await site.screen()
  await addVehicle(screen, { name: 'Firmware', vehicle, httpUrl: sim.httpUrl, socketUrl: sim.socketUrl })
  await go(screen, 'Vehicles')
  await expect(reading(screen, 'State')).toContainText('IDLE')
  const panel = screen.getByRole('region', { name: 'Commands' })
  const dialog = screen.getByRole('dialog')
  const posts = () => sim.asked.filter(({ method }) => method === 'POST').map(({ path }) => path)

  await panel.getByRole('button', { name: 'Move' }).click()
  const conditions = dialog.getByRole('list', { name: 'What must be so' })
  await expect(conditions.getByRole('listitem').filter({ hasText: 'not in ESTOP' })).toContainText('yes')
  expect(posts()).toEqual([])
  await dialog.getByRole('button', { name: 'Move', exact: true }).click()
  await expect(dialog).toContainText(/Answered after \d+ ms/)
  expect(posts()).toEqual(['/api/v1/state/move'])
  await dialog.getByRole('button', { name: 'Close' }).last().click()
  await expect(reading(screen, 'State')).toContainText('MOVE')
  await expect(reading(screen, 'Speed')).toContainText(/0\.[1-9]\d? m\/s|0\.0[1-9] m\/s/)

  sim.set({ state: 'ESTOP' })
  await expect(reading(screen, 'State')).toContainText('ESTOP')
  await panel.getByRole('button', { name: 'Move' }).click()
  await expect(conditions.getByRole('listitem').filter({ hasText: 'not in ESTOP' })).toContainText('no')
  await expect(dialog.getByRole('button', { name: 'Move', exact: true })).toBeDisabled()
  await screen.keyboard.press('Escape')

  // What only the vehicle knows is refused in its own words.
  sim.set({ state: 'CONFIG' })
  await expect(reading(screen, 'State')).toContainText('CONFIG')
  await panel.getByRole('button', { name: 'Move' }).click()
  await dialog.getByRole('button', { name: 'Move', exact: true }).click()
  await expect(dialog).toContainText('Cannot move in state CONFIG')
})
