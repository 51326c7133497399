/** The form of a vehicle over the network: its own HTTP and socket, and its backend's. Its token is asked for beside it and kept elsewhere. */
import { isSeconds, socketUrlComplaint, webUrlComplaint } from './address.ts'
import {
  type Complaint,
  gathered,
  inSeconds,
  type Kind,
  type ProfileOf,
  type Texts,
  textOf,
  typed,
} from './kind.ts'
import { ladderField, ladderOf } from './ladder.ts'
import { vehicleComplaint, vehicleField, vehicleOf } from './vehicle-name.ts'

/** Empty, or as it stands in the form before anything is typed. */
function urlOf(texts: Texts, name: 'httpUrl' | 'socketUrl' | 'backendUrl'): string {
  const text = textOf(texts, name)
  return /^(?:https?|wss?):\/\/$/i.test(text) ? '' : text
}

function optional(text: string, judge: (text: string) => Complaint | null): Complaint | null {
  return text === '' ? null : judge(text)
}

export const oht50Client: Kind<ProfileOf<'oht50-client'>> = {
  driver: 'oht50-client',
  stem: 'vehicle',
  fields: [
    vehicleField,
    { name: 'httpUrl', label: 'httpUrl', hint: 'httpUrlHint', input: 'text' },
    { name: 'socketUrl', label: 'socketUrl', hint: 'socketUrlHint', input: 'text' },
    { name: 'backendUrl', label: 'backendUrl', hint: 'backendUrlHint', input: 'text' },
    { name: 'pollS', label: 'vehiclePoll', hint: 'vehiclePollHint', input: 'number' },
    ladderField,
  ],
  empty: { vehicle: '', httpUrl: 'http://', socketUrl: 'ws://', backendUrl: '', pollS: '1', ladder: 'lan' },
  read: ({ vehicle, httpUrl, socketUrl, backendUrl, pollMs, ladder }) => ({
    vehicle: typed(vehicle),
    httpUrl: typed(httpUrl),
    socketUrl: typed(socketUrl),
    backendUrl: typed(backendUrl),
    pollS: inSeconds(pollMs),
    ladder: ladderOf(ladder),
  }),
  complaints(texts) {
    const [http, socket, backend] = [
      urlOf(texts, 'httpUrl'),
      urlOf(texts, 'socketUrl'),
      urlOf(texts, 'backendUrl'),
    ]
    const none = http === '' && socket === '' && backend === ''
    return gathered([
      ['vehicle', vehicleComplaint(texts)],
      ['httpUrl', none ? 'vehicle-url-missing' : optional(http, webUrlComplaint)],
      ['socketUrl', optional(socket, socketUrlComplaint)],
      ['backendUrl', optional(backend, socketUrlComplaint)],
      ['pollS', isSeconds(textOf(texts, 'pollS'), 0.2, 60) ? null : 'vehicle-poll-range'],
    ])
  },
  build: (base, texts) => ({
    ...base,
    driver: 'oht50-client',
    vehicle: vehicleOf(texts),
    httpUrl: urlOf(texts, 'httpUrl'),
    socketUrl: urlOf(texts, 'socketUrl'),
    backendUrl: urlOf(texts, 'backendUrl'),
    ladder: ladderOf(texts.ladder),
    pollMs: Math.round(Number(textOf(texts, 'pollS')) * 1000),
  }),
  logsIn: 'key',
}
