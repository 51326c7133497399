/** The connection tests in words: what was tried and what came of it. They end within 10 s and leave nothing open. */
import { Fault } from '../../../contract/fault.ts'
import type { LinkTest } from '../../../contract/links.ts'
import { systemClock } from '../../io/clock.ts'
import { HttpClient } from '../../io/http-client.ts'
import { JpegFolder } from '../../io/jpeg-folder.ts'
import type { SecretSlot } from '../../link.ts'
import type { MjpegProfile, StillProfile } from './camera-row.ts'
import { MjpegDial } from './mjpeg-dial.ts'

const withinMs = 9500

type Steps = LinkTest['steps']

function outcome(steps: Steps): LinkTest {
  return { ok: steps.every((step) => step.ok), steps }
}

export async function testMjpeg(profile: MjpegProfile, secret: SecretSlot): Promise<LinkTest> {
  const clock = systemClock
  const http = new HttpClient(1)
  const steps: Steps = []
  const startedAt = clock.monotonic()
  await new Promise<void>((resolve) => {
    const say = (ok: boolean, text: string) => steps.push({ ok, text })
    const dial = new MjpegDial({
      clock,
      http,
      url: profile.url,
      secret,
      doors: {
        opened: () => say(true, `${profile.url} answers`),
        frame: ({ widthPx, heightPx }) => {
          const seconds = ((clock.monotonic() - startedAt) / 1000).toFixed(1)
          say(true, `a picture of ${widthPx} × ${heightPx} came after ${seconds} s`)
          finish()
        },
        bad: () => {},
        ended: (reason) => {
          say(false, reason)
          finish()
        },
      },
    })
    const cancel = clock.after(withinMs, () => {
      say(false, `no picture came within ${withinMs / 1000} s`)
      finish()
    })
    const finish = () => {
      cancel()
      dial.close()
      resolve()
    }
    dial.open()
  })
  http.close()
  return outcome(steps)
}

export async function testStill({ path }: StillProfile): Promise<LinkTest> {
  const folder = new JpegFolder(path)
  const steps: Steps = []
  try {
    const names = await folder.list()
    const [first] = names
    if (first === undefined) return outcome([{ ok: false, text: `no .jpg file is in "${path}"` }])
    steps.push({ ok: true, text: `${names.length} JPEG ${names.length === 1 ? 'file' : 'files'} found` })
    const { widthPx, heightPx } = await folder.read(first)
    steps.push({ ok: true, text: `the first is ${widthPx} × ${heightPx}` })
  } catch (error) {
    steps.push({ ok: false, text: error instanceof Fault ? error.message : `"${path}" cannot be read` })
  }
  return outcome(steps)
}

/** There is nothing to reach: a screen comes to us. */
export async function testWebcam(): Promise<LinkTest> {
  return outcome([{ ok: true, text: 'ready: now choose “Webcam” in Cameras on the screen that has it' }])
}
