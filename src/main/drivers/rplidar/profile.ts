/** What a profile of this driver is, and how its port is opened. */
import type { LinkProfile } from '../../../contract/links.ts'
import type { SerialSettings } from '../../io/serial.ts'

export type RplidarProfile = Extract<LinkProfile, { driver: 'rplidar' }>

/** From the data sheets: C1 460800 baud, A1 115200, both 8N1. The A1's motor runs while DTR is off. */
export function settingsOf(profile: RplidarProfile): SerialSettings {
  const common = { address: profile.port, dataBits: 8, parity: 'none', stopBits: 1 } as const
  return profile.model === 'c1'
    ? { ...common, baudRate: 460_800 }
    : { ...common, baudRate: 115_200, dtr: false }
}

export function notOne(is: 'other' | 'silent', profile: RplidarProfile): string {
  const { baudRate } = settingsOf(profile)
  return is === 'other'
    ? `what is plugged in at ${profile.port} talks, but not as an RPLIDAR at ${baudRate} baud: is it another device, or another model than ${profile.model.toUpperCase()}?`
    : `nothing at ${profile.port} answers as an RPLIDAR at ${baudRate} baud: has it power, is it another device, or another model than ${profile.model.toUpperCase()}?`
}
