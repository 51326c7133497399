/** The backend's topics beside and without the vehicle, and the connection test. */
import { describe, expect, test } from 'vitest'
import { oht50Client } from '../../../../src/main/drivers/oht50/index.ts'
import { slotWith } from '../../../fakes/link-parts.ts'
import { connect, doorsOf, link, profileOf, serve, token, vehicle } from './stand.ts'

describe('the backend', () => {
  test('alone: its modules, alerts that end when they are no longer listed, and no orders', async () => {
    const sim = await serve()
    const stand = await connect({ backendUrl: sim.backendUrl })
    await stand.is('live')
    sim.alert('a-1', 'emergency', 'zone violated')
    const alert = await stand.until(() => stand.of('alert-raised')[0])
    expect(alert).toMatchObject({
      source: link,
      kind: 'server-alert',
      priority: 'critical',
      text: 'Safety: zone violated',
      deviceName: vehicle,
      late: false,
    })
    sim.alert('a-2', 'warning', 'battery low')
    await stand.until(() => stand.of('alert-raised').length === 2)
    sim.endAlert('a-1')
    const cleared = await stand.until(() => stand.of('alert-cleared')[0])
    expect(cleared).toMatchObject({ kind: 'server-alert', sourceId: alert.sourceId })
    expect(stand.of('alert-raised')).toHaveLength(2)
    await stand.until(() => stand.module(5)?.state === 'online')
    const row = await stand.until(() => stand.row?.readings.mission && stand.row)
    expect(row).toMatchObject({ source: 'backend', can: [], readings: { mission: { value: 'M-7' } } })
    expect(await stand.stop()).toMatchObject({ is: 'refused' })
  })

  test('beside the vehicle it only fills what the vehicle never says', async () => {
    const sim = await serve()
    sim.set({ batteryPercent: 50 })
    const stand = await connect({ httpUrl: sim.httpUrl, backendUrl: sim.backendUrl })
    await stand.until(() => stand.row?.readings.mission?.value === 'M-7')
    // Of the vehicle's own, only its HTTP tells this.
    await stand.until(() => stand.row?.readings.temperatureC && stand.row.readings.state)
    sim.backend.say('status', {
      type: 'status_update',
      data: { robot: { battery_level: 1, state: 'ESTOP' } },
    })
    sim.backend.say('status', {
      type: 'status_update',
      data: { robot: { mission_id: 'M-8', station_id: 'S-1' } },
    })
    const row = await stand.until(() => stand.row?.readings.station?.value === 'S-1' && stand.row)
    expect(row.readings).toMatchObject({ state: { value: 'IDLE' }, batteryPercent: { value: 50 } })
  })
})

describe('the connection test', () => {
  test('says of each address what came of it', async () => {
    const sim = await serve()
    const good = await oht50Client.test(
      profileOf(doorsOf(sim)),
      slotWith(JSON.stringify({ is: 'token', token })),
    )
    expect(good).toEqual({
      ok: true,
      steps: [
        { ok: true, text: `${sim.httpUrl} answers: the vehicle is in state IDLE` },
        { ok: true, text: `${sim.socketUrl} opens and brings module` },
        { ok: true, text: `${sim.backendUrl}/ws/alerts opens and brings alerts` },
      ],
    })
    await sim.stopHttp()
    sim.set({ faults: { mute: true } })
    const bad = await oht50Client.test(
      profileOf({ httpUrl: sim.httpUrl, socketUrl: sim.socketUrl }),
      slotWith(),
    )
    expect(bad.ok).toBe(false)
    expect(bad.steps.map(({ text }) => text)).toEqual([
      `nothing listens at ${sim.httpUrl}`,
      `${sim.socketUrl} opens, but nothing of use came within 3.5 s`,
    ])
  })
})
