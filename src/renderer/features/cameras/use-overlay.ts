/** What the overlay of a camera is given: its results as they arrive, not at the page's next commit, and its words. */
import { useMemo, useRef } from 'react'
import { useTranslation } from 'react-i18next'
import type { CameraId } from '../../../contract/cameras.ts'
import type { FacesNow } from '../../../contract/faces.ts'
import type { Cell } from '../../data/cell.ts'
import { useClient } from '../../data/client.ts'
import { Sampled } from '../../data/sampled.ts'
import type { OverlayParts, OverlayWords } from '../../paint/overlay.ts'
import { facesShown } from './wall-choice.ts'

/** On their way at a time: a result goes out without waiting for the one before it to be painted. */
const resultsAhead = 4

/** Fewer than the results, more than once in their budget: else a face that stays would leave the words for a moment. */
const saidEveryMs = 500

export interface Overlay extends Omit<OverlayParts, 'clock'> {
  /** The result that is said in words; null before the first. */
  readonly said: Cell<FacesNow | null>
}

/** Null where no faces are looked for here: then there is nothing to wait for. */
export function useOverlay(camera: CameraId, isWanted: boolean): Overlay | null {
  const { t } = useTranslation('cameraPlan')
  const client = useClient()
  const words = useRef<OverlayWords>({ unknown: '', mask: '', checkedIn: '' })
  words.current = { unknown: t('unknown'), mask: t('mask'), checkedIn: t('checkedIn') }
  return useMemo(() => {
    if (!isWanted) return null
    const said = new Sampled<FacesNow | null>(null, saidEveryMs)
    return {
      said: said.cell,
      words: () => words.current,
      isShown: facesShown.get,
      listen: (listener) =>
        client.feed(
          'faces.found',
          { id: camera },
          ({ results }) => {
            for (const found of results) listener(found)
            const newest = results.at(-1)
            if (newest !== undefined) said.offer(newest)
          },
          undefined,
          { ahead: resultsAhead },
        ),
    }
  }, [client, camera, isWanted])
}
