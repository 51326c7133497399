/** Which of the profiles is this server's. */
import type { LinkProfile } from '../../../../contract/links.ts'

export type ServerProfile = Extract<LinkProfile, { driver: 'openeye-server' }>
