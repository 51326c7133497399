/** The devices of one hub: what each last said, whether it is heard, and the alarms its silence raises. */
import type { Device } from '../../../contract/devices.ts'
import { never } from '../../../contract/fault.ts'
import type { LinkId } from '../../../contract/links.ts'
import type { CoverageState } from '../../../contract/timeline.ts'
import { Budget } from '../../io/budget.ts'
import type { LinkContext } from '../../link.ts'
import { blankRow, type DeviceRow, fillRow, type RosterDevice } from './roster-device.ts'
import type { DeviceMessage } from './session.ts'
import { type Decision, judge, type Root } from './silence.ts'
import { clearSilence, deviceSilent, linkSilent } from './silence-facts.ts'

const mostDevices = 4096
const reportEveryMs = 250
const judgeEveryMs = 500
const retryAlarmMs = 5000
const clockSuspectMs = 3_600_000

export interface RosterOptions {
  readonly link: LinkId
  readonly linkName: string
  readonly heartbeatMs: number
  readonly alertsPerMinute: number
  readonly alertBurst: number
  /** Whether a camera's silence is an alarm. */
  readonly raisesSilence: boolean
}

type RosterContext = Pick<LinkContext, 'clock' | 'tell' | 'raise' | 'log' | 'knownDevices'>

export class Roster {
  readonly #context: RosterContext
  readonly #options: RosterOptions
  readonly #budgetMs: number
  readonly #devices = new Map<string, RosterDevice>()
  readonly #dirty = new Set<RosterDevice>()
  readonly #undos: (() => void)[]
  #root: Root | null = null
  /** A link alarm of an earlier run may still be open. */
  #oldRoot: boolean

  constructor(context: RosterContext, options: RosterOptions) {
    this.#context = context
    this.#options = options
    this.#budgetMs = 2 * options.heartbeatMs
    this.#oldRoot = context.knownDevices.some((device) => device.state === 'silent')
    for (const known of context.knownDevices) this.#remember(known)
    this.#undos = [
      context.clock.every(reportEveryMs, () => this.#report()),
      context.clock.every(judgeEveryMs, () => this.#judge()),
    ]
  }

  get(device: string): RosterDevice | undefined {
    return this.#devices.get(device)
  }

  #remember(known: Device): void {
    const { outOfService: _, ...row } = known
    const device = this.#add({
      ...row,
      state: known.state === 'silent' ? 'silent' : 'disconnected',
      budgetMs: this.#budgetMs,
    })
    device.mayBeOpen = true
    this.#cover(device, known.state === 'silent' ? 'silent' : 'disconnected')
    this.#dirty.add(device)
  }

  #add(row: DeviceRow): RosterDevice {
    if (this.#devices.size >= mostDevices) this.#evict()
    const { alertsPerMinute, alertBurst } = this.#options
    const device: RosterDevice = {
      row,
      budget: new Budget(alertsPerMinute / 60, alertBurst),
      heardAt: this.#context.clock.monotonic(),
      heardSinceStart: false,
      lostAt: null,
      alarm: 'none',
      coverage: null,
      mayBeOpen: false,
      uncommitted: 0,
      clearAfterCommit: false,
      lastAlertAt: null,
      written: new Map(),
    }
    this.#devices.set(row.device, device)
    return device
  }

  /** Invented names must not fill the memory: the longest unheard one that is not connected goes. */
  #evict(): void {
    let oldest: RosterDevice | null = null
    for (const device of this.#devices.values()) {
      if (device.row.state !== 'live' && (oldest === null || device.heardAt < oldest.heardAt)) oldest = device
    }
    const [first] = this.#devices.values()
    const gone = oldest ?? first
    if (gone !== undefined) this.forget(gone.row.device)
  }

  ids(): readonly string[] {
    return [...this.#devices.keys()]
  }

  /** Known, or seen for the first time. */
  meet(id: string): RosterDevice {
    const known = this.#devices.get(id)
    if (known !== undefined) return known
    const { link } = this.#options
    return this.#add(blankRow(link, id, this.#budgetMs))
  }

  /** A message of this device came: it is live, whatever the message says. */
  heard(device: RosterDevice, message: DeviceMessage, now: number, monotonic: number): void {
    const { row } = device
    const wasHeardAt = row.heardAt
    row.heardAt = now
    device.heardAt = monotonic
    device.lostAt = null
    if (message.deviceName !== null) row.name = message.deviceName
    if (message.group !== null) row.group = message.group
    // An alert may have waited in the device's own queue: only what is sent at once tells its clock.
    if (message.at !== null && message.is !== 'alert' && !message.replay)
      row.clockOffsetMs = Math.round(message.at - now)
    fillRow(device.row, message)
    this.#dirty.add(device)
    if (row.state !== 'live' || !device.heardSinceStart) this.#isBack(device, wasHeardAt, now)
    const suspect = row.clockOffsetMs !== null && Math.abs(row.clockOffsetMs) > clockSuspectMs
    this.#cover(device, suspect ? 'clock-suspect' : 'data')
  }

  #isBack(device: RosterDevice, wasHeardAt: number | null, now: number): void {
    const { row, alarm } = device
    const { link } = this.#options
    if (wasHeardAt === null) {
      const text = `${row.name} joined as ${row.role}`
      this.#context.tell({ type: 'device-joined', link, device: row.device, text })
    }
    const wasSilent = row.state === 'silent'
    row.state = 'live'
    device.alarm = 'none'
    if (wasHeardAt !== null && alarm !== 'root' && (wasSilent || !device.heardSinceStart))
      clearSilence(this.#context, link, row.device, now, now - wasHeardAt)
    device.heardSinceStart = true
    if (alarm === 'root' && this.#root !== null)
      this.#root = {
        ...this.#root,
        firstBackAt: this.#root.firstBackAt ?? this.#context.clock.monotonic(),
      }
    this.#tellRow(device)
    if (wasSilent) this.#judge()
    if (this.#oldRoot && this.#root === null && !this.#anySilent()) {
      this.#oldRoot = false
      clearSilence(this.#context, link, null, now, null)
    }
  }

  #anySilent(): boolean {
    for (const device of this.#devices.values()) if (device.row.state === 'silent') return true
    return false
  }

  /** Its connection ended and no newer one took over. */
  lost(device: RosterDevice): void {
    device.lostAt = this.#context.clock.monotonic()
    if (device.row.state !== 'live') return
    device.row.state = 'disconnected'
    this.#cover(device, 'disconnected')
    this.#tellRow(device)
  }

  /** Something beside a message changed. */
  touched(device: RosterDevice): void {
    this.#dirty.add(device)
  }

  #cover(device: RosterDevice, state: CoverageState, since: number | null = null): void {
    if (device.coverage === state) return
    device.coverage = state
    const at = since ?? this.#context.clock.now()
    this.#context.tell({ type: 'coverage-changed', source: device.row.id, state, at })
  }

  #tellRow(device: RosterDevice): void {
    this.#dirty.delete(device)
    this.#context.tell({ type: 'device-reported', device: { ...device.row } })
  }

  #report(): void {
    for (const device of this.#dirty) this.#tellRow(device)
  }

  #judge(): void {
    const now = this.#context.clock.monotonic()
    const cameras = []
    for (const [id, device] of this.#devices) {
      const { heardAt, lostAt, alarm } = device
      const silent = device.row.state === 'silent'
      if (this.#options.raisesSilence && device.row.role === 'cctv')
        cameras.push({ id, heardAt, lostAt, silent, alarm })
      else if (!silent && now - heardAt > this.#budgetMs) this.#markSilent(device)
    }
    for (const decision of judge(cameras, this.#root, now, this.#budgetMs)) this.#carryOut(decision)
  }

  #carryOut(decision: Decision): void {
    switch (decision.do) {
      case 'mark-silent':
        this.#with(decision.id, (device) => this.#markSilent(device))
        return
      case 'raise-device':
        this.#with(decision.id, (device) => this.#raiseDevice(device))
        return
      case 'join-root':
        this.#with(decision.id, (device) => {
          device.alarm = 'root'
        })
        return
      case 'raise-link':
        this.#raiseLink(decision.ids, decision.fellAt)
        return
      case 'clear-link': {
        const root = this.#root
        this.#root = null
        const forMs = root === null ? null : this.#context.clock.monotonic() - root.fellAt
        clearSilence(this.#context, this.#options.link, null, this.#context.clock.now(), forMs)
        for (const id of decision.left) this.#with(id, (device) => this.#raiseDevice(device))
        return
      }
      default:
        never(decision, 'decision')
        return
    }
  }

  #with(id: string, run: (device: RosterDevice) => void): void {
    const device = this.#devices.get(id)
    if (device !== undefined) run(device)
  }

  #markSilent(device: RosterDevice): void {
    const connected = device.row.state === 'live'
    device.row.state = 'silent'
    // While connected, the last message is the last evidence; a closed socket ended the evidence already.
    this.#cover(device, 'silent', connected ? device.row.heardAt : null)
    this.#tellRow(device)
  }

  #raiseDevice(device: RosterDevice): void {
    device.alarm = 'own'
    const fact = deviceSilent(this.#options.link, device.row, this.#context.clock.now())
    this.#context.raise(fact).catch((error: Error) => {
      this.#context.log.error('silence-alarm-not-stored', { device: device.row.device, error })
      this.#context.clock.after(retryAlarmMs, () => {
        if (device.alarm === 'own') device.alarm = 'none'
      })
    })
  }

  #raiseLink(ids: readonly string[], fellAt: number): void {
    const { link, linkName } = this.#options
    const now = this.#context.clock.now()
    if (this.#oldRoot) {
      this.#oldRoot = false
      clearSilence(this.#context, link, null, now, null)
    }
    const children = ids.flatMap((id) => this.#devices.get(id) ?? [])
    for (const device of children) device.alarm = 'root'
    this.#root = { fellAt, firstBackAt: null }
    const since = now - (this.#context.clock.monotonic() - fellAt)
    const names = children.map((device) => device.row.name)
    this.#context.raise(linkSilent(link, linkName, names, since, now)).catch((error: Error) => {
      this.#context.log.error('silence-alarm-not-stored', { link, error })
      this.#context.clock.after(retryAlarmMs, () => {
        this.#root = null
        for (const device of children) if (device.alarm === 'root') device.alarm = 'none'
      })
    })
  }

  forget(device: string): void {
    const gone = this.#devices.get(device)
    if (gone === undefined) return
    this.#dirty.delete(gone)
    this.#devices.delete(device)
  }

  close(): void {
    this.#report()
    for (const undo of this.#undos) undo()
  }
}
