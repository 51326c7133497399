/** Which of the profiles is the gateway's. */
import type { LinkProfile } from '../../../contract/links.ts'

export type GatewayProfile = Extract<LinkProfile, { driver: 'oht50-gateway' }>
