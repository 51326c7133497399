/** The link to the modules of one vehicle: keeps the port open, reads what is on the bus, passes on what is asked of it. */
import { never } from '../../../contract/fault.ts'
import type { VehicleCommand } from '../../../contract/vehicles.ts'
import { keepSerialOpen, type SerialKeeper, type SerialLine } from '../../io/serial.ts'
import type { LinkContext, RunningLink } from '../../link.ts'
import { LinkBook } from '../../link-book.ts'
import type { CommandVehicle, Delivery, Order } from '../../order.ts'
import { StrictMaster } from './master.ts'
import { Module, type Owner } from './module.ts'
import { type BusProfile, Poller } from './poller.ts'
import { Reporter } from './reporter.ts'
import { Watch } from './watch.ts'
import { requestStop, type WriteDoors, whyNot, writeRegister } from './write.ts'

const lookMs = 250

export class ModbusBus implements RunningLink {
  readonly #context: LinkContext<BusProfile>
  readonly #owner: Owner
  readonly #modules = new Map<number, Module>()
  readonly #book: LinkBook
  readonly #master: StrictMaster
  readonly #reporter: Reporter
  readonly #watch: Watch
  readonly #keeper: SerialKeeper
  readonly #stopLooking: () => void
  #poller: Poller | null = null
  #running: Promise<void> = Promise.resolve()
  #attempt = 1
  #isClosed = false

  constructor(context: LinkContext<BusProfile>) {
    const { profile, clock, log } = context
    this.#context = context
    this.#owner = { link: profile.id, vehicle: profile.vehicle, writable: profile.writable }
    this.#book = new LinkBook(context, profile.id, profile.port, budgetMsOf(profile))
    this.#master = new StrictMaster({ clock, baudRate: profile.baudRate, timeoutMs: profile.timeoutMs })
    for (const known of context.vehicles?.knownModules ?? [])
      if (profile.units.includes(known.unit))
        this.#modules.set(known.unit, new Module(this.#owner, known.unit, clock.now(), known))
    this.#reporter = new Reporter(context, this.#owner, this.#modules)
    this.#watch = new Watch(
      context,
      (listener) => this.#master.onFrames(listener),
      (unit) => this.#modules.get(unit) ?? null,
    )
    this.#stopLooking = clock.every(lookMs, () => this.#look())
    this.#book.become({ is: 'opening', attempt: 1 })
    this.#reporter.all()
    this.#keeper = keepSerialOpen(
      {
        address: profile.port,
        baudRate: profile.baudRate,
        dataBits: 8,
        parity: profile.parity,
        stopBits: profile.stopBits,
      },
      {
        opened: (line) => this.#opened(line),
        bytes: (_line, bytes, at) => {
          this.#book.counters.bytesIn += bytes.length
          this.#master.bytes(bytes, at)
        },
        closed: (reason) => this.#lost(reason),
        waiting: (reason, retryAt) => {
          this.#attempt += 1
          this.#book.become({ is: 'waiting', retryAt, attempt: this.#attempt, reason })
        },
      },
      { clock, log },
    )
  }

  #opened(line: SerialLine): void {
    const { profile, clock, vehicles } = this.#context
    this.#attempt = 1
    this.#master.opened(line)
    this.#book.address = line.path === profile.port ? line.path : `${line.path} (${profile.port})`
    this.#book.become({ is: 'greeting' })
    const poller = new Poller({
      clock,
      profile,
      master: this.#master,
      maps: vehicles?.registerMaps ?? [],
      module: (unit, mayMake) => this.#module(unit, mayMake),
      changed: (module, atOnce) => this.#reporter.changed(module, atOnce),
      useful: () => this.#useful(),
      looked: (isNoisy) => this.#looked(isNoisy),
    })
    this.#poller = poller
    this.#running = poller.run().catch((error) => {
      this.#context.log.error('bus-stopped', { reason: String(error), error: error as Error })
    })
  }

  #module(unit: number, mayMake: boolean): Module | null {
    const module = this.#modules.get(unit)
    if (module !== undefined || !mayMake) return module ?? null
    const made = new Module(this.#owner, unit, this.#context.clock.now(), null)
    this.#modules.set(unit, made)
    return made
  }

  #useful(): void {
    const { clock } = this.#context
    const now = clock.now()
    this.#book.useful(now, clock.monotonic())
    if (this.#book.state.is === 'greeting') this.#book.become({ is: 'live', since: now })
  }

  /** Everybody was asked: the port being open is not yet a vehicle. */
  #looked(isNoisy: boolean): void {
    if (this.#online > 0 && !isNoisy) return
    const { profile, clock } = this.#context
    const words = isNoisy
      ? 'The line is never quiet, so nothing can be asked: another master on this bus, or another baud rate?'
      : `No module answers at unit ${profile.units.join(', ')}. Is the vehicle on, are A and B the right way round, is ${profile.baudRate} baud right?`
    const { state } = this.#book
    if (state.is === 'silent' && state.words === words) return
    this.#book.become({ is: 'silent', since: clock.now(), words })
  }

  get #online(): number {
    let count = 0
    for (const { state } of this.#modules.values()) if (state === 'online') count += 1
    return count
  }

  #look(): void {
    const { counters } = this.#book
    const { requests, replies, crcErrors, strays, late } = this.#master.counters
    counters.messagesOut = requests
    counters.messagesIn = replies
    counters.badMessages = crcErrors + strays + late
    if (this.#poller === null) return
    const online = this.#online
    this.#book.peers = online
    this.#book.note = `${online} of ${this.#modules.size} modules answer`
    const { state } = this.#book
    const hasStopped = this.#modules.size > 0 && online === 0
    if ((state.is === 'live' && hasStopped) || (state.is === 'silent' && state.words === undefined))
      this.#looked(false)
  }

  #lost(reason: string): void {
    this.#stopPolling()
    this.#attempt += 1
    const retryAt = this.#context.clock.now()
    this.#book.become({ is: 'waiting', retryAt, attempt: this.#attempt, reason })
    this.#reporter.all()
  }

  #stopPolling(): void {
    this.#poller?.close()
    this.#poller = null
    this.#master.closed()
    this.#book.peers = 0
    this.#book.note = ''
    const now = this.#context.clock.now()
    for (const module of this.#modules.values()) module.busLost(now)
  }

  async deliver(order: Order): Promise<Delivery> {
    if (order.type !== 'command-vehicle' && order.type !== 'request-stop')
      return { is: 'refused', reason: 'A bus of modules takes commands and STOP REQUEST only.' }
    const poller = this.#poller
    if (poller === null)
      return { is: 'unreachable', reason: `The port ${this.#context.profile.port} is not open.` }
    const { clock, profile } = this.#context
    const doors: WriteDoors = {
      clock,
      writable: profile.writable,
      ask: (request, urgency, deadlineAt) => poller.ask(request, urgency, deadlineAt),
    }
    if (order.type === 'request-stop')
      return requestStop(doors, [...this.#modules.values()], order.deadlineAt)
    return this.#command(doors, order.command, order)
  }

  #command(doors: WriteDoors, command: VehicleCommand, { deadlineAt }: CommandVehicle): Promise<Delivery> {
    const write = (unit: number, register: string, value: number) =>
      writeRegister(doors, this.#modules.get(unit) ?? null, { unit, register, value, deadlineAt })
    const refused = (reason: string) => Promise.resolve<Delivery>({ is: 'refused', reason })
    switch (command.do) {
      case 'write-register':
        return write(command.unit, command.register, command.value)
      case 'dock': {
        for (const module of this.#modules.values()) {
          const register = module.map?.registers.find(({ means }) => means === 'docking-start')
          if (register === undefined || whyNot(module, module.unit, doors.writable) !== null) continue
          return write(module.unit, register.name, register.range?.[1] ?? 1)
        }
        const reason = doors.writable
          ? 'No module that answers has a register that starts docking.'
          : (whyNot(null, 0, false) ?? '')
        return refused(reason)
      }
      case 'move':
      case 'halt':
      case 'reset':
      case 'module':
        return refused('This bus reads and writes registers only; the vehicle’s own link takes this command.')
      default:
        return never(command)
    }
  }

  retry(): void {
    this.#keeper.retry()
    this.#poller?.lookNow()
  }

  /** By the row’s id. */
  forget(device: string): void {
    for (const [unit, module] of this.#modules) {
      if (module.row().id !== device) continue
      this.#modules.delete(unit)
      this.#poller?.forget(unit)
      this.#reporter.vehicle()
    }
  }

  async close(): Promise<void> {
    if (this.#isClosed) return
    this.#isClosed = true
    this.#stopLooking()
    this.#stopPolling()
    await this.#keeper.close()
    await this.#running
    this.#master.close()
    this.#watch.close()
    this.#reporter.all()
    this.#reporter.close()
    this.#book.close()
  }
}

/** The slowest thing that may happen while everything is well: one module that does not answer, and what is waited after it. */
function budgetMsOf({ timeoutMs }: BusProfile): number {
  return Math.max(5000, 4 * timeoutMs)
}
