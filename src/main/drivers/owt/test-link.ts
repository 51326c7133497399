/** The connection test in words: opens, sends a small picture, says what came. Ends within 10 s and leaves nothing open. */
import type { LinkTest } from '../../../contract/links.ts'
import { type Clock, systemClock } from '../../io/clock.ts'
import { dial } from '../../io/dial.ts'
import type { SecretSlot } from '../../link.ts'
import { withKey } from './address.ts'
import { Boxes } from './boxes.ts'
import { type Result, readMessage, writePicture } from './codec.ts'
import { boxWords, type Dialect, dialectWords, type OwtProfile } from './profile.ts'
import { Redactor } from './redact.ts'
import { testPicture } from './test-picture.ts'
import { isAboutKey, refusedWords } from './words.ts'

/** Two forms are tried, one after the other. */
const stepMs = 4500

type Outcome =
  | { readonly is: 'result'; readonly result: Result; readonly tookMs: number }
  | { readonly is: 'error'; readonly words: string }
  | { readonly is: 'silence' }
  | { readonly is: 'closed'; readonly words: string }
  /** It never opened. */
  | { readonly is: 'down'; readonly words: string; readonly refused: boolean }

interface Try {
  readonly profile: OwtProfile
  readonly address: string
  readonly dialect: Dialect
  readonly clock: Clock
  readonly opened: () => void
}

function sendOne({ profile, address, dialect, clock, opened }: Try): Promise<Outcome> {
  return new Promise((resolve) => {
    let undo: () => void = () => {}
    let isOver = false
    const finish = (outcome: Outcome) => {
      if (isOver) return
      isOver = true
      cancel()
      // The undo exists only after `dial` returned.
      queueMicrotask(() => undo())
      resolve(outcome)
    }
    let isOpen = false
    const cancel = clock.after(stepMs, () =>
      finish(
        isOpen
          ? { is: 'silence' }
          : { is: 'down', words: `no answer within ${stepMs / 1000} s`, refused: false },
      ),
    )
    undo = dial({
      url: address,
      shownAs: profile.url,
      clock,
      opened(peer) {
        isOpen = true
        opened()
        const { widthPx, heightPx, bytes } = testPicture
        const about = { frameId: 'connection-test', at: clock.now(), widthPx, heightPx }
        const sentAt = clock.monotonic()
        queueMicrotask(() => peer.send(writePicture(dialect, about, bytes)))
        return {
          message(message, isBinary) {
            const said = readMessage(message, isBinary, profile.zone)
            if (said.is === 'result')
              finish({ is: 'result', result: said, tookMs: clock.monotonic() - sentAt })
            else if (said.is === 'error') finish({ is: 'error', words: said.words })
          },
          closed: (code, reason) => finish({ is: 'closed', words: reason === '' ? String(code) : reason }),
        }
      },
      failed: (words, refused) => finish({ is: 'down', words, refused }),
    })
  })
}

export async function testLink(profile: OwtProfile, secret: SecretSlot): Promise<LinkTest> {
  const clock = systemClock
  const redactor = new Redactor()
  const { address, key } = withKey(profile.url, await secret.read())
  redactor.know(key)
  const steps: { ok: boolean; text: string }[] = []
  const note = (ok: boolean, text: string) => steps.push({ ok, text: redactor.clean(text) })
  const dialects: readonly Dialect[] =
    profile.dialect === 'auto' ? ['deployed', 'document'] : [profile.dialect]
  for (const [n, dialect] of dialects.entries()) {
    const opened = () => {
      if (n === 0) note(true, `${profile.url} accepts a connection${key === null ? '' : ' with the API key'}`)
    }
    const outcome = await sendOne({ profile, address, dialect, clock, opened })
    const isLast = n === dialects.length - 1
    const form = dialectWords[dialect]
    switch (outcome.is) {
      case 'result':
        note(true, resultWords(outcome.result, outcome.tookMs, form, profile))
        return { ok: true, steps }
      case 'down':
        note(
          false,
          outcome.refused && outcome.words.includes('HTTP')
            ? refusedWords(key !== null, outcome.words)
            : outcome.words,
        )
        return { ok: false, steps }
      case 'error':
        if (isAboutKey(outcome.words)) {
          note(false, refusedWords(key !== null, outcome.words))
          return { ok: false, steps }
        }
        note(!isLast, `it answered a picture in ${form} with an error: ${outcome.words}`)
        break
      case 'closed':
        note(!isLast, `it hung up on a picture in ${form}: ${outcome.words}`)
        break
      case 'silence':
        note(!isLast, `no answer to a picture in ${form} within ${stepMs / 1000} s`)
        break
    }
  }
  return { ok: false, steps }
}

function resultWords(result: Result, tookMs: number, form: string, { boxFormat }: OwtProfile): string {
  const boxes = new Boxes(boxFormat)
  for (const { box } of result.faces) if (box !== null) boxes.read(box, testPicture)
  const many = result.faces.length === 1 ? 'one face' : `${result.faces.length} faces`
  const read =
    boxes.last === null
      ? ''
      : `; its boxes are read as ${boxWords[boxes.last]}${boxes.isGuess ? ' (a guess)' : ''}`
  return `it answered a picture in ${form} after ${Math.round(tookMs)} ms: ${many} in the test picture${read}`
}
