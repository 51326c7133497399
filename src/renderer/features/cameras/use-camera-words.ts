/** A camera's standing in words and as a shape: what its picture, its source and its link each say. */
import { useTranslation } from 'react-i18next'
import type { Camera } from '../../../contract/cameras.ts'
import type { Link } from '../../../contract/links.ts'
import { freshnessOf as rowFreshness } from '../../data/devices.ts'
import { useIsCutOff } from '../../data/health.ts'
import { useNow } from '../../data/now.ts'
import { useRow } from '../../data/sources.ts'
import type { LampShape } from '../../ui/lamp.tsx'
import { useLinkStanding } from '../shell/link-standing.ts'

export interface CameraState {
  readonly link: Link | undefined
  /** What the link is doing, unless it is live. */
  readonly linkTrouble: string
  /** What the source says may be taken as current. */
  readonly isCurrent: boolean
  readonly isOff: boolean
  readonly lamp: LampShape
  /** One short word or two for a list. */
  readonly text: string
}

export function useCameraState(camera: Camera): CameraState
export function useCameraState(camera: Camera | undefined): CameraState | undefined
export function useCameraState(camera: Camera | undefined): CameraState | undefined {
  const { t } = useTranslation('cameras')
  const link = useRow('links', camera?.link ?? null)
  const now = useNow()
  const cutOff = useIsCutOff()
  const standing = useLinkStanding()
  if (camera === undefined) return undefined
  const isLive = link?.state.is === 'live'
  const linkTrouble = link === undefined || isLive ? '' : `${link.name}: ${standing(link, now)}`
  const isCurrent = !cutOff && rowFreshness(camera.heardAt, camera.budgetMs, now).isFresh
  const isOff = isCurrent && camera.isActive === false
  const say = (lamp: LampShape, text: string) => ({ link, linkTrouble, isCurrent, isOff, lamp, text })
  if (cutOff) return say('idle', t('stateCutOff'))
  if (!isCurrent) return say(isLive ? 'idle' : 'trouble', isLive ? t('stateOld') : t('stateLinkDown'))
  if (isOff) return say('idle', t('stateOff'))
  if (camera.trouble !== '') return say('trouble', camera.trouble)
  if (camera.isRunning === false) return say('trouble', t('stateNotRunning'))
  return say('good', camera.fps === null ? t('stateOn') : t('fps', { fps: camera.fps.toFixed(0) }))
}
