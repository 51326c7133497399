/** Questions to the server's library of faces. */

import type { FaceSettings, PersonPhoto } from '../../../../contract/faces.ts'
import { Fault } from '../../../../contract/fault.ts'
import type { FaceLibrary } from '../../../link.ts'
import type { Zones } from '../messages.ts'
import { detailOf, readPhotos, readSettings } from './replies.ts'
import type { Answer } from './rest.ts'
import type { Session } from './session.ts'

function checked(answer: Answer): unknown {
  const { status, value } = answer
  if (status === 200) return value
  const words = detailOf(value) ?? `the server answered HTTP ${status}`
  if (status === 404) throw new Fault('not-found', words, 'Look at the list again.')
  if (status === 403) throw new Fault('not-allowed', `The account of this link may not see this: ${words}`)
  throw new Fault('link-down', words, 'Try again.')
}

export class Library implements FaceLibrary {
  readonly #session: Pick<Session, 'ask'>
  readonly #zones: Zones

  constructor(session: Pick<Session, 'ask'>, zones: Zones) {
    this.#session = session
    this.#zones = zones
  }

  async photos(name: string): Promise<readonly PersonPhoto[]> {
    const path = `/api/faces/people/${encodeURIComponent(name)}/photos`
    return readPhotos(checked(await this.#session.ask({ path, by: 'order' })), this.#zones)
  }

  async settings(): Promise<FaceSettings> {
    const value = checked(await this.#session.ask({ path: '/api/faces/settings', by: 'order' }))
    const settings = readSettings(value)
    if (settings === null)
      throw new Fault('wrong-state', 'The server has settings of a kind this version does not know')
    return settings
  }
}
