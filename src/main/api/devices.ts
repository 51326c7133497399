/** Devices as screens see and change them. Taking one out of service is recorded and silences its alerts by design. */
import { randomUUID } from 'node:crypto'
import type { Api } from '../../contract/api.ts'
import type { Device } from '../../contract/devices.ts'
import { Fault } from '../../contract/fault.ts'
import type { Handlers } from '../../rpc/handlers.ts'
import type { ApiParts } from './parts.ts'

type Names = Extract<keyof Api, 'devices' | `devices.${string}`>

export function deviceHandlers({
  store,
  live,
  dispatch,
  clock,
  links,
}: ApiParts): Pick<Handlers<Api>, Names> {
  function deviceOf(id: string): Device {
    const device = live.devices.get(id)
    if (device === undefined)
      throw new Fault('not-found', `No device ${id}`, 'It may have been removed; look at the list again.')
    return device
  }

  function note(device: Device, by: string, text: string): Promise<void> {
    return store.addTimeline({
      at: clock.now(),
      type: 'device-changed',
      link: device.link,
      device: device.device,
      by,
      text: `${device.name}: ${text}`,
    })
  }

  return {
    devices: live.devices,
    async 'devices.settings'({ link, devices, settings }, { user: by }) {
      const version = clock.now()
      const known = devices.map((device) => deviceOf(`${link}/${device}`))
      await dispatch.enqueue(
        known.map(({ device }) => ({
          type: 'change-device-settings',
          id: randomUUID(),
          link,
          device,
          settings,
          version,
        })),
      )
      for (const device of known) {
        const row = { ...device, settings, settingsVersion: version }
        live.devices.set(row)
        await store.saveDevice(row)
        await note(
          row,
          by,
          `sensitivity ${settings.blueSensitivity}, push ${settings.pushAlertsEnabled ? 'on' : 'off'}`,
        )
      }
      return {}
    },
    async 'devices.service'({ id, outOfService, reason }, { user: by }) {
      const row = { ...deviceOf(id), outOfService }
      live.devices.set(row)
      await store.saveDevice(row)
      await note(row, by, `${outOfService ? 'out of service' : 'in service again'}: ${reason}`)
      return {}
    },
    'devices.probe'({ id }) {
      const { link, device } = deviceOf(id)
      return dispatch.now({ type: 'probe-device', id: randomUUID(), link, device })
    },
    async 'devices.forget'({ id }, { user: by }) {
      const device = deviceOf(id)
      links.forget(device.link, device.device)
      live.devices.delete(id)
      await store.forgetDevice(id)
      await note(device, by, 'removed from the list')
      return {}
    },
  }
}
