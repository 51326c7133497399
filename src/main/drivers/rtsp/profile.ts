/** What an RTSP camera's link is set up with. */
import type { LinkProfile } from '../../../contract/links.ts'

export type RtspProfile = Extract<LinkProfile, { driver: 'rtsp-camera' }>
