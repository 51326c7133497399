/** What is asked of a Modbus RTU bus and what comes of it. One transaction at a time per bus (Modbus over Serial Line v1.02 §2.1). */

/** Reads: FC 01 coils, 02 discrete inputs, 03 holding, 04 input registers. Writes: 05, 06 single, 15, 16 several. */
export type ModbusRequest =
  | { readonly unit: number; readonly fn: 1 | 2 | 3 | 4; readonly address: number; readonly quantity: number }
  | { readonly unit: number; readonly fn: 5; readonly address: number; readonly bits: readonly [boolean] }
  | { readonly unit: number; readonly fn: 6; readonly address: number; readonly words: readonly [number] }
  | { readonly unit: number; readonly fn: 15; readonly address: number; readonly bits: readonly boolean[] }
  | { readonly unit: number; readonly fn: 16; readonly address: number; readonly words: readonly number[] }

export type ModbusOutcome =
  | { readonly is: 'words'; readonly words: readonly number[]; readonly tookMs: number }
  | { readonly is: 'bits'; readonly bits: readonly boolean[]; readonly tookMs: number }
  /** A write was echoed as the standard says. */
  | { readonly is: 'written'; readonly tookMs: number }
  /** Exception response: 1 illegal function, 2 illegal data address, 3 illegal data value, 4 device failure, 5 acknowledge, 6 busy. */
  | { readonly is: 'exception'; readonly code: number; readonly tookMs: number }
  /** No whole, fitting answer within the timeout. What came, if anything, was not used. */
  | { readonly is: 'timeout'; readonly why: NoAnswer }
  /** The port is closed, or closed before the answer: whether a write arrived is not known. */
  | { readonly is: 'closed' }
  /** Its deadline passed while it waited for the bus: nothing was sent. */
  | { readonly is: 'expired' }

/**
 * `silence`: nothing came. `crc`: an answer of the right length with a wrong checksum. `shape`: bytes that are no answer to this, part of one, or
 * more than one. `stray`: a whole frame of another unit, function or length. `echo`: one copy of a write, on a line where it is not known
 * whether it repeats our own bytes. `noise`: the line was never quiet, so nothing was sent.
 */
export type NoAnswer = 'silence' | 'crc' | 'shape' | 'stray' | 'echo' | 'noise'

/** Who goes first when several wait: commands, then safety, then ordinary polls, then looking for modules. First come, first served within one. */
export type Urgency = 'command' | 'safety' | 'poll' | 'scan'

export interface ModbusMaster {
  /**
   * Never rejects. `deadlineAt`, monotonic ms: not sent after it.
   * Throws RangeError at once for a request no frame can carry: unit outside 1..247, too many registers, a word outside 0..65535.
   */
  transact(request: ModbusRequest, urgency: Urgency, deadlineAt?: number): Promise<ModbusOutcome>
}
