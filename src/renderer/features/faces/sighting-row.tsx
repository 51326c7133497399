/** One sighting in one row: the face, who, where, when, how long, how sure. */
import { memo } from 'react'
import { useTranslation } from 'react-i18next'
import type { DetectionEvent } from '../../../contract/events.ts'
import { useTimes } from '../../data/times.ts'
import { FaceCrop } from './face-crop.tsx'
import { FaceMark } from './face-mark.tsx'
import { useSightingWords } from './sighting-words.ts'
import sightingsLook from './sightings.module.css'

interface Props {
  readonly event: DetectionEvent
  readonly top: number
  readonly position: number
  readonly isSelected: boolean
  readonly onSelect: (id: string) => void
  readonly onOpen: () => void
}

export const SightingRow = memo(function SightingRow(props: Props) {
  const { event, isSelected } = props
  const words = useSightingWords()
  const times = useTimes()
  const isKnown = event.person !== null
  const camera = event.cameraName ?? event.camera ?? event.link
  const note = words.pictureNote(event)
  return (
    // biome-ignore lint/a11y/useKeyWithClickEvents: the listbox around it owns the keys
    <div
      id={`sighting-${event.id}`}
      role="option"
      aria-selected={isSelected}
      aria-posinset={props.position}
      tabIndex={-1}
      className={sightingsLook.row}
      data-selected={isSelected || undefined}
      data-unknown={!isKnown || undefined}
      style={{ transform: `translateY(${props.top}px)` }}
      onClick={() => props.onSelect(event.id)}
      onDoubleClick={props.onOpen}
    >
      <FaceCrop event={event} sizePx={46} />
      <span className={sightingsLook.cellWho}>
        <strong>
          <FaceMark isKnown={isKnown} />
          <span title={words.who(event)}>{words.who(event)}</span>
        </strong>
        <small className={sightingsLook.cameraBelow}>{camera}</small>
        <small>{note}</small>
      </span>
      <span className={sightingsLook.cellCamera}>{camera}</span>
      <time className={sightingsLook.cellTime}>
        <span className={sightingsLook.day}>{times.date(event.at).slice(5)} </span>
        {times.clock(event.at)}
      </time>
      <span className={sightingsLook.cellStay}>{words.stay(event)}</span>
      <span className={sightingsLook.cellCount}>×{event.count}</span>
      <span className={sightingsLook.cellSure}>{words.sure(event)}</span>
    </div>
  )
})

/** Names above the columns, aligned with the rows. */
export function SightingColumns() {
  const { t } = useTranslation('faces')
  return (
    <div className={sightingsLook.columns} aria-hidden>
      <span />
      <span>{t('columnWho')}</span>
      <span className={sightingsLook.cellCamera}>{t('camera')}</span>
      <span className={sightingsLook.cellTime}>{t('columnTime')}</span>
      <span className={sightingsLook.cellStay}>{t('columnStay')}</span>
      <span className={sightingsLook.cellCount}>{t('columnCount')}</span>
      <span className={sightingsLook.cellSure}>{t('confidence')}</span>
    </div>
  )
}
