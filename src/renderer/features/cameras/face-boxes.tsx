/**
 * The faces a detector found, over the picture. Where its answers carry no number of a frame to match them with, each box says how old
 * it is, and fades. Where they do, the boxes are painted with their picture (`paint/overlay.ts`) as they come and stand here in words
 * only, twice a second.
 */
import { useTranslation } from 'react-i18next'
import type { CameraId } from '../../../contract/cameras.ts'
import type { FacesNow } from '../../../contract/faces.ts'
import { type Cell, useCell } from '../../data/cell.ts'
import { type FreshFace, freshFaces, useFacesNow } from '../../data/faces-now.ts'
import { useNow } from '../../data/now.ts'
import { useTimes } from '../../data/times.ts'
import { place, type Size, type Zoom } from '../../paint/geometry.ts'
import { useFaceWords } from './face-words.ts'
import styles from './faces.module.css'
import planStyles from './plan.module.css'

interface Props {
  readonly camera: CameraId
  readonly picture: Size
  readonly tile: Size
  readonly zoom: Zoom
}

/** Height of a label with its gap. */
const labelPx = 22

export function FaceBoxes({ camera, picture, tile, zoom }: Props) {
  const { t } = useTranslation('cameras')
  const words = useFaceWords()
  const times = useTimes()
  const now = useNow()
  const faces = freshFaces(useFacesNow(camera), now)
  return (
    <>
      <ul className={styles.faces} aria-label={t('facesLabel')}>
        {faces.map(({ face, ageMs, strength }) => {
          const rect = face.box === null ? null : place(face.box, picture, tile, zoom)
          if (rect === null) return null
          // The name slides along its box so that it is whole at either edge of the tile.
          const along = Math.min(1, Math.max(0, (rect.x + rect.width / 2) / tile.width))
          const labelY = rect.y < labelPx ? rect.y + rect.height + 2 : rect.y - labelPx
          return (
            <li
              key={`${face.person} ${face.at} ${face.box?.x} ${face.box?.y}`}
              className={`${styles.face} ${face.person === null ? styles.unknownFace : ''}`}
              style={{ opacity: 0.45 + 0.55 * strength }}
            >
              <i
                className={styles.faceBox}
                style={{
                  transform: `translate(${rect.x}px, ${rect.y}px)`,
                  width: rect.width,
                  height: rect.height,
                }}
              />
              <span
                className={styles.faceLabel}
                style={{ left: `${along * 100}%`, transform: `translate(${-along * 100}%, ${labelY}px)` }}
              >
                <span>{words(face)}</span>
                <small>{times.ago(ageMs)}</small>
              </span>
            </li>
          )
        })}
      </ul>
      <WithoutPlace faces={faces} />
    </>
  )
}

/** Beside the boxes that are in the picture already: who they are, for who cannot see them. */
export function FaceWords({ said }: { readonly said: Cell<FacesNow | null> }) {
  const { t } = useTranslation('cameras')
  const words = useFaceWords()
  const now = useNow()
  const faces = freshFaces(useCell(said) ?? undefined, now)
  return (
    <>
      <ul className={planStyles.unseen} aria-label={t('facesLabel')}>
        {faces.map(({ face }) => (
          <li key={`${face.person} ${face.box?.x} ${face.box?.y}`}>{words(face)}</li>
        ))}
      </ul>
      <WithoutPlace faces={faces} />
    </>
  )
}

/** Faces found but without a place in the picture: said in words, so that nobody is hidden by a missing box. */
function WithoutPlace({ faces }: { readonly faces: readonly FreshFace[] }) {
  const { t } = useTranslation('cameras')
  const words = useFaceWords()
  const names = faces.filter(({ face }) => face.box === null).map(({ face }) => words(face))
  if (names.length === 0) return null
  return <span className={styles.faceNames}>{t('facesHere', { names: names.join(', ') })}</span>
}
