/** How a person finds things on the screen: by role and name, never by class. One place to change when words change. */
import { expect, type Locator, type Page } from '@playwright/test'

export type View =
  | 'Overview'
  | 'Cameras'
  | 'Faces'
  | 'Blue alerts'
  | 'Vehicles'
  | 'History'
  | 'Links'
  | 'Rules'
  | 'Settings'

export async function go(page: Page, view: View): Promise<void> {
  await page.getByRole('navigation', { name: 'Views' }).getByRole('button', { name: view }).click()
}

/** The card of a device's alert in the open list. Its name holds priority, title and state. */
export function card(page: Page, device: string, state?: RegExp): Locator {
  const cards = page.getByRole('article').filter({ hasText: device })
  return state === undefined ? cards : cards.and(page.getByRole('article', { name: state }))
}

/** Moves the keyboard to an alert, as a person does who presses Tab or J until it is framed. */
export async function focus(alert: Locator): Promise<void> {
  await alert.getByRole('button').first().focus()
  await expect(alert).toHaveAttribute('aria-current', 'true')
}

export function act(alert: Locator, name: string): Locator {
  return alert.getByRole('button', { name, exact: true })
}

/** A row of History. */
export function row(page: Page, text: string | RegExp): Locator {
  return page
    .getByRole('listbox', { name: 'Alerts, newest first' })
    .getByRole('option')
    .filter({ hasText: text })
}

/** A link in the list of Links. */
export function linkRow(page: Page, name: string): Locator {
  return page.getByRole('listbox', { name: 'Links' }).getByRole('option').filter({ hasText: name })
}

export async function openLink(page: Page, name: string): Promise<void> {
  await linkRow(page, name).click()
}

export interface OpenEyeLogin {
  readonly url: string
  readonly user: string
  readonly password: string
}

/** Adds an OpenEye server on the Links screen, by hand. */
export async function addOpenEye(page: Page, name: string, login: OpenEyeLogin): Promise<void> {
  await go(page, 'Links')
  await page.getByRole('button', { name: 'Add link' }).click()
  const dialog = page.getByRole('dialog')
  await dialog.getByLabel('Kind').selectOption('openeye-client')
  await dialog.getByLabel('Name', { exact: true }).fill(name)
  await dialog.getByLabel('Server address').fill(login.url)
  await dialog.getByLabel('Log in with').selectOption('password')
  await dialog.getByLabel('User name').fill(login.user)
  await dialog.getByLabel('Password', { exact: true }).fill(login.password)
  await dialog.getByRole('button', { name: 'Save', exact: true }).click()
  await expect(dialog).toBeHidden()
}

/** A camera's tile on the wall. */
export function tile(page: Page, camera: string): Locator {
  return page.getByRole('article').and(page.locator(`[data-camera$="/${camera}"]`))
}

/** The newest row of Faces that names this person. */
export function sighting(page: Page, who: string): Locator {
  return page
    .getByRole('listbox', { name: 'Sightings, newest first' })
    .getByRole('option')
    .filter({ hasText: who })
    .first()
}

async function addLink(page: Page, kind: string, fill: (dialog: Locator) => Promise<void>): Promise<void> {
  await go(page, 'Links')
  await page.getByRole('button', { name: 'Add link' }).click()
  const dialog = page.getByRole('dialog')
  await dialog.getByLabel('Kind').selectOption(kind)
  await fill(dialog)
  await dialog.getByRole('button', { name: 'Save', exact: true }).click()
  await expect(dialog).toBeHidden()
}

export interface NetworkVehicle {
  readonly name: string
  readonly vehicle: string
  readonly httpUrl: string
  readonly socketUrl?: string
  readonly token?: string
}

/** Adds an OHT-50 over the network on the Links screen, by hand. */
export async function addVehicle(page: Page, vehicle: NetworkVehicle): Promise<void> {
  const { token = 'oht50_operator_token_2025' } = vehicle
  await addLink(page, 'oht50-client', async (dialog) => {
    await dialog.getByLabel('Name', { exact: true }).fill(vehicle.name)
    await dialog.getByLabel('Vehicle', { exact: true }).fill(vehicle.vehicle)
    await dialog.getByLabel('HTTP of the vehicle').fill(vehicle.httpUrl)
    await dialog.getByLabel('WebSocket of the vehicle').fill(vehicle.socketUrl ?? '')
    await dialog.getByLabel('Log in with').selectOption('key')
    await dialog.getByLabel('API key', { exact: true }).fill(token)
  })
  await expect(linkRow(page, vehicle.name)).toContainText(/live|polling/, { timeout: 15_000 })
}

/** One row of what is said of the vehicle on the screen: `State`, `Battery`. */
export function reading(page: Page, name: string): Locator {
  return page
    .getByRole('term')
    .filter({ hasText: new RegExp(`^${name}$`) })
    .locator('xpath=..')
}

/** An alert of a vehicle in the open list. */
export function vehicleAlert(page: Page, text: string | RegExp): Locator {
  return page.getByRole('article').filter({ hasText: 'Vehicle' }).filter({ hasText: text })
}

export interface SerialPart {
  readonly name: string
  readonly vehicle: string
  readonly port: string
}

/** Adds the modules of a vehicle on RS485 on the Links screen, by hand. */
export async function addBus(page: Page, bus: SerialPart & { readonly writable?: boolean }): Promise<void> {
  await addLink(page, 'modbus-bus', async (dialog) => {
    await dialog.getByLabel('Name', { exact: true }).fill(bus.name)
    await dialog.getByLabel('Vehicle', { exact: true }).fill(bus.vehicle)
    await dialog.getByLabel('Serial port').fill(bus.port)
    await dialog.getByLabel('Unit addresses').fill('2, 3, 4, 5')
    if (bus.writable === true) await dialog.getByLabel('May write to modules').check()
  })
  await expect(linkRow(page, bus.name)).toContainText('live', { timeout: 15_000 })
}

/** Adds an RPLIDAR on the Links screen, by hand. */
export async function addLidar(page: Page, lidar: SerialPart): Promise<void> {
  await addLink(page, 'rplidar', async (dialog) => {
    await dialog.getByLabel('Name', { exact: true }).fill(lidar.name)
    await dialog.getByLabel('Vehicle', { exact: true }).fill(lidar.vehicle)
    await dialog.getByLabel('Serial port').fill(lidar.port)
  })
  await expect(linkRow(page, lidar.name)).toContainText('live', { timeout: 15_000 })
}

/** The card of a module in the Vehicles view. */
export function moduleCard(page: Page, name: string): Locator {
  return page.getByRole('region', { name: 'Modules' }).getByRole('button', { name })
}

export interface GatewayUser {
  readonly name: string
  readonly password: string
  readonly role: 'viewer' | 'operator'
}

/** Adds a vehicle gateway with one user, by hand; resolves to where it listens. */
export async function addGateway(page: Page, name: string, user: GatewayUser): Promise<string> {
  await addLink(page, 'oht50-gateway', async (dialog) => {
    await dialog.getByLabel('Name', { exact: true }).fill(name)
    await dialog.getByLabel('Port').fill('0')
  })
  await openLink(page, name)
  await page.getByRole('button', { name: 'Add user' }).click()
  const dialog = page.getByRole('dialog')
  await dialog.getByLabel('User name').fill(user.name)
  await dialog.getByLabel('Password', { exact: true }).fill(user.password)
  await dialog.getByLabel('Role').selectOption(user.role)
  await dialog.getByRole('button', { name: 'Save', exact: true }).click()
  await expect(dialog).toBeHidden()
  const point = page.getByText(/^(?:http|ws):\/\/127\.0\.0\.1:[1-9]\d*$/).first()
  return ((await point.textContent()) ?? '').replace('ws://', 'http://')
}
