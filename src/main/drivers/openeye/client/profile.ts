/** The profile of a link that dials an OpenEye server. */
import type { LinkProfile } from '../../../../contract/links.ts'

export type ClientProfile = Extract<LinkProfile, { driver: 'openeye-client' }>
