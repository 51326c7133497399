/** A screen's webcam on its way to the link it is the camera of. Pictures are asked for only while somebody looks; who sends is recorded. */
import type { Api } from '../../contract/api.ts'
import { Fault } from '../../contract/fault.ts'
import type { LinkId } from '../../contract/links.ts'
import type { Handlers } from '../../rpc/handlers.ts'
import type { ApiParts } from './parts.ts'

type Names = Extract<keyof Api, `webcam.${string}`>

export function webcamHandlers({ store, live, clock, links }: ApiParts): Pick<Handlers<Api>, Names> {
  function note(link: LinkId, by: string, text: string): Promise<void> {
    return store.addTimeline({ at: clock.now(), type: 'camera-changed', link, device: 'main', by, text })
  }

  return {
    async 'webcam.frames'({ link }, more, { user: by }, end) {
      const row = live.links.get(link)
      if (row === undefined || row.driver !== 'webcam')
        throw new Fault('not-found', 'There is no such webcam', 'Choose another, or add one in Links.')
      const sink = links.running(link)?.pictureSink
      if (sink === undefined)
        throw new Fault('link-down', `${row.name} is switched off`, 'Switch it on in Links.')
      const sender = {
        name: by,
        more,
        replaced: (other: string) =>
          end(
            new Fault(
              'wrong-state',
              `Another screen (${other}) sends ${row.name} now`,
              'Start again here if it should be this one.',
            ),
          ),
        ended: () =>
          end(new Fault('link-down', `${row.name} was changed or switched off`, 'Look at it in Links.')),
      }
      const sending = sink.attach(sender)
      await note(link, by, `${row.name}: a screen of ${by} sends its webcam`)
      return {
        take: (header, bytes) => sending.take(header, bytes),
        close() {
          sending.close()
          // A store in trouble says so itself; the webcam is off either way.
          note(link, by, `${row.name}: the screen of ${by} no longer sends its webcam`).catch(() => {})
        },
      }
    },
  }
}
