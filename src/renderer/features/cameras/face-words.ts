/** One face in words: who, how surely, and what a check-in server adds where it says something. */
import { useTranslation } from 'react-i18next'
import type { FacesNow } from '../../../contract/faces.ts'

type Face = FacesNow['faces'][number]

export function useFaceWords(): (face: Face) => string {
  const { t } = useTranslation('cameras')
  const { t: tp } = useTranslation('cameraPlan')
  return ({ person, confidence, mask, isCheckedIn }) => {
    // How sure a detector is that it knows nobody says nothing.
    const score = person === null || confidence === null ? '' : ` ${Math.round(confidence * 100)} %`
    const parts = [`${person ?? t('unknownFace')}${score}`]
    if (mask === true) parts.push(tp('mask'))
    if (isCheckedIn === true) parts.push(`✓ ${tp('checkedIn')}`)
    return parts.join(' · ')
  }
}
