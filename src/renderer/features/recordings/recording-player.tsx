/** The player: the picture, the time it was taken, and every way to move in half a minute before and after. */
import { useRef, useSyncExternalStore } from 'react'
import { useTranslation } from 'react-i18next'
import type { AlertRecording } from '../../../contract/recordings.ts'
import { useTimes } from '../../data/times.ts'
import { type PlaybackState, speeds } from '../../paint/playback.ts'
import { Button } from '../../ui/button.tsx'
import styles from './recordings.module.css'
import { type Opened, usePlayback } from './use-playback.ts'

export function RecordingPlayer({ recording }: { readonly recording: AlertRecording }) {
  const canvas = useRef<HTMLCanvasElement>(null)
  const opened = usePlayback(canvas, recording)
  return (
    <div className={styles.player} data-recording={recording.camera}>
      <canvas ref={canvas} className={styles.picture} />
      {opened === null ? null : <Controls opened={opened} recording={recording} />}
    </div>
  )
}

function Controls({ opened, recording }: { readonly opened: Opened; readonly recording: AlertRecording }) {
  const { t } = useTranslation('recordings')
  const times = useTimes()
  const { film, playback } = opened
  const state = useSyncExternalStore(playback.subscribe, playback.get)
  const spread = recording.toAt - recording.fromAt
  const place = (at: number) => `${Math.min(100, Math.max(0, ((at - recording.fromAt) / spread) * 100))}%`
  return (
    <>
      <p className={styles.time} role="status" data-shown-at={state.shownAt ?? ''}>
        {state.shownAt === null ? (
          t('loading')
        ) : (
          <>
            <strong>
              {times.clock(state.shownAt)}.{String(Math.floor(state.shownAt % 1000)).padStart(3, '0')}
            </strong>{' '}
            <Offset ms={state.shownAt - recording.at} />
          </>
        )}
      </p>
      <div className={styles.track}>
        {recording.spans.map((span) => (
          <i
            key={span.fromAt}
            className={styles.span}
            style={{ left: place(span.fromAt), right: `calc(100% - ${place(span.toAt)})` }}
          />
        ))}
        <i className={styles.moment} style={{ left: place(recording.at) }} title={t('atAlert')} />
        <input
          type="range"
          aria-label={t('position')}
          min={recording.fromAt}
          max={recording.toAt}
          step={100}
          value={state.at}
          onChange={(event) => playback.seek(Number(event.currentTarget.value))}
        />
      </div>
      <div className={styles.acts}>
        <Button aria-label={t('stepBack')} title={t('stepBack')} onClick={() => playback.step(-1)}>
          −1
        </Button>
        <Button primary onClick={() => (state.isPlaying ? playback.pause() : playback.play())}>
          {t(state.isPlaying ? 'pause' : 'play')}
        </Button>
        <Button aria-label={t('stepOn')} title={t('stepOn')} onClick={() => playback.step(1)}>
          +1
        </Button>
        <Button onClick={() => playback.seek(recording.at)}>{t('toAlert')}</Button>
        <select
          aria-label={t('speed')}
          value={state.speed}
          onChange={(event) => playback.setSpeed(Number(event.currentTarget.value))}
        >
          {speeds.map((speed) => (
            <option key={speed} value={speed}>
              {speed}×
            </option>
          ))}
        </select>
      </div>
      <Trouble state={state} isFull={film.isFull} />
    </>
  )
}

function Offset({ ms }: { readonly ms: number }) {
  const { t } = useTranslation('recordings')
  const seconds = (Math.abs(ms) / 1000).toFixed(1)
  if (seconds === '0.0') return t('atAlert')
  return t(ms < 0 ? 'before' : 'after', { seconds })
}

function Trouble({ state, isFull }: { readonly state: PlaybackState; readonly isFull: boolean }) {
  const { t } = useTranslation('recordings')
  if (state.trouble === 'none') return isFull ? <p className={styles.note}>{t('full')}</p> : null
  return <p className={styles.note}>{t(state.trouble)}</p>
}
