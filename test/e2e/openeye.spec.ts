/** An OpenEye server as a person meets it: connected, watched, lost, refused, ruled over; and Watchfloor as such a server to others. */
import { once } from 'node:events'
import type { Locator, Page } from '@playwright/test'
import { decode } from 'jpeg-js'
import { WebSocket } from 'ws'
import { type OpenEyeSim, startOpenEye } from '../sim/openeye/server.ts'
import { test as base, expect } from './fixtures.ts'
import { addOpenEye, go, linkRow, openLink, sighting, tile } from './pages.ts'

const test = base.extend<{ openEye: OpenEyeSim }>({
  // biome-ignore lint/correctness/noEmptyPattern: a fixture names what it needs, and this one needs nothing
  openEye: async ({}, use) => {
    const sim = await startOpenEye({ statisticsMs: 1000, framesPerSecond: 10 })
    await use(sim)
    await sim.close()
  },
})

// Losing a server and finding it again takes its time, and decoding pictures on a busy machine more.
test.describe.configure({ timeout: 120_000 })

/** What a camera's tile shows, small enough to compare. */
function fingerprint(picture: Locator): Promise<string> {
  return picture.evaluate((element) => {
    if (!(element instanceof HTMLCanvasElement || element instanceof HTMLVideoElement)) return ''
    const small = document.createElement('canvas')
    small.width = 64
    small.height = 48
    const context = small.getContext('2d')
    context?.drawImage(element, 0, 0, 64, 48)
    return [...(context?.getImageData(0, 0, 64, 48).data ?? [])].join()
  })
}

async function figures(screen: Page, name: string): Promise<Locator> {
  await go(screen, 'Overview')
  return screen.getByRole('region', { name, exact: true })
}

test('is connected by its address and a login, and shows figures, moving cameras and who was seen', async ({
  site,
  openEye,
}) => {
  await site.camera('Gate camera')
  const screen = await site.screen()
  await addOpenEye(screen, 'Gatehouse', openEye)
  await expect(linkRow(screen, 'Gatehouse')).toContainText(/live/, { timeout: 15_000 })

  openEye.see('front_door', 'Ann Le')
  const source = await figures(screen, 'Gatehouse')
  await expect(source).toContainText(/People known\s*5/)
  await expect(source).toContainText(/3 \/ 4/)

  await go(screen, 'Cameras')
  const lobby = tile(screen, 'lobby')
  await expect(lobby).toHaveAttribute('data-picture', 'live', { timeout: 15_000 })
  const first = await fingerprint(lobby.locator('[data-live-picture]'))
  await expect.poll(() => fingerprint(lobby.locator('[data-live-picture]'))).not.toBe(first)

  await go(screen, 'Faces')
  const seen = sighting(screen, 'Ann Le')
  await expect(seen).toBeVisible({ timeout: 15_000 })
  await seen.click()
  await expect(screen.getByRole('img', { name: /Picture of the sighting of Ann Le/ })).toBeVisible({
    timeout: 15_000,
  })
})

test('moves on a canvas too, where a browser cannot be fed with video', { tag: '@node' }, async ({
  site,
  openEye,
}) => {
  await site.camera('Gate camera')
  const screen = await site.screen()
  await screen.addInitScript(() => Reflect.deleteProperty(window, 'MediaStreamTrackGenerator'))
  await screen.reload()
  await addOpenEye(screen, 'Gatehouse', openEye)
  await go(screen, 'Cameras')
  const lobby = tile(screen, 'lobby')
  await expect(lobby).toHaveAttribute('data-picture', 'live', { timeout: 15_000 })
  const canvas = lobby.locator('canvas[data-live-picture]')
  const first = await fingerprint(canvas)
  await expect.poll(() => fingerprint(canvas)).not.toBe(first)
})

test('lost, it is said why, nothing old looks live, and it comes back by itself', { tag: '@node' }, async ({
  site,
  openEye,
}) => {
  await site.camera('Gate camera')
  const screen = await site.screen()
  await addOpenEye(screen, 'Gatehouse', openEye)
  await expect(linkRow(screen, 'Gatehouse')).toContainText(/live/, { timeout: 15_000 })
  await go(screen, 'Cameras')
  const lobby = tile(screen, 'lobby')
  await expect(lobby).toHaveAttribute('data-picture', 'live', { timeout: 15_000 })

  await openEye.refuse()
  await expect(lobby).toHaveAttribute('data-picture', /late|lost/, { timeout: 15_000 })
  await go(screen, 'Links')
  await expect(linkRow(screen, 'Gatehouse')).toContainText(/waiting|polling|opening/, { timeout: 15_000 })
  await openLink(screen, 'Gatehouse')
  await expect(
    screen.getByText(/refused|ECONNREFUSED|cannot be reached|not reach|nobody listens/i).first(),
  ).toBeVisible({ timeout: 15_000 })
  const source = await figures(screen, 'Gatehouse')
  await expect(source).toHaveAttribute('data-stale', 'true', { timeout: 30_000 })
  await expect(source).toContainText('—')

  await openEye.accept()
  await expect(source).not.toHaveAttribute('data-stale', { timeout: 45_000 })
  await expect(source).toContainText(/3 \/ 4/)
  await go(screen, 'Links')
  await expect(linkRow(screen, 'Gatehouse')).toContainText(/live/, { timeout: 45_000 })
  await go(screen, 'Cameras')
  await expect(tile(screen, 'lobby')).toHaveAttribute('data-picture', 'live', { timeout: 45_000 })
})

test('without its socket the figures come by asking, and the link says polling', { tag: '@node' }, async ({
  site,
  openEye,
}) => {
  openEye.setFault({ refuseSockets: 503 })
  await site.camera('Gate camera')
  const screen = await site.screen()
  await addOpenEye(screen, 'Gatehouse', openEye)
  await expect(linkRow(screen, 'Gatehouse')).toContainText(/polling/, { timeout: 30_000 })
  const source = await figures(screen, 'Gatehouse')
  await expect(source).toContainText(/People known\s*5/, { timeout: 15_000 })
  openEye.setFault({ refuseSockets: 0 })
  await go(screen, 'Links')
  await expect(linkRow(screen, 'Gatehouse')).toContainText(/live/, { timeout: 45_000 })
})

test('a wrong password is refused in words; the right one makes it live', async ({ site, openEye }) => {
  await site.camera('Gate camera')
  const screen = await site.screen()
  await addOpenEye(screen, 'Gatehouse', { ...openEye, password: 'Wrong-1234' })
  await expect(linkRow(screen, 'Gatehouse')).toContainText(/refused/, { timeout: 15_000 })
  await openLink(screen, 'Gatehouse')
  await expect(screen.getByText(/refused the login: Incorrect username or password/).first()).toBeVisible()
  await screen.getByRole('button', { name: 'Change', exact: true }).click()
  const dialog = screen.getByRole('dialog')
  await dialog.getByLabel('Log in with').selectOption('password')
  await dialog.getByLabel('User name').fill(openEye.user)
  await dialog.getByLabel('Password', { exact: true }).fill(openEye.password)
  await dialog.getByRole('button', { name: 'Save', exact: true }).click()
  await expect(linkRow(screen, 'Gatehouse')).toContainText(/live/, { timeout: 15_000 })
})

test('a rule turns the next unknown face into an alert; without it there is none', async ({
  site,
  openEye,
}) => {
  await site.camera('Gate camera')
  const screen = await site.screen()
  await addOpenEye(screen, 'Gatehouse', openEye)
  await expect(linkRow(screen, 'Gatehouse')).toContainText(/live/, { timeout: 15_000 })
  openEye.see('lobby', null)
  await go(screen, 'Faces')
  await expect(sighting(screen, 'Unknown')).toBeVisible({
    timeout: 15_000,
  })
  await go(screen, 'Overview')
  await expect(screen.getByRole('article').filter({ hasText: 'Unknown face anywhere' })).toHaveCount(0)

  await go(screen, 'Rules')
  await screen.getByRole('button', { name: /Unknown face anywhere/ }).click()
  const dialog = screen.getByRole('dialog')
  await dialog.getByRole('button', { name: 'Save', exact: true }).click()
  await expect(dialog).toBeHidden()
  openEye.see('front_door', null)
  await go(screen, 'Overview')
  const alert = screen.getByRole('article').filter({ hasText: 'Unknown face anywhere' })
  await expect(alert.first()).toBeVisible({ timeout: 20_000 })
})

test('Watchfloor is such a server: a user logs in, hears figures, sees a camera', { tag: '@node' }, async ({
  site,
  openEye,
}) => {
  await site.camera('Gate camera')
  const screen = await site.screen()
  await addOpenEye(screen, 'Gatehouse', openEye)
  await expect(linkRow(screen, 'Gatehouse')).toContainText(/live/, { timeout: 15_000 })
  await screen.getByRole('button', { name: 'Add link' }).click()
  const dialog = screen.getByRole('dialog')
  await dialog.getByLabel('Kind').selectOption('openeye-server')
  await dialog.getByLabel('Name', { exact: true }).fill('For others')
  await dialog.getByLabel('Port').fill('0')
  await dialog.getByRole('button', { name: 'Save', exact: true }).click()
  await expect(dialog).toBeHidden()
  await openLink(screen, 'For others')
  await screen.getByRole('button', { name: 'Add user' }).click()
  await dialog
    .getByLabel('User', { exact: true })
    .or(dialog.getByLabel('User name'))
    .first()
    .fill('dashboard')
  await dialog
    .getByLabel('New password')
    .or(dialog.getByLabel('Password', { exact: true }))
    .first()
    .fill('Dash-2026!')
  await dialog.getByRole('button', { name: /^(Add user|Save|Add)$/ }).click()
  await expect(dialog).toBeHidden()
  await expect(screen.getByText('dashboard', { exact: true }).first()).toBeVisible()
  const point = screen.getByText(/^http:\/\/127\.0\.0\.1:[1-9]\d*$/).first()
  const url = (await point.textContent()) ?? ''

  const answer = await fetch(`${url}/api/token`, {
    method: 'POST',
    body: new URLSearchParams({ username: 'dashboard', password: 'Dash-2026!' }),
  })
  expect(answer.status).toBe(200)
  const { access_token: token } = (await answer.json()) as { access_token: string }

  // As the guide writes it, and nothing more.
  const ws = new WebSocket(`${url.replace('http', 'ws')}/api/ws/statistics?token=${token}`)
  const heard: { type: string; data?: { cameras?: { total_cameras?: number } } }[] = []
  ws.on('message', (bytes) => heard.push(JSON.parse(String(bytes))))
  await once(ws, 'open')
  await expect.poll(() => heard[0]?.type).toBe('connection_status')
  await expect
    .poll(() => heard.find((message) => message.type === 'statistics_update')?.data?.cameras?.total_cameras, {
      timeout: 15_000,
    })
    .toBe(4)
  ws.close()

  const authorization = `Bearer ${token}`
  const list = (await (await fetch(`${url}/api/cameras/`, { headers: { authorization } })).json()) as {
    cameras: { camera_id: string }[]
  }
  const id = list.cameras.map((camera) => camera.camera_id).find((camera) => camera.includes('lobby')) ?? ''
  const stream = await fetch(`${url}/api/cameras/${encodeURIComponent(id)}/stream`, {
    headers: { authorization },
  })
  let bytes = Buffer.alloc(0)
  const head = '\r\n\r\n'
  const end = () => bytes.indexOf(Buffer.from([0xff, 0xd9]))
  for await (const chunk of stream.body ?? []) {
    bytes = Buffer.concat([bytes, chunk])
    if (end() > 0) break
  }
  const picture = decode(bytes.subarray(bytes.indexOf(head) + head.length, end() + 2))
  expect([picture.width, picture.height]).toEqual([640, 480])
})
