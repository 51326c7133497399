/** The vehicle behind the simulated firmware: a state machine, a track it moves along, a battery, four modules and a room. */
import type { SimState } from './options.ts'

const trackMm = 20_000
const cruiseMmPerS = 800
const mmPerS2 = 600

export interface SimModule {
  readonly unit: number
  readonly name: string
  readonly type: 'POWER' | 'SAFETY' | 'MOTOR' | 'DOCK'
  online: boolean
}

interface SimAlert {
  readonly id: string
  readonly title: string
  readonly message: string
  readonly severity: string
  readonly timestamp: string
}

export class SimVehicle {
  state: SimState
  previous: SimState = 'BOOT'
  stateAt = Date.now()
  transitions = 1
  lastEvent = 'INIT_COMPLETE'
  xMm = 1000
  speedMmPerS = 0
  batteryPercent = 82
  temperatureC = 31.5
  safetyOk = true
  /** Told by HTTP only: no message of the firmware's socket has it. */
  mode = 'auto'
  /** Without one the state that is asked for is refused. */
  fault = 'NONE'
  alerts: SimAlert[] = []
  /** mm, where somebody stands before it; null: nobody. */
  obstacleMm: number | null = null
  readonly modules: readonly SimModule[] = [
    { unit: 2, name: 'Power Module', type: 'POWER', online: true },
    { unit: 3, name: 'Safety Module', type: 'SAFETY', online: true },
    { unit: 4, name: 'Travel Motor Module', type: 'MOTOR', online: true },
    { unit: 5, name: 'Dock Module', type: 'DOCK', online: true },
  ]
  #heading = 1
  #steppedAt = performance.now()

  constructor(state: SimState) {
    this.state = state
  }

  become(state: SimState, event: string): void {
    if (state === this.state) return
    this.previous = this.state
    this.state = state
    this.stateAt = Date.now()
    this.transitions += 1
    this.lastEvent = event
    if (state === 'ESTOP') this.fault = 'ESTOP'
    else if (this.fault === 'ESTOP') this.fault = 'NONE'
  }

  /** As the deployed machine does: it moves whenever asked out of IDLE, also with `safety_ok:false`. */
  ask(verb: 'move' | 'stop' | 'reset' | 'dock'): string | null {
    const { state } = this
    switch (verb) {
      case 'move':
        if (state !== 'IDLE' && state !== 'PAUSED') return `Cannot move in state ${state}`
        this.become('MOVE', 'MOVE_COMMAND')
        return null
      case 'dock':
        if (state !== 'IDLE') return `Cannot dock in state ${state}`
        this.become('DOCK', 'DOCK_COMMAND')
        return null
      case 'stop':
        if (state !== 'MOVE' && state !== 'DOCK' && state !== 'PAUSED') return `Cannot stop in state ${state}`
        this.become('IDLE', 'STOP_COMMAND')
        return null
      case 'reset':
        if (state !== 'ESTOP' && state !== 'FAULT') return `Cannot reset in state ${state}`
        this.fault = 'NONE'
        this.become('IDLE', 'ESTOP_RESET')
        return null
    }
  }

  step(): void {
    const now = performance.now()
    const s = Math.min(1, (now - this.#steppedAt) / 1000)
    this.#steppedAt = now
    const wanted = this.state === 'MOVE' ? cruiseMmPerS : this.state === 'DOCK' ? 100 : 0
    // An emergency stop takes the power away; an ordinary one brakes.
    if (this.state === 'ESTOP') this.speedMmPerS = 0
    else if (this.speedMmPerS < wanted) this.speedMmPerS = Math.min(wanted, this.speedMmPerS + mmPerS2 * s)
    else this.speedMmPerS = Math.max(wanted, this.speedMmPerS - mmPerS2 * s)
    this.xMm += this.#heading * this.speedMmPerS * s
    if (this.xMm > trackMm) this.#heading = -1
    if (this.xMm < 0) this.#heading = 1
    this.xMm = Math.min(trackMm, Math.max(0, this.xMm))
    this.batteryPercent = Math.max(0, this.batteryPercent - (this.speedMmPerS > 0 ? 0.02 : 0.001) * s)
  }

  /** Signed, along the track. */
  get velocity(): number {
    return Math.round(this.#heading * this.speedMmPerS)
  }

  registers(unit: number): { name: string; value: number; unit: string; description: string }[] {
    const moving = this.speedMmPerS > 0
    switch (unit) {
      case 2:
        return [
          {
            name: 'voltage',
            value: 48 + this.batteryPercent / 20,
            unit: 'V',
            description: 'Battery voltage',
          },
          { name: 'current', value: moving ? 6.4 : 1.1, unit: 'A', description: 'Battery current' },
          {
            name: 'soc',
            value: Math.round(this.batteryPercent * 10) / 10,
            unit: '%',
            description: 'State of charge',
          },
          { name: 'temperature', value: this.temperatureC, unit: '°C', description: 'Pack temperature' },
        ]
      case 3:
        return [
          { name: 'estop', value: this.state === 'ESTOP' ? 1 : 0, unit: '', description: 'Emergency stop' },
          { name: 'zone', value: 0, unit: '', description: 'Zone' },
        ]
      case 4:
        return [
          {
            name: 'speed',
            value: Math.round(this.speedMmPerS * 1.5),
            unit: 'rpm',
            description: 'Actual speed',
          },
          { name: 'temperature', value: moving ? 44 : 33, unit: '°C', description: 'Motor temperature' },
        ]
      default:
        return [{ name: 'position', value: Math.round(this.xMm), unit: 'mm', description: 'Position' }]
    }
  }

  /** Ranges in mm, one per degree clockwise from the front; 0: nothing came back. */
  scan(): number[] {
    const turn = performance.now() / 1000
    return Array.from({ length: 360 }, (_, degree) => {
      const angle = (degree * Math.PI) / 180
      // A corridor 3 m wide, ends where the track ends, and something that walks.
      const side = Math.abs(1500 / (Math.sin(angle) || 1e-9))
      const ahead = Math.abs(
        (Math.cos(angle) >= 0 ? trackMm - this.xMm + 800 : this.xMm + 800) / (Math.cos(angle) || 1e-9),
      )
      const walks =
        Math.abs(((((degree - turn * 20) % 360) + 360) % 360) - 90) < 4 ? 1300 : Number.POSITIVE_INFINITY
      const stands =
        this.obstacleMm !== null && (degree < 8 || degree > 352) ? this.obstacleMm : Number.POSITIVE_INFINITY
      const range = Math.min(side, ahead, walks, stands) + ((degree * 37) % 11)
      return range > 12_000 ? 0 : Math.round(range)
    })
  }
}
