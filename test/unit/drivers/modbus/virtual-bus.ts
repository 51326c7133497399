/** A strict master and a slave that plays hazards, on a line in memory with a clock that jumps. */
import { StrictMaster } from '../../../../src/main/drivers/modbus/master.ts'
import type {
  ModbusOutcome,
  ModbusRequest,
  Urgency,
} from '../../../../src/main/drivers/modbus/transaction.ts'
import type { Hazard } from '../../../sim/modbus/hazards.ts'
import { takeRequest } from '../../../sim/modbus/rtu.ts'
import { MemoryLine, VirtualClock } from './virtual.ts'

export class VirtualBus {
  readonly clock = new VirtualClock()
  readonly master: StrictMaster
  asked = 0
  readonly #turns = new Map<Hazard, number>()
  hazard: Hazard

  constructor(hazard: Hazard, timeoutMs: number, quarantineMs = timeoutMs) {
    this.hazard = hazard
    this.master = new StrictMaster({ clock: this.clock, baudRate: 115_200, timeoutMs, quarantineMs })
    this.master.opened(new MemoryLine((bytes) => this.#wrote(Buffer.from(bytes))))
    this.clock.advance(10)
  }

  /** Moves time until the outcome is there. */
  async transact(request: ModbusRequest, urgency: Urgency = 'poll'): Promise<ModbusOutcome> {
    let outcome: ModbusOutcome | null = null
    void this.master.transact(request, urgency).then((settled) => {
      outcome = settled
    })
    for (;;) {
      await Promise.resolve()
      await Promise.resolve()
      if (outcome !== null) return outcome
      if (!this.clock.step()) throw new Error('nothing will ever happen')
    }
  }

  #wrote(bytes: Buffer): void {
    const taken = takeRequest(bytes)
    if (taken === null) throw new Error(`half a request: ${bytes.toString('hex')}`)
    this.asked++
    const turn = this.#turns.get(this.hazard) ?? 0
    this.#turns.set(this.hazard, turn + 1)
    for (const part of this.hazard(taken.asked, turn))
      this.clock.after(part.afterMs + 0.5, () => this.master.bytes(part.bytes, this.clock.monotonic()))
  }
}
