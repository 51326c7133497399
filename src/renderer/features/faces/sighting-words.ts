/** What a sighting says of itself in words. */
import { useMemo } from 'react'
import { useTranslation } from 'react-i18next'
import type { DetectionEvent } from '../../../contract/events.ts'
import { useTimes } from '../../data/times.ts'
import { pictureOffMs } from './crop.ts'

export interface SightingWords {
  readonly who: (event: DetectionEvent) => string
  /** Why the picture may not show the face; empty when it does. */
  readonly pictureNote: (event: DetectionEvent) => string
  readonly stay: (event: DetectionEvent) => string
  readonly sure: (event: DetectionEvent) => string
}

export function useSightingWords(): SightingWords {
  const { t } = useTranslation('faces')
  const times = useTimes()
  return useMemo(
    () => ({
      who: ({ person }) => person ?? t('unknown'),
      pictureNote: (event) => {
        if (event.evidence === null) return t('pictureNone')
        const offMs = pictureOffMs(event)
        if (offMs === null) return event.box === null ? t('boxNone') : ''
        return t(offMs > 0 ? 'pictureLater' : 'pictureEarlier', { age: times.duration(Math.abs(offMs)) })
      },
      stay: ({ at, lastAt }) => (lastAt - at < 1000 ? '' : times.duration(lastAt - at)),
      // Of a face nobody knows, servers say 0: they mean that there is nobody to be sure of.
      sure: ({ person, confidence }) =>
        confidence === null || (person === null && confidence === 0)
          ? '—'
          : `${Math.round(confidence * 100)} %`,
    }),
    [t, times],
  )
}
