/** What the overlay of a camera is given: its results as they arrive, not at the page's next commit, and its words. */
import { useMemo, useRef } from 'react'
import { useTranslation } from 'react-i18next'
import type { CameraId } from '../../../contract/cameras.ts'
import { useClient } from '../../data/client.ts'
import type { OverlayParts, OverlayWords } from '../../paint/overlay.ts'
import { facesShown } from './wall-choice.ts'

/** On their way at a time: a result goes out without waiting for the one before it to be painted. */
const resultsAhead = 4

/** Null where no faces are looked for here: then there is nothing to wait for. */
export function useOverlay(camera: CameraId, isWanted: boolean): Omit<OverlayParts, 'clock'> | null {
  const { t } = useTranslation('cameraPlan')
  const client = useClient()
  const words = useRef<OverlayWords>({ unknown: '', mask: '', checkedIn: '' })
  words.current = { unknown: t('unknown'), mask: t('mask'), checkedIn: t('checkedIn') }
  return useMemo(() => {
    if (!isWanted) return null
    return {
      words: () => words.current,
      isShown: facesShown.get,
      listen: (listener) =>
        client.feed(
          'faces.found',
          { id: camera },
          ({ results }) => {
            for (const found of results) listener(found)
          },
          undefined,
          { ahead: resultsAhead },
        ),
    }
  }, [client, camera, isWanted])
}
