/** The form of an RTSP camera. User and password are asked for beside it and kept elsewhere; out of a pasted address they are taken. */
import { type Complaint, gathered, type Kind, type ProfileOf, textOf, typed } from './kind.ts'
import { ladderField, ladderOf } from './ladder.ts'
import { locationComplaint, locationField } from './location.ts'

const scheme = /^rtsp:\/\//i
const longest = 2048

function rtspUrlComplaint(text: string): Complaint | null {
  if (text === '' || text === 'rtsp://') return 'rtsp-odd'
  if (!scheme.test(text)) return 'rtsp-scheme'
  const url = URL.parse(text)
  if (url === null || url.hostname === '' || text.length > longest || text.includes('#')) return 'rtsp-odd'
  return url.username === '' && url.password === '' ? null : 'url-secret'
}

/** As far as it can be read: a stray `%` is meant as itself. */
function decoded(text: string): string {
  try {
    return decodeURIComponent(text)
  } catch {
    return text
  }
}

export const rtspCamera: Kind<ProfileOf<'rtsp-camera'>> = {
  driver: 'rtsp-camera',
  stem: 'rtsp',
  fields: [{ name: 'url', label: 'rtspUrl', hint: 'rtspUrlHint', input: 'text' }, locationField, ladderField],
  empty: { url: 'rtsp://', location: '', ladder: 'lan' },
  read: ({ url, location, ladder }) => ({
    url: typed(url),
    location: typed(location),
    ladder: ladderOf(ladder),
  }),
  complaints: (texts) =>
    gathered([
      ['url', rtspUrlComplaint(textOf(texts, 'url'))],
      ['location', locationComplaint(texts)],
    ]),
  build: (base, texts) => ({
    ...base,
    driver: 'rtsp-camera',
    url: textOf(texts, 'url'),
    location: textOf(texts, 'location'),
    ladder: ladderOf(texts.ladder),
  }),
  logsIn: true,
  takeLogin(texts) {
    const url = URL.parse(textOf(texts, 'url'))
    if (url === null || url.protocol !== 'rtsp:' || url.hostname === '' || url.username === '') return null
    const { username, password } = url
    url.username = ''
    url.password = ''
    return {
      texts: { ...texts, url: url.href },
      user: decoded(username),
      password: decoded(password),
    }
  },
}
