/** What a vehicle or its LiDAR is asked: now or not at all, only when it may be, and on the timeline with what became of it. */
import { randomUUID } from 'node:crypto'
import { DeviceId } from '../../contract/devices.ts'
import { Fault, never } from '../../contract/fault.ts'
import type { LinkId } from '../../contract/links.ts'
import { commandWords } from '../../contract/vehicle-command-words.ts'
import type { VehicleName } from '../../contract/vehicle-name.ts'
import { type PreconditionId, preconditions } from '../../contract/vehicle-preconditions.ts'
import type { CommandOutcome, StopRequest, VehicleCommand } from '../../contract/vehicles.ts'
import { type DeskParts, note, wordsOf } from './parts.ts'

/** A command nobody could still be waiting for is not sent. */
export const usualDeadlineMs = 2000
const longestDeadlineMs = 10_000

type Parts = Pick<DeskParts, 'store' | 'live' | 'clock' | 'log' | 'dispatch'> & {
  stops(): Iterable<StopRequest>
}

export class Commands {
  readonly #parts: Parts

  constructor(parts: Parts) {
    this.#parts = parts
  }

  async command(
    link: LinkId,
    command: VehicleCommand,
    by: string,
    deadlineAt?: number,
  ): Promise<CommandOutcome> {
    const { live, clock, dispatch } = this.#parts
    const vehicle = live.vehicles.get(link)?.vehicle
    if (vehicle === undefined)
      throw new Fault(
        'not-found',
        `No vehicle has been heard of over ${this.#nameOf(link)}`,
        'Wait until its link is live, or choose another way.',
      )
    const now = clock.now()
    const latest = Math.min(deadlineAt ?? now + usualDeadlineMs, now + longestDeadlineMs)
    const order = {
      id: randomUUID(),
      link,
      device: DeviceId.parse(vehicle),
      deadlineAt: latest,
      command,
      by,
    } as const
    return this.#recorded(vehicle, link, commandWords(command), by, async () => {
      this.#mustBeAllowed(link, command)
      const { roundTripMs, said } = await dispatch.now({ type: 'command-vehicle', ...order })
      return { roundTripMs, said: said ?? '' }
    })
  }

  async scanning(link: LinkId, on: boolean, by: string): Promise<void> {
    const { live, clock, dispatch } = this.#parts
    const profile = live.links.get(link)?.profile
    const vehicle =
      live.lidars.get(link)?.vehicle ?? (profile && 'vehicle' in profile ? profile.vehicle : undefined)
    if (vehicle === undefined)
      throw new Fault('not-found', `No LiDAR is known by ${link}`, 'Choose one from the list.')
    const order = {
      type: 'command-lidar',
      id: randomUUID(),
      link,
      device: DeviceId.parse(vehicle),
      deadlineAt: clock.now() + usualDeadlineMs,
      scanning: on,
    } as const
    await this.#recorded(vehicle, link, on ? 'start scanning' : 'stop scanning', by, async () => {
      const { roundTripMs, said } = await dispatch.now(order)
      return { roundTripMs, said: said ?? '' }
    })
  }

  #mustBeAllowed(link: LinkId, command: VehicleCommand): void {
    const { live, clock, stops } = this.#parts
    const known = {
      link,
      reports: live.vehicles.snapshot(),
      modules: live.modules.snapshot(),
      stops: stops(),
      now: clock.now(),
    }
    for (const { id, ok, hard } of preconditions(command, known)) {
      if (ok || !hard) continue
      const { message, tip } = unmet(id)
      throw new Fault('wrong-state', `Not sent: ${message}`, tip)
    }
  }

  async #recorded(
    vehicle: VehicleName,
    link: LinkId,
    what: string,
    by: string,
    run: () => Promise<CommandOutcome>,
  ): Promise<CommandOutcome> {
    const record = (outcome: string) =>
      note(this.#parts, {
        type: 'vehicle-command',
        link,
        device: vehicle,
        by,
        text: `${vehicle}: ${what}, over ${this.#nameOf(link)}: ${outcome}`,
      })
    try {
      const outcome = await run()
      const said = outcome.said === '' ? '' : `: ${outcome.said}`
      record(`accepted after ${Math.round(outcome.roundTripMs)} ms${said}`)
      return outcome
    } catch (error) {
      record(wordsOf(error))
      throw error
    }
  }

  #nameOf(link: LinkId): string {
    return this.#parts.live.links.get(link)?.name ?? link
  }
}

function unmet(id: PreconditionId): { readonly message: string; readonly tip: string } {
  switch (id) {
    case 'link-can':
      return { message: 'this link cannot pass that on.', tip: 'Choose another way to the vehicle.' }
    case 'state-known':
      return {
        message: 'the state of the vehicle is not known now.',
        tip: 'Wait until one of its links reports it, then try again.',
      }
    case 'not-estop':
      return {
        message: 'the vehicle is in ESTOP.',
        tip: 'Release its emergency stop, reset it, then try again.',
      }
    case 'not-fault':
      return { message: 'the vehicle is in FAULT.', tip: 'See to what is wrong, reset it, then try again.' }
    case 'safety-ok':
      return {
        message: 'the vehicle says that it is not safe to move.',
        tip: 'Look at its safety module and zones, then try again.',
      }
    case 'module-online':
      return {
        message: 'the module does not answer.',
        tip: 'Look at its power and its cable, then try again.',
      }
    case 'bus-writable':
      return { message: 'its link may only read.', tip: 'An admin can allow writing in the link.' }
    case 'no-stop-request':
      return {
        message: 'a STOP REQUEST to this vehicle is under way.',
        tip: 'Release it first, when it is safe to.',
      }
    default:
      return never(id, 'precondition')
  }
}
