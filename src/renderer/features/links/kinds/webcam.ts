/** The form of a webcam: a name for the picture. Which screen sends it is chosen on that screen, in Cameras. */
import { gathered, type Kind, type ProfileOf, textOf, typed } from './kind.ts'
import { locationComplaint, locationField } from './location.ts'

export const webcam: Kind<ProfileOf<'webcam'>> = {
  driver: 'webcam',
  stem: 'webcam',
  fields: [locationField],
  empty: { location: '' },
  read: ({ location }) => ({ location: typed(location) }),
  complaints: (texts) => gathered([['location', locationComplaint(texts)]]),
  build: (base, texts) => ({ ...base, driver: 'webcam', location: textOf(texts, 'location') }),
}
