/** What a vehicle is asked, in words for the timeline. */
import { never } from './fault.ts'
import type { VehicleCommand } from './vehicles.ts'

export function commandWords(command: VehicleCommand): string {
  switch (command.do) {
    case 'move':
    case 'halt':
    case 'dock':
    case 'reset':
      return command.do
    case 'module':
      return `module ${unitWords(command.unit)}: ${command.command}`
    case 'write-register':
      return `module ${unitWords(command.unit)}: write ${command.value} to ${command.register}`
    default:
      return never(command, 'vehicle command')
  }
}

function unitWords(unit: number): string {
  return `0x${unit.toString(16).padStart(2, '0')}`
}
