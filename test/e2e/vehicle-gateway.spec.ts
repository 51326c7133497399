/** The vehicle gateway as another program meets it: the same numbers as on the screen, and a stop by who may ask for one. */
import { once } from 'node:events'
import type { Page } from '@playwright/test'
import { WebSocket } from 'ws'
import { addBus, addGateway, addVehicle, go, moduleCard, reading } from './pages.ts'
import { expect, needsCables, test } from './vehicles.ts'

test.describe.configure({ timeout: 120_000 })

const vehicle = 'OHT-50-001'

interface Told {
  readonly type: string
  readonly id?: string
  readonly status?: string
  readonly data?: {
    readonly state?: string
    readonly module_addr?: string
    readonly registers?: readonly { readonly name: string; readonly value: number }[]
  }
}

/** A client that keeps what it is told. */
class Outsider {
  readonly told: Told[] = []
  readonly socket: WebSocket
  closed: number | null = null

  constructor(url: string, token: string | null) {
    this.socket = new WebSocket(url.replace('http', 'ws'), {
      headers: token === null ? {} : { authorization: `Bearer ${token}` },
    })
    this.socket.on('message', (bytes) => this.told.push(JSON.parse(String(bytes))))
    this.socket.on('close', (code) => {
      this.closed = code
    })
    this.socket.on('error', () => {})
  }

  /** Newest last. */
  values(unit: string, register: string): number[] {
    return this.told.flatMap(({ type, data }) =>
      type === 'telemetry' && data?.module_addr === unit
        ? (data.registers ?? []).filter(({ name }) => name === register).map(({ value }) => value)
        : [],
    )
  }
}

async function login(url: string, username: string, password: string): Promise<string> {
  const answer = await fetch(`${url}/api/v1/auth/login`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ username, password }),
  })
  expect(answer.status).toBe(200)
  return ((await answer.json()) as { access_token: string }).access_token
}

const user = { name: 'cell', password: 'Cell-2026-Op!', role: 'operator' } as const

async function gateway(screen: Page): Promise<string> {
  return addGateway(screen, 'For the cell', user)
}

test('an outside client hears the register change that the screen shows', async ({ site, yard }) => {
  needsCables()
  const bus = await yard.bus()
  const screen = await site.screen()
  await addBus(screen, { name: 'Vehicle bus', vehicle, port: bus.port })
  const url = await gateway(screen)
  const outsider = new Outsider(url, await login(url, user.name, user.password))
  await expect.poll(() => outsider.values('0x02', 'battery-voltage').at(-1)).toBe(25.4)
  await go(screen, 'Vehicles')
  bus.device.set(2, 0x00, 231)
  await expect(moduleCard(screen, 'Power')).toContainText('23.1 V')
  await expect.poll(() => outsider.values('0x02', 'battery-voltage').at(-1)).toBe(23.1)
  outsider.socket.close()
})

test('an operator’s client stops the vehicle and hears that it stands; a wrong token is 1008', async ({
  site,
  yard,
}) => {
  const sim = await yard.network({ state: 'MOVE' })
  const screen = await site.screen()
  await addVehicle(screen, { name: 'Firmware', vehicle, httpUrl: sim.httpUrl, socketUrl: sim.socketUrl })
  const url = await gateway(screen)
  const wrong = new Outsider(url, 'no.such.token')
  await expect.poll(() => wrong.closed).toBe(1008)
  expect(wrong.told.filter(({ type }) => type !== 'error' && type !== 'auth_required')).toEqual([])

  const outsider = new Outsider(url, await login(url, user.name, user.password))
  await once(outsider.socket, 'open')
  await expect
    .poll(() => outsider.told.some(({ type, data }) => type === 'status' && data?.state === 'MOVE'))
    .toBe(true)
  outsider.socket.send(JSON.stringify({ type: 'commands', id: 'halt-1', command: 'emergency_stop' }))
  await expect
    .poll(() => outsider.told.filter(({ id }) => id === 'halt-1').map(({ status }) => status))
    .toContain('confirmed')
  expect(sim.vehicle.state).toBe('ESTOP')
  await go(screen, 'Vehicles')
  await expect(reading(screen, 'State')).toContainText('ESTOP')
  await expect(screen.getByRole('status').filter({ hasText: `${vehicle} reports ESTOP` })).toBeVisible()
  outsider.socket.close()
})
