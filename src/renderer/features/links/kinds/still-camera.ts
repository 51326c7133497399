/** The form of pictures of this machine shown as a camera: signage, or a test without one. */
import { gathered, type Kind, type ProfileOf, textOf, typed } from './kind.ts'
import { locationComplaint, locationField } from './location.ts'

export const stillCamera: Kind<ProfileOf<'still-camera'>> = {
  driver: 'still-camera',
  stem: 'pictures',
  fields: [
    { name: 'path', label: 'path', hint: 'pathHint', input: 'text' },
    { name: 'framesPerSecond', label: 'framesPerSecond', hint: 'framesPerSecondHint', input: 'number' },
    locationField,
  ],
  empty: { path: '', framesPerSecond: '1', location: '' },
  read: ({ path, framesPerSecond, location }) => ({
    path: typed(path),
    framesPerSecond: typed(framesPerSecond),
    location: typed(location),
  }),
  complaints(texts) {
    const path = textOf(texts, 'path')
    const rate = textOf(texts, 'framesPerSecond') === '' ? Number.NaN : Number(texts.framesPerSecond)
    // A whole path here, or there: this page may run on another system than the app.
    const isWhole = /^(?:\/(?!\/)|[A-Za-z]:[\\/])/.test(path) && path.length <= 1024
    return gathered([
      ['path', isWhole ? null : 'path-odd'],
      ['framesPerSecond', rate >= 0.05 && rate <= 30 ? null : 'frame-rate'],
      ['location', locationComplaint(texts)],
    ])
  },
  build: (base, texts) => ({
    ...base,
    driver: 'still-camera',
    path: textOf(texts, 'path'),
    framesPerSecond: Number(texts.framesPerSecond),
    location: textOf(texts, 'location'),
  }),
}
