/** What the overlay of a camera is given: its results as they arrive, not at the page's next commit, and its words. */
import { useMemo, useRef } from 'react'
import { useTranslation } from 'react-i18next'
import type { CameraId } from '../../../contract/cameras.ts'
import type { FacesNow } from '../../../contract/faces.ts'
import { useClient } from '../../data/client.ts'
import type { OverlayParts, OverlayWords } from '../../paint/overlay.ts'
import { facesShown } from './wall-choice.ts'

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
      listen(listener) {
        let last: FacesNow | undefined
        return client.table('faces.now', (rows) => {
          const row = rows.get(camera)
          if (row === undefined || row === last) return
          last = row
          listener(row)
        })
      },
    }
  }, [client, camera, isWanted])
}
