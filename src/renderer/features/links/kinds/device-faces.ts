/** The form of the face engine that comes with the installation: how alike a face must be to be called by a name. */
import { gathered, type Kind, type ProfileOf, textOf, typed } from './kind.ts'

function isShare(text: string): boolean {
  const value = Number(text)
  return text !== '' && value >= 0 && value <= 1
}

export const deviceFaces: Kind<ProfileOf<'device-faces'>> = {
  driver: 'device-faces',
  stem: 'device-faces',
  fields: [{ name: 'threshold', label: 'likeness', hint: 'likenessHint', input: 'number' }],
  empty: { threshold: '0.7' },
  read: ({ threshold }) => ({ threshold: typed(threshold) }),
  complaints: (texts) =>
    gathered([['threshold', isShare(textOf(texts, 'threshold')) ? null : 'likeness-range']]),
  build: (base, texts) => ({
    ...base,
    driver: 'device-faces',
    threshold: Number(textOf(texts, 'threshold')),
  }),
}
