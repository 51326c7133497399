/** The form of a camera that sends MJPEG. User and password are asked for beside it and kept elsewhere. */
import { gathered, type Kind, type ProfileOf, textOf, typed } from './kind.ts'
import { ladderField, ladderOf } from './ladder.ts'
import { locationComplaint, locationField } from './location.ts'
import { streamUrlComplaint } from './stream-url.ts'

export const mjpegCamera: Kind<ProfileOf<'mjpeg-camera'>> = {
  driver: 'mjpeg-camera',
  stem: 'camera',
  fields: [
    { name: 'url', label: 'streamUrl', hint: 'streamUrlHint', input: 'text' },
    locationField,
    ladderField,
  ],
  empty: { url: 'http://', location: '', ladder: 'lan' },
  read: ({ url, location, ladder }) => ({
    url: typed(url),
    location: typed(location),
    ladder: ladderOf(ladder),
  }),
  complaints: (texts) =>
    gathered([
      ['url', streamUrlComplaint(textOf(texts, 'url'))],
      ['location', locationComplaint(texts)],
    ]),
  build: (base, texts) => ({
    ...base,
    driver: 'mjpeg-camera',
    url: textOf(texts, 'url'),
    location: textOf(texts, 'location'),
    ladder: ladderOf(texts.ladder),
  }),
  logsIn: true,
}
