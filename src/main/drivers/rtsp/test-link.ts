/** The connection test in words: what was tried, what came of it. Ends within 10 s and leaves nothing open. */
import { Fault } from '../../../contract/fault.ts'
import type { LinkTest } from '../../../contract/links.ts'
import { systemClock } from '../../io/clock.ts'
import type { SecretSlot } from '../../link.ts'
import { addressOf } from './address.ts'
import { loginFrom } from './login.ts'
import { type PlayedFrame, Player } from './player.ts'
import type { RtspProfile } from './profile.ts'

const withinMs = 9500

interface Seen {
  readonly frame: PlayedFrame | null
  readonly isOpened: boolean
  readonly fault: Fault | null
}

export async function testRtsp(profile: RtspProfile, secret: SecretSlot): Promise<LinkTest> {
  const address = addressOf(profile.url)
  if (address === null)
    return { ok: false, steps: [{ ok: false, text: 'this is no address of an RTSP camera' }] }
  const login = await loginFrom(secret)
  let player: Player | null = null
  let isOpened = false
  let trouble = ''
  const { frame, fault } = await new Promise<Seen>((resolve) => {
    const cancel = systemClock.after(withinMs, () => end(null, new Fault('link-down', trouble)))
    const end = (frame: PlayedFrame | null, fault: Fault | null) => {
      cancel()
      resolve({ frame, isOpened, fault })
    }
    player = new Player(
      { clock: systemClock, address, login, crossed: () => {}, received: () => {} },
      {
        opened: () => {
          isOpened = true
        },
        frame: (frame) => end(frame, null),
        troubled: (words) => {
          trouble = words
        },
        lost: () => {},
        failed: (fault) => end(null, fault),
      },
    )
    player.start()
  }).finally(() => player?.close())
  const steps: { ok: boolean; text: string }[] = []
  if (isOpened)
    steps.push({ ok: true, text: `${address.url} answers${login === null ? '' : ' and knows the user'}` })
  if (frame !== null) {
    const { codec, widthPx, heightPx } = frame.format
    steps.push({ ok: true, text: `a picture came: ${widthPx} × ${heightPx}, H.264 (${codec})` })
  } else {
    const words = fault?.message === '' ? `no picture within ${withinMs / 1000} s` : fault?.message
    steps.push({ ok: false, text: [words, fault?.tip].filter(Boolean).join('. ') })
  }
  return { ok: frame !== null, steps }
}
