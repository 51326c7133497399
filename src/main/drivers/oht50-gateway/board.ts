/**
 * What is true now of the vehicles, as messages: the newest of each thing under its key, made into bytes once and only when somebody gets it.
 * Whatever changes is told to `changed` at once.
 */
import { never } from '../../../contract/fault.ts'
import type { VehicleModule } from '../../../contract/modules.ts'
import type { VehicleReport } from '../../../contract/vehicles.ts'
import { textFrame } from '../../io/text-frame.ts'
import type { LinkContext, VehicleNews, VehicleView } from '../../link.ts'
import { ModuleNews } from './module-news.ts'
import { type Topic, type Wish, wants } from './topics.ts'
import {
  alertsWords,
  discoveredWords,
  envelope,
  lidarWords,
  moduleWords,
  scanWords,
  statusWords,
  stopData,
  systemWords,
  telemetryWords,
  time,
  unitWords,
} from './wire-words.ts'

/** A message told again later says when it is told: how old what it tells of is, is in its data. */
const freshMs = 100

/** A frame that is made when the first client gets it, and kept for the others that get it soon. */
export class Message {
  readonly topic: Topic
  readonly vehicle: string | null
  readonly key: string
  readonly #make: (at: number) => object
  #frame: Buffer | null = null
  #madeAt = 0

  constructor(topic: Topic, vehicle: string | null, key: string, make: (at: number) => object) {
    this.topic = topic
    this.vehicle = vehicle
    this.key = key
    this.#make = make
  }

  frame(now: number): Buffer {
    if (this.#frame === null || Math.abs(now - this.#madeAt) > freshMs) {
      this.#frame = textFrame(JSON.stringify(this.#make(now)))
      this.#madeAt = now
    }
    return this.#frame
  }
}

/** Of what is gone or was an event, so many are remembered for clients that are behind. */
const mostGone = 200

type Context = Pick<LinkContext, 'clock' | 'site'>

export class Board {
  readonly #context: Context
  readonly #view: VehicleView
  readonly #changed: (message: Message) => void
  readonly #now = new Map<string, Message>()
  readonly #gone = new Map<string, Message>()
  /** Modules that were there at the start or have answered since: of these, none is discovered again. */
  readonly #seen = new Set<string>()
  readonly #modules = new Map<string, ModuleNews>()
  readonly #undo: readonly (() => void)[]

  constructor(context: Context, view: VehicleView, changed: (message: Message) => void) {
    this.#context = context
    this.#view = view
    this.#changed = changed
    for (const row of view.vehicles()) this.#vehicle(row)
    for (const row of view.modules()) {
      this.#seen.add(row.id)
      this.#module(row, () => {})
    }
    for (const row of view.lidars()) this.#put(this.#lidar(row))
    for (const row of view.stops()) if (row.isTrying) this.#put(this.#stop(row))
    for (const vehicle of this.vehicles()) this.#put(this.#alerts(vehicle))
    this.#undo = [
      view.subscribe((news) => this.#news(news)),
      context.site.subscribe((news) => {
        if (news.is === 'alert' && news.entry.alert.kind === 'vehicle') this.#tellAlerts()
      }),
    ]
  }

  vehicles(): Set<string> {
    const names = new Set<string>()
    for (const { vehicle } of this.#view.vehicles()) names.add(vehicle)
    for (const { vehicle } of this.#view.modules()) names.add(vehicle)
    for (const { vehicle } of this.#view.lidars()) names.add(vehicle)
    return names
  }

  /** What a newcomer with this wish is told first: states before measurements. */
  keys(wish: Wish): string[] {
    const order: readonly Topic[] = [
      'status',
      'system_status',
      'modules',
      'telemetry',
      'lidar',
      'alerts',
      'commands',
    ]
    const found = [...this.#now.values()].filter(({ topic, vehicle }) => wants(wish, topic, vehicle))
    found.sort((a, b) => order.indexOf(a.topic) - order.indexOf(b.topic))
    return found.map(({ key }) => key)
  }

  /** Whole and newest; also that it is gone, or that it happened. */
  frame(key: string): Buffer | null {
    return (this.#now.get(key) ?? this.#gone.get(key))?.frame(this.#context.clock.now()) ?? null
  }

  /** A vehicle about which nothing changes is told of all the same, so that silence is never taken for that. */
  tellStatus(): void {
    for (const message of this.#now.values())
      if (message.topic === 'status' || message.topic === 'system_status') this.#changed(message)
  }

  #news(news: VehicleNews): void {
    switch (news.is) {
      case 'vehicle':
        this.#changed(this.#vehicle(news.row))
        this.#firstAlerts(news.row.vehicle)
        return
      case 'module':
        this.#discover(news.row)
        this.#module(news.row, (message) => this.#changed(message))
        return
      case 'lidar':
        this.#tell(this.#lidar(news.row))
        return
      case 'scan': {
        const { scan } = news
        const vehicle = this.#vehicleOf(scan.link)
        const key = `scan/${scan.link}`
        this.#tell(this.#message('lidar', vehicle, key, () => scanWords(scan)))
        return
      }
      case 'stop':
        this.#tell(this.#stop(news.row))
        // What has ended is history: a newcomer is not told of it.
        if (!news.row.isTrying) this.#now.delete(`stop/${news.row.id}`)
        return
      case 'gone':
        this.#rowGone(news.of, news.id)
        return
      default:
        never(news, 'news')
    }
  }

  #put(message: Message): Message {
    this.#gone.delete(message.key)
    this.#now.set(message.key, message)
    return message
  }

  #tell(message: Message): void {
    this.#changed(this.#put(message))
  }

  #vehicleOf(link: string): string | null {
    for (const row of this.#view.lidars()) if (row.link === link) return row.vehicle
    for (const row of this.#view.vehicles()) if (row.link === link) return row.vehicle
    return null
  }

  #message(topic: Topic, vehicle: string | null, key: string, data: () => object): Message {
    return new Message(topic, vehicle, key, (at) => envelope(topic, vehicle, at, data()))
  }

  /** Its status, to be told at once. What says the same in the words of the deployed relay has its turn with every `tellStatus`. */
  #vehicle(row: VehicleReport): Message {
    const system = () => systemWords(row, this.#view.modules())
    this.#put(this.#message('system_status', row.vehicle, `system/${row.id}`, system))
    return this.#put(this.#message('status', row.vehicle, `status/${row.id}`, () => statusWords(row)))
  }

  /** An event, not a state: whoever comes later sees the module among the others. */
  #discover(row: VehicleModule): void {
    if (row.state !== 'online' || this.#seen.has(row.id)) return
    this.#seen.add(row.id)
    const key = `discovered/${row.id}`
    this.#changed(
      this.#past(this.#message('module_discovered', row.vehicle, key, () => discoveredWords(row))),
    )
  }

  #lidar(row: Parameters<typeof lidarWords>[0]): Message {
    return this.#message('lidar', row.vehicle, `lidar/${row.id}`, () => lidarWords(row))
  }

  #stop(row: Parameters<typeof stopData>[0]): Message {
    return this.#message('commands', row.vehicle, `stop/${row.id}`, () => stopData(row))
  }

  #module(row: VehicleModule, changed: (message: Message) => void): void {
    const { clock } = this.#context
    const news = this.#modules.get(row.id) ?? new ModuleNews()
    this.#modules.set(row.id, news)
    const { state, values } = news.take(row, clock.monotonic())
    const map = () => this.#view.maps().find(({ id }) => id === row.map)
    const stateKey = `modules/${row.id}`
    if (state) {
      const words = () => ({ modules: [moduleWords(row)] })
      changed(this.#put(this.#message('modules', row.vehicle, stateKey, words)))
    }
    if (values === null) return
    const key = `telemetry/${row.id}`
    const whole = this.#put(this.#message('telemetry', row.vehicle, key, () => telemetryWords(row, map())))
    if (values === 'all') changed(whole)
    else changed(this.#message('telemetry', row.vehicle, key, () => telemetryWords(row, map(), values)))
  }

  #firstAlerts(vehicle: string): void {
    if (!this.#now.has(`alerts/${vehicle}`)) this.#put(this.#alerts(vehicle))
  }

  #alerts(vehicle: string): Message {
    // Read when it is sent: by then the table of open alerts is as new as the news.
    return this.#message('alerts', vehicle, `alerts/${vehicle}`, () => {
      const all = [...this.#view.alerts()]
      return alertsWords(all.filter((alert) => (this.#vehicleOfAlert(alert) ?? vehicle) === vehicle))
    })
  }

  /** Every list again: they are short, and an alert that is gone no longer says whose it was. */
  #tellAlerts(): void {
    for (const vehicle of this.vehicles()) this.#tell(this.#alerts(vehicle))
  }

  /** Null: it names none that is known, so it is everybody's. */
  #vehicleOfAlert({
    device,
    source,
  }: {
    readonly device: string | null
    readonly source: string
  }): string | null {
    const names = this.vehicles()
    if (device !== null && names.has(device)) return device
    for (const { id, vehicle } of this.#view.modules()) if (id === device) return vehicle
    return this.#vehicleOf(source)
  }

  #rowGone(of: 'vehicle' | 'module' | 'lidar', id: string): void {
    const kept = {
      vehicle: ['status', 'system'],
      module: ['modules', 'telemetry'],
      lidar: ['lidar', 'scan'],
    }[of]
    const last = kept.map((stem) => this.#now.get(`${stem}/${id}`)).find((message) => message !== undefined)
    for (const stem of kept) this.#now.delete(`${stem}/${id}`)
    this.#modules.delete(id)
    this.#seen.delete(id)
    if (last === undefined) return
    const [stem] = kept
    const at = time(this.#context.clock.now())
    const words = () => (of === 'module' ? goneModule(id, at) : { gone: true, link: id })
    const message = this.#message(last.topic, last.vehicle, `${stem}/${id}`, words)
    this.#changed(this.#past(message))
  }

  /** No newcomer is told of it; whoever is behind is. */
  #past(message: Message): Message {
    this.#gone.delete(message.key)
    this.#gone.set(message.key, message)
    const [oldest] = this.#gone.keys()
    if (this.#gone.size > mostGone && oldest !== undefined) this.#gone.delete(oldest)
    return message
  }

  close(): void {
    for (const undo of this.#undo) undo()
  }
}

/** Ids of modules are `<link>/<unit>`. */
function goneModule(id: string, at: string): object {
  const unit = Number(id.slice(id.lastIndexOf('/') + 1))
  const link = id.slice(0, id.lastIndexOf('/'))
  return { modules: [{ module_addr: unitWords(unit), link, state: 'gone', state_since: at }] }
}
