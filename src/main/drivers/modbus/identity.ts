/** Who answers at a unit address: the identity block 0x0100–0x0109, read before anything else and before any write. */
import type { ModuleIdentity, ModuleKind } from '../../../contract/modules.ts'
import type { ModbusOutcome } from './transaction.ts'

const start = 0x0100
/** Of the block: device id, baud, parity, stop bits, type, firmware, hardware, status, error, reset command. */
const at = { deviceId: 0, type: 4, firmware: 5, hardware: 6, status: 7, error: 8 } as const

export type Identified =
  | {
      readonly is: 'module'
      /** Null: something answers, but it has no identity block. */
      readonly identity: ModuleIdentity | null
    }
  | { readonly is: 'silent'; readonly why: string }
  /** The port is gone, or the line is never quiet: nothing was learned. */
  | { readonly is: 'unknown' }

type Read = (address: number, quantity: number) => Promise<ModbusOutcome>

/** One request where the module has the whole block; without the command register, then without status, where it refuses that. */
export async function identify(read: Read): Promise<Identified> {
  for (const quantity of [10, 9, 7]) {
    const outcome = await read(start, quantity)
    switch (outcome.is) {
      case 'words':
        return { is: 'module', identity: identityOf(outcome.words) }
      case 'exception':
        // Illegal data address, or a function it has not: asked for less. Busy or failed: there, but not telling.
        if (outcome.code > 3) return { is: 'module', identity: null }
        break
      case 'timeout':
        return outcome.why === 'noise' ? { is: 'unknown' } : { is: 'silent', why: outcome.why }
      default:
        return { is: 'unknown' }
    }
  }
  return { is: 'module', identity: null }
}

function identityOf(words: readonly number[]): ModuleIdentity {
  const of = (name: keyof typeof at) => words[at[name]] ?? 0
  return {
    deviceId: of('deviceId'),
    type: of('type'),
    firmware: of('firmware'),
    hardware: of('hardware'),
    status: of('status'),
    error: of('error'),
  }
}

/** Whether it is the same module with the same program, whatever its status. */
export function isSame(a: ModuleIdentity | null, b: ModuleIdentity | null): boolean {
  if (a === null || b === null) return a === b
  return (
    a.deviceId === b.deviceId && a.type === b.type && a.firmware === b.firmware && a.hardware === b.hardware
  )
}

const kinds: Readonly<Record<number, ModuleKind>> = { 2: 'power', 3: 'safety', 4: 'motor', 5: 'dock' }

export function kindOf(identity: ModuleIdentity | null): ModuleKind {
  return kinds[identity?.type ?? 0] ?? 'unknown'
}

/** 0x0101 is v1.01. */
export function versionWords(firmware: number): string {
  return `v${firmware >> 8}.${(firmware & 0xff).toString(16).padStart(2, '0')}`
}
