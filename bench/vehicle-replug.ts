/** A relay is commanded while the port is unplugged: what of that reaches the wire once it is plugged in again. */
import { plugPair } from '../test/fakes/pty-pair.ts'
import { startSlave } from '../test/sim/modbus/slave.ts'
import type { Area } from './report.ts'
import { bus, busProfile, rowOf, withSite } from './vehicle-site.ts'

const replugs = Number(process.env.WATCHFLOOR_REPLUGS ?? 20)
const relay = { unit: 3, register: 'relay-1' } as const
const writes = new Set([5, 6, 15, 16])
/** After the modules answer again, so long is listened on. */
const listenMs = 500

export const run: Area = (row) =>
  withSite(async (site) => {
    let written = 0
    let bytes = 0
    let refused = 0
    const plug = async () => {
      const cable = await plugPair(site.port, site.device)
      const slave = await startSlave({
        path: site.device,
        still: true,
        heard({ fn, frame }) {
          if (!writes.has(fn)) return
          written += 1
          bytes += frame.length
        },
      })
      return async () => {
        await cable.unplug()
        await slave.stop()
      }
    }
    /** Module is there and was read since `after`. */
    const isBack = (after: number) =>
      rowOf(
        site.client,
        'modules',
        ({ unit, state, readAt }) =>
          unit === relay.unit && state === 'online' && Math.max(...Object.values(readAt)) > after,
      )
    const command = (value: number) =>
      site.client.call('vehicles.command', {
        link: bus,
        command: { do: 'write-register', ...relay, value },
      })

    let unplug = await plug()
    await site.client.call('links.save', { profile: busProfile(site.port, true) })
    await isBack(0)
    // The proof that a command would be seen here if it were sent.
    await command(1)
    if (written === 0) throw new Error('the simulator does not see what is written')
    console.log(`  plugged in: ${written} write request of ${bytes} bytes on the wire`)
    written = 0
    bytes = 0
    for (let n = 0; n < replugs; n++) {
      await unplug()
      // At once, while the app may not know yet; and again when it does.
      const early = command(n % 2).catch(() => (refused += 1))
      await rowOf(site.client, 'modules', ({ unit, state }) => unit === relay.unit && state === 'unknown')
      await command(n % 2).catch(() => (refused += 1))
      await early
      const late = command(n % 2).catch(() => (refused += 1))
      const at = Date.now()
      unplug = await plug()
      await site.client.call('links.retry', { id: bus })
      await isBack(at)
      await late
      await new Promise((resolve) => setTimeout(resolve, listenMs))
    }
    await unplug()
    console.log(
      `  ${replugs} re-plugs, ${3 * replugs} commands while unplugged, ${refused} of them answered as not sent`,
    )
    row({
      name: `stale relay command after re-plug, ${replugs} times: write requests`,
      value: written,
      unit: '',
      target: '<= 0',
      baseline: null,
    })
    row({
      name: `stale relay command after re-plug, ${replugs} times: bytes on the wire`,
      value: bytes,
      unit: 'B',
      target: '<= 0',
      baseline: null,
    })
  })
