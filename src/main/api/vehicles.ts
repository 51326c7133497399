/** Vehicles, their modules, LiDARs and buses as screens see and command them. */
import type { Api } from '../../contract/api.ts'
import { Fault } from '../../contract/fault.ts'
import type { LinkId } from '../../contract/links.ts'
import type { Handlers } from '../../rpc/handlers.ts'
import type { ApiParts } from './parts.ts'

type Names = Extract<
  keyof Api,
  | 'stops'
  | 'vehicles'
  | 'modules'
  | 'lidars'
  | 'vehicleRules'
  | `${'vehicles' | 'modules' | 'lidars' | 'vehicleRules' | 'bus'}.${string}`
>

const noBytes = new Uint8Array()

export function vehicleHandlers({ live, fleet }: ApiParts): Pick<Handlers<Api>, Names> {
  function linkOf(id: LinkId, driver: 'modbus-bus' | 'rplidar' | null): LinkId {
    const row = live.links.get(id)
    if (row === undefined || (driver !== null && row.driver !== driver))
      throw new Fault(
        'not-found',
        `No such ${driver === null ? 'link' : driver} ${id}`,
        'Choose one from the list.',
      )
    return id
  }

  return {
    vehicles: live.vehicles,
    modules: live.modules,
    lidars: live.lidars,
    'lidars.scan': ({ link }, wake) => live.scans.open(linkOf(link, null), wake),
    async 'lidars.scanning'({ link, on }, { user: by }) {
      await fleet.scanning(linkOf(link, 'rplidar'), on, by)
      return {}
    },
    'modules.maps': () => ({ maps: [...fleet.maps], troubles: [...fleet.mapTroubles] }),
    async 'modules.map'({ id, map }, { user: by }) {
      await fleet.chooseMap(id, map, by)
      return {}
    },
    'modules.trend': ({ id, register, fromAt }) => fleet.trend(id, register, fromAt),
    async 'modules.forget'({ id }, { user: by }) {
      await fleet.forgetModule(id, by)
      return {}
    },
    'vehicles.command': ({ link, command }, { user: by }) => fleet.command(linkOf(link, null), command, by),
    'vehicles.stop': ({ vehicle }, { user: by }) => ({ ids: fleet.requestStop(vehicle, by) }),
    'vehicles.stop.release'({ id }, { user: by }) {
      fleet.releaseStop(id, by)
      return {}
    },
    stops: fleet.stops,
    vehicleRules: fleet.rules,
    async 'vehicleRules.save'({ rule }, { user: by }) {
      await fleet.saveRule(rule, by)
      return {}
    },
    'bus.frames'({ link }, wake) {
      const viewer = live.busFrames.open(linkOf(link, 'modbus-bus'), wake)
      return {
        take() {
          const crossed = viewer.take()
          if (crossed === null) return null
          return { header: { missed: crossed.missed, frames: crossed.items }, bytes: noBytes }
        },
        close: () => viewer.close(),
      }
    },
    async 'bus.record'({ link, on }, { user: by }) {
      await fleet.record(linkOf(link, 'modbus-bus'), on, by)
      return {}
    },
    'bus.recordings': fleet.recordings,
    async 'bus.play'({ id }, wake) {
      const playing = await fleet.play(id, wake)
      return {
        take() {
          const piece = playing.take()
          if (piece === null) return null
          return { header: { frames: [...piece.frames], ended: piece.ended }, bytes: noBytes }
        },
        close: () => playing.close(),
      }
    },
    async 'bus.recordings.remove'({ id }, { user: by }) {
      await fleet.removeRecording(id, by)
      return {}
    },
  }
}
