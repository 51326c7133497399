/** Commands of clients: judged, passed on in time, and answered with what really came of them. */
import { Fault } from '../../../contract/fault.ts'
import type { LinkId } from '../../../contract/links.ts'
import { mayAct } from '../../../contract/roles.ts'
import { VehicleName } from '../../../contract/vehicle-name.ts'
import type { StopRequest, VehicleCommand, VehicleReport, VehicleVerb } from '../../../contract/vehicles.ts'
import type { Client } from './client.ts'
import { type Asked, askedWords, type CommandId, isStop } from './command-words.ts'
import { wireLimits } from './limits.ts'
import type { Parts } from './parts.ts'
import { gatewayName, Refusals } from './refusals.ts'
import { stopData, stopWords, time } from './wire-words.ts'

type Command = Extract<Asked, { is: 'command' }>
export type Status = 'accepted' | 'refused' | 'failed' | 'confirmed'

interface Watcher {
  readonly client: Client
  readonly id: CommandId
}

const mostWatchers = 20

/** Nothing was done, and it is known why. */
const refusals: ReadonlySet<string> = new Set([
  'bad-input',
  'not-allowed',
  'not-found',
  'wrong-state',
  'link-down',
  'busy',
])

export class Commands {
  readonly #parts: Parts
  /** Who asked for a STOP REQUEST that is still under way, by its id. */
  readonly #watchers = new Map<string, Set<Watcher>>()
  readonly #refusals: Refusals
  readonly #undo: () => void

  constructor(parts: Parts) {
    const { context, limits, view } = parts
    this.#parts = parts
    this.#refusals = new Refusals({
      context,
      limits,
      knows: (name) => [...view.vehicles()].some(({ vehicle }) => vehicle === name),
    })
    this.#undo = view.subscribe((news) => {
      if (news.is === 'stop') this.#stopChanged(news.row)
    })
  }

  take(client: Client, asked: Asked): void {
    const { limits, attempts, context } = this.#parts
    const refuse = (reason: string) => {
      this.#note(client, asked, reason)
      this.#answer(client, asked.id, asked.name, 'refused', reason)
    }
    const { role, name } = client
    if (role === null || !mayAct(role, 'operator')) {
      attempts.refused('command', client.peer.address, name, asked.name.slice(0, 40))
      refuse(role === null ? 'commands need a token: log in as an operator' : 'a viewer may not command')
      return
    }
    if (asked.is === 'no-command') {
      refuse(asked.reason)
      return
    }
    if (asked.command === null) {
      this.#requestStop(client, asked)
      return
    }
    if (client.commands.take(context.clock.monotonic()) > 0) {
      refuse(`too many commands: at most ${limits.commandsPerSecond} a second`)
      return
    }
    if (client.underWay >= limits.commandsAtOnce) {
      refuse(`${limits.commandsAtOnce} commands are under way already: wait for their answers`)
      return
    }
    const deadlineAt = this.#deadlineOf(asked)
    if (deadlineAt === null) {
      refuse('its deadline has passed, so it was not sent')
      return
    }
    const row = this.#rowFor(asked, asked.command)
    if (typeof row === 'string') {
      refuse(row)
      return
    }
    client.underWay += 1
    void this.#perform(client, asked, asked.command, row, deadlineAt).finally(() => {
      client.underWay -= 1
    })
  }

  #by(client: Client): string {
    return gatewayName(client.name ?? '')
  }

  /** On the timeline. What was passed on is there already, with what became of it. */
  #note({ name: user, peer }: Client, asked: Asked, why: string): void {
    const { vehicle } = asked
    this.#refusals.refused({
      user,
      // Without its port, which is another one with each connection.
      address: peer.address.slice(0, peer.address.lastIndexOf(':')),
      vehicle,
      isStop: isStop(asked),
      what: askedWords(asked),
      why,
    })
  }

  #deadlineOf({ deadlineMs, expiresAt }: Command): number | null {
    const now = this.#parts.context.clock.now()
    const given = now + Math.min(deadlineMs ?? wireLimits.deadlineMs, wireLimits.longestDeadlineMs)
    const at = expiresAt === null ? given : Math.min(given, expiresAt)
    return at > now ? at : null
  }

  /** Which link says of this vehicle that it can; or why there is none. */
  #rowFor({ vehicle, link, name }: Command, command: VehicleCommand): VehicleReport | string {
    const rows = [...this.#parts.view.vehicles()]
    const names = [...new Set(rows.map((row) => row.vehicle))]
    const known = names.length === 0 ? 'no vehicle is known' : `there are ${names.join(', ')}`
    if (vehicle === null && names.length !== 1) return `which vehicle: vehicle_id; ${known}`
    const of = vehicle ?? names[0]
    const its = rows.filter((row) => row.vehicle === of && (link === null || row.link === link))
    if (its.length === 0)
      return `there is no vehicle ${of}${link === null ? '' : ` on link ${link}`}; ${known}`
    const verb: VehicleVerb = command.do
    const able = its.filter(({ can }) => can.includes(verb))
    if (able.length === 0) return `no link to ${of} can ${name}`
    // Modules on a bus of ours are asked there; anything else is the vehicle's own affair.
    const first = verb === 'module' || verb === 'write-register' ? 'bus' : 'vehicle'
    return able.find(({ source }) => source === first) ?? able[0] ?? `no link to ${of} can ${name}`
  }

  async #perform(
    client: Client,
    { id, name }: Command,
    command: VehicleCommand,
    { link, vehicle }: VehicleReport,
    deadlineAt: number,
  ): Promise<void> {
    const { attempts, view, context } = this.#parts
    attempts.accepted(`command ${name}`, client.peer.address, client.name ?? '')
    const more = { vehicle_id: vehicle, link }
    try {
      const { said, roundTripMs } = await view.command(link as LinkId, command, this.#by(client), deadlineAt)
      // A write was read back. Of the rest it is known that the vehicle took it, and no more.
      const isProven = command.do === 'write-register'
      const words = said === '' ? (isProven ? 'written and read back' : 'the vehicle took it') : said
      this.#answer(client, id, name, isProven ? 'confirmed' : 'accepted', words, {
        ...more,
        round_trip_ms: Math.round(roundTripMs * 100) / 100,
      })
    } catch (error) {
      if (!(error instanceof Fault)) {
        context.log.error('gateway-command', { command: name, error: String(error) })
        this.#answer(client, id, name, 'failed', 'it failed here, and what came of it is not known', more)
        return
      }
      const words = error.tip === '' ? error.message : `${error.message}. ${error.tip}`
      this.#answer(client, id, name, refusals.has(error.code) ? 'refused' : 'failed', words, {
        ...more,
        reason: error.code,
      })
    }
  }

  #requestStop(client: Client, asked: Command): void {
    const { view, attempts } = this.#parts
    const { id, vehicle, name } = asked
    try {
      const running = this.#ownRunning(client, vehicle)
      // A held key asks many times a second: what is being sent already is not asked for again.
      const ids =
        running ?? view.requestStop(vehicle === null ? null : VehicleName.parse(vehicle), this.#by(client))
      if (running === null)
        attempts.accepted('command emergency_stop', client.peer.address, client.name ?? '')
      for (const stop of ids) {
        this.#watch(stop, { client, id })
        const row = this.#row(stop)
        if (row !== undefined) this.#answerStop({ client, id }, row)
        else this.#answer(client, id, name, 'accepted', 'requested', { stop_id: stop })
        if (row !== undefined && !row.isTrying) this.#watchers.delete(stop)
      }
    } catch (error) {
      const words = error instanceof Fault ? `${error.message}. ${error.tip}` : 'it failed here'
      this.#note(client, asked, words)
      this.#answer(client, id, name, 'failed', words)
    }
  }

  #row(stop: string): StopRequest | undefined {
    for (const row of this.#parts.view.stops()) if (row.id === stop) return row
    return undefined
  }

  /** Requests of this client that are still being sent, where they are all it asks for. */
  #ownRunning(client: Client, vehicle: string | null): string[] | null {
    if (vehicle === null) return null
    for (const [stop, watchers] of this.#watchers)
      for (const one of watchers)
        if (one.client === client && this.#row(stop)?.vehicle === vehicle) return [stop]
    return null
  }

  #watch(stop: string, watcher: Watcher): void {
    const watchers = this.#watchers.get(stop) ?? new Set<Watcher>()
    for (const one of watchers) if (one.client === watcher.client) watchers.delete(one)
    if (watchers.size < mostWatchers) watchers.add(watcher)
    this.#watchers.set(stop, watchers)
  }

  #stopChanged(row: StopRequest): void {
    for (const watcher of this.#watchers.get(row.id) ?? []) this.#answerStop(watcher, row)
    if (!row.isTrying) this.#watchers.delete(row.id)
  }

  #answerStop({ client, id }: Watcher, row: StopRequest): void {
    const { status, message } = stopWords(row)
    this.#answer(client, id, 'emergency_stop', status, message, {
      ...stopData(row),
      vehicle_id: row.vehicle,
    })
  }

  #answer(
    client: Client,
    id: CommandId,
    command: string,
    status: Status,
    message: string,
    more: { readonly vehicle_id?: string; readonly [name: string]: unknown } = {},
  ): void {
    const { vehicle_id: vehicle = null, ...rest } = more
    const success = status === 'accepted' || status === 'confirmed'
    client.say({
      type: 'commands',
      id,
      status,
      message,
      vehicle_id: vehicle,
      timestamp: time(this.#parts.context.clock.now()),
      data: { id, command, status, success, message, ...rest },
    })
  }

  left(client: Client): void {
    for (const [stop, watchers] of this.#watchers) {
      for (const one of watchers) if (one.client === client) watchers.delete(one)
      if (watchers.size === 0) this.#watchers.delete(stop)
    }
  }

  close(): void {
    this.#undo()
    this.#refusals.close()
    this.#watchers.clear()
  }
}
