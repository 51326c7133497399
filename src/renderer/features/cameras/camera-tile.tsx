/** One camera on a wall: its picture, what is known of it, and what may be done with it. */
import { type KeyboardEvent, useRef } from 'react'
import { useTranslation } from 'react-i18next'
import type { CameraId } from '../../../contract/cameras.ts'
import { useCamera } from '../../data/cameras.ts'
import { useCell } from '../../data/cell.ts'
import { useIsCutOff } from '../../data/health.ts'
import { appNow, useNow } from '../../data/now.ts'
import { usePlan } from '../../data/plans.ts'
import { freshnessOf } from '../../paint/freshness.ts'
import { toggleFullScreen } from '../../ui/full-screen.ts'
import { startDrag } from './drag.ts'
import { FaceBoxes, FaceWords } from './face-boxes.tsx'
import { LivePicture } from './live-picture.tsx'
import { BlueRegion, PlanChips } from './plan-chips.tsx'
import styles from './tile.module.css'
import { TileActs } from './tile-acts.tsx'
import { TileHead } from './tile-head.tsx'
import { TileNotice } from './tile-notice.tsx'
import { useCameraState } from './use-camera-words.ts'
import { useOverlay } from './use-overlay.ts'
import { usePainter, useStandingOf } from './use-painter.ts'
import { useSnapshot } from './use-snapshot.ts'
import { useZoom } from './use-zoom.ts'
import { facesShown } from './wall-choice.ts'

interface Props {
  readonly id: CameraId
  /** Nothing is fetched: another tile covers this one. */
  readonly isPaused?: boolean
  readonly isLarge?: boolean
  /** In a small place: the picture and its head only. */
  readonly isPlain?: boolean
  readonly span?: number
  /** By its head: dragging the picture moves within the picture. */
  readonly isMovable?: boolean
  readonly onEnlarge: () => void
  readonly onRemove?: () => void
  readonly onResize?: () => void
  /** Keys the tile itself has no use for. */
  readonly onKey?: (event: KeyboardEvent<HTMLElement>) => void
}

export function CameraTile(props: Props) {
  const { id, isPaused = false, isLarge = false, isPlain = false } = props
  const { t } = useTranslation('cameras')
  const tile = useRef<HTMLElement>(null)
  const stage = useRef<HTMLButtonElement>(null)
  const surface = useRef<HTMLVideoElement | HTMLCanvasElement>(null)
  const camera = useCamera(id)
  const state = useCameraState(camera)
  const isWanted = !isPaused && state?.isOff === false && camera?.can.includes('stream') === true
  const looksForFaces = (usePlan(id)?.faces ?? 'off') !== 'off'
  const overlay = useOverlay(id, looksForFaces)
  const painter = usePainter(surface, id, isWanted, overlay)
  const zooming = useZoom(stage)
  const cutOff = useIsCutOff()
  const now = useNow()
  const showFaces = useCell(facesShown)
  const name = camera?.name ?? id
  const snapshot = useSnapshot(camera, painter, surface)
  const judged = useStandingOf(painter, (standing) => freshnessOf(standing, Math.max(now, appNow())))
  const picture = {
    width: useStandingOf(painter, ({ widthPx }) => widthPx),
    height: useStandingOf(painter, ({ heightPx }) => heightPx),
  }
  const freshness = !isWanted ? 'none' : cutOff && judged === 'live' ? 'late' : judged
  const { zoom } = zooming
  const fullScreen = () => void toggleFullScreen(tile.current)
  const onKeyDown = (event: KeyboardEvent<HTMLElement>) => {
    const act = {
      Enter: props.onEnlarge,
      f: fullScreen,
      p: snapshot.take,
      '+': () => zooming.by(1.5),
      '=': () => zooming.by(1.5),
      '-': () => zooming.by(1 / 1.5),
      0: zooming.reset,
    }[event.key.length === 1 ? event.key.toLowerCase() : event.key]
    if (event.ctrlKey || event.altKey || event.metaKey) return
    if (act === undefined) return props.onKey?.(event)
    event.preventDefault()
    if (!event.repeat || event.key === '+' || event.key === '-') act()
  }
  return (
    <article
      ref={tile}
      className={`${styles.tile} ${isLarge ? styles.large : ''}`}
      data-camera={id}
      data-picture={freshness}
    >
      {/* biome-ignore lint/a11y/noStaticElementInteractions: only for the pointer; Shift with an arrow does the same */}
      <header
        className={styles.head}
        draggable={props.isMovable ?? false}
        onDragStart={(event) => startDrag(event, id)}
      >
        <TileHead name={name} camera={camera} state={state} painter={painter} freshness={freshness} />
      </header>
      <div className={styles.screen}>
        <button
          ref={stage}
          type="button"
          className={styles.stage}
          aria-label={t('tileLabel', { name, state: t(`picture-${freshness}`) })}
          aria-keyshortcuts="Enter F P"
          onDoubleClick={props.onEnlarge}
          onKeyDown={onKeyDown}
        >
          <LivePicture surface={surface} zoom={zoom} hasOverlay={overlay !== null} />
        </button>
        {showFaces && freshness === 'live' && overlay !== null ? <FaceWords said={overlay.said} /> : null}
        {showFaces && freshness === 'live' && overlay === null ? (
          <FaceBoxes camera={id} picture={picture} tile={zooming.tile} zoom={zoom} />
        ) : null}
        {freshness === 'live' ? (
          <BlueRegion camera={id} picture={picture} tile={zooming.tile} zoom={zoom} />
        ) : null}
        <PlanChips camera={id} />
        {zoom.scale > 1 ? <span className={styles.zoomMark}>{`${zoom.scale.toFixed(1)}×`}</span> : null}
        <TileNotice camera={camera} state={state} painter={painter} freshness={freshness} />
        {isPlain ? null : (
          <TileActs
            camera={camera}
            isLarge={isLarge}
            span={props.span ?? 1}
            snapshot={snapshot}
            onEnlarge={props.onEnlarge}
            onFullScreen={fullScreen}
            onRemove={props.onRemove}
            onResize={props.onResize}
          />
        )}
      </div>
      {state?.linkTrouble && freshness !== 'lost' && !state.isOff ? (
        <p className={styles.linkTrouble}>{state.linkTrouble}</p>
      ) : null}
    </article>
  )
}
