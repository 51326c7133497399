/** A LiDAR that is not well and its silent link are one root cause: one alert, and the one that says more. */
import { afterEach, beforeEach, expect, it } from 'vitest'
import { LinkId } from '../../../src/contract/links.ts'
import { VehicleWatch } from '../../../src/main/vehicles/watch.ts'
import { until } from '../../fakes/until.ts'
import {
  lidarProfile,
  lidarRow,
  motorMap,
  openStand,
  pass,
  removeFolder,
  type Stand,
  vehicleLinkRow,
} from './stand.ts'

let stand: Stand
let watch: VehicleWatch

beforeEach(async () => {
  stand = await openStand()
  watch = await VehicleWatch.open({ ...stand.parts, maps: [motorMap] })
})

afterEach(async () => {
  await watch.close()
  await stand.close()
  removeFolder(stand.dir)
})

it('whose motor stands still brings no revolution, so its link is silent: one alert, which says why', async () => {
  const link = LinkId.parse('lidar')
  const silent = vehicleLinkRow(lidarProfile(link), 'silent')
  stand.live.links.set(silent)
  stand.live.lidars.set(lidarRow({ health: 'stalled' }))
  await pass(stand.clock, 10_000)
  await until(async () =>
    expect((await stand.alerts()).map(({ state, text }) => `${state} ${text}`)).toEqual([
      'unacknowledged-active OHT-1, Front LiDAR: its motor does not turn',
    ]),
  )
  const links = () => stand.store.list({ kinds: ['link-silent'] }, 0, 10)
  expect(await links()).toEqual([])
  // Its cable is pulled: now that is the alert, and nobody knows whether the motor turns.
  stand.live.lidars.set(lidarRow({ health: 'unknown' }))
  await pass(stand.clock, 10_000)
  await until(async () => expect(await links()).toHaveLength(1))
  expect((await stand.alerts())[0]?.state).toBe('unacknowledged-active')
})
