/** Builds the vehicle desk out of its parts. */
import type { Alert } from '../../contract/alerts.ts'
import { BusRecorder } from './bus-recorder.ts'
import { Commands } from './commands.ts'
import type { VehicleDesk } from './desk.ts'
import { chooseMap, forgetModule } from './module-changes.ts'
import type { DeskParts } from './parts.ts'
import { loadRegisterMaps } from './register-maps.ts'
import { StopRequests } from './stop-requests.ts'
import { Trends } from './trends.ts'
import { VehicleWatch } from './watch.ts'

export async function openVehicleDesk(parts: DeskParts): Promise<VehicleDesk> {
  const { dataDir, live, log } = parts
  const { maps, troubles } = loadRegisterMaps(dataDir)
  for (const trouble of troubles) log.warn('register-map-left-out', { reason: trouble })
  const withMaps = { ...parts, maps }
  const stops = new StopRequests(parts)
  const commands = new Commands({ ...parts, stops: () => stops.rows.snapshot() })
  const watch = await VehicleWatch.open(withMaps)
  const trends = new Trends(withMaps)
  const recorder = await BusRecorder.open(parts)

  function* alerts(): Iterable<Alert> {
    for (const alert of live.alerts.table.snapshot()) if (alert.kind === 'vehicle') yield alert
  }

  return {
    stops: stops.rows,
    rules: watch.rules,
    recordings: recorder.rows,
    maps,
    mapTroubles: troubles,
    command: (link, command, by, deadlineAt) => commands.command(link, command, by, deadlineAt),
    scanning: (link, on, by) => commands.scanning(link, on, by),
    requestStop: (vehicle, by) => stops.request(vehicle, by),
    releaseStop: (id, by) => stops.release(id, by),
    saveRule: (rule, by) => watch.saveRule(rule, by),
    alerts,
    trend: (module, register, fromAt) => trends.trend(module, register, fromAt),
    chooseMap: (module, map, by) => chooseMap(withMaps, module, map, by),
    async forgetModule(module, by) {
      await forgetModule(withMaps, module, by)
      watch.forgetPart(module)
    },
    records: (link) => recorder.records(link),
    saw: (link, frames) => recorder.saw(link, frames),
    record: (link, on, by) => recorder.record(link, on, by),
    play: (id, wake) => recorder.play(id, wake),
    removeRecording: (id, by) => recorder.remove(id, by),
    async close() {
      await trends.close()
      await stops.close()
      await watch.close()
      await recorder.close()
    },
  }
}
