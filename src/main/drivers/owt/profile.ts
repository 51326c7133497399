/** The profile of a link to an OWT face server, and the words of its choices. */
import type { LinkProfile } from '../../../contract/links.ts'

export type OwtProfile = Extract<LinkProfile, { driver: 'owt-client' }>
/** How a picture is sent: as the deployed server takes it, or as its document says. */
export type Dialect = Exclude<OwtProfile['dialect'], 'auto'>
export type BoxFormat = Exclude<OwtProfile['boxFormat'], 'auto'>

export const dialectWords: Readonly<Record<Dialect, string>> = {
  deployed: "the deployed server's form (processFrame)",
  document: "the document's form (frame)",
}

export const boxWords: Readonly<Record<BoxFormat, string>> = {
  'xywh-px': 'x, y, width, height in pixels',
  'xyxy-px': 'left, top, right, bottom in pixels',
  'xywh-norm': 'x, y, width, height from 0 to 1',
  'tlbr-px': 'top, left, bottom, right in pixels',
}
