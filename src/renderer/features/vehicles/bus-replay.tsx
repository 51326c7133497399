/** A recording played again, unmistakably marked: none of it is what the bus does now. */
import { useEffect, useMemo, useState, useSyncExternalStore } from 'react'
import { useTranslation } from 'react-i18next'
import type { Fault } from '../../../contract/fault.ts'
import type { LinkId } from '../../../contract/links.ts'
import { asFault } from '../../data/action.ts'
import { useClient } from '../../data/client.ts'
import { useNow } from '../../data/now.ts'
import { Button } from '../../ui/button.tsx'
import { FaultNote } from '../../ui/fault-note.tsx'
import { FrameLog } from './frame-log.ts'
import { Frames, FrameTools } from './frame-tools.tsx'
import { Replay, type ReplayClock, type Speed, speeds } from './replay.ts'
import { ReplayCards } from './replay-cards.tsx'
import { ReplayModules } from './replay-modules.ts'
import styles from './vehicles.module.css'

const clock: ReplayClock = {
  now: () => performance.now(),
  after(ms, call) {
    const timer = setTimeout(call, ms)
    return () => clearTimeout(timer)
  },
}

interface Props {
  readonly id: string
  readonly link: LinkId
  readonly onClose: () => void
}

export function BusReplay({ id, link, onClose }: Props) {
  const { t } = useTranslation('vehicles')
  const client = useClient()
  const log = useMemo(() => new FrameLog(), [])
  const modules = useMemo(() => new ReplayModules(), [])
  const [speed, setSpeed] = useState<Speed>(1)
  const [isPaused, setPaused] = useState(false)
  const [isOver, setOver] = useState(false)
  const [fault, setFault] = useState<Fault | null>(null)
  const replay = useMemo(
    () =>
      new Replay(clock, (frames) => {
        modules.add(frames)
        log.add(frames)
      }),
    [log, modules],
  )
  // Each frame shown is a reason to look again, and each second: where nothing was recorded values grow old too.
  useNow()
  useSyncExternalStore(log.subscribe, log.snapshot)
  useEffect(() => {
    const stop = client.feed(
      'bus.play',
      { id },
      async ({ frames, ended }) => {
        await replay.play(frames)
        if (ended) setOver(true)
      },
      (error) => setFault(asFault(error)),
    )
    return () => {
      stop()
      replay.close()
    }
  }, [client, id, replay])
  const change = (next: Speed) => {
    setSpeed(next)
    replay.speed = next
  }
  const pause = () => {
    replay.pause(!isPaused)
    setPaused(!isPaused)
  }
  return (
    <div className={styles.replay}>
      <p className={styles.replayMark} role="status">
        <strong className={styles.replayWord}>{t('REPLAY')}</strong>{' '}
        {isOver ? t('replayOver') : t('replayNote')}
        <Button onClick={onClose}>{t('backToLive')}</Button>
      </p>
      <FrameTools log={log}>
        <Button aria-pressed={isPaused} onClick={pause}>
          {isPaused ? t('goOn') : t('hold')}
        </Button>
        {speeds.map((one) => (
          <Button key={one} aria-pressed={one === speed} onClick={() => change(one)}>
            {one}×
          </Button>
        ))}
      </FrameTools>
      {fault && <FaultNote fault={fault} />}
      <ReplayCards link={link} replayed={modules} at={replay.moment} />
      <Frames log={log} empty={t('replayWaits')} />
    </div>
  )
}
