/** One LiDAR: its latest revolution, how near the nearest obstacle is, and whether any of that is current. */
import { useEffect, useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { Fault } from '../../../contract/fault.ts'
import type { Lidar } from '../../../contract/lidar.ts'
import { asFault, useAction } from '../../data/action.ts'
import { useClient } from '../../data/client.ts'
import { freshnessOf } from '../../data/devices.ts'
import { useIsCutOff } from '../../data/health.ts'
import { useNow } from '../../data/now.ts'
import { useMay } from '../../data/site.ts'
import { useTimes } from '../../data/times.ts'
import { LidarPainter } from '../../paint/lidar-painter.ts'
import { watchSight } from '../../paint/watch.ts'
import { useScheme } from '../../theme/scheme.ts'
import { Button } from '../../ui/button.tsx'
import { FaultNote } from '../../ui/fault-note.tsx'
import styles from './vehicles.module.css'

export function LidarPane({ lidar }: { readonly lidar: Lidar }) {
  const { t } = useTranslation(['vehicles', 'common'])
  const times = useTimes()
  const now = useNow()
  const cutOff = useIsCutOff()
  const { canvas, fault } = useScans(lidar.link)
  const { isFresh, ageMs } = freshnessOf(lidar.scanAt, lidar.budgetMs, now)
  const isCurrent = isFresh && !cutOff
  const { nearest, zone, rotationHz, pointsPerS, counters } = lidar
  return (
    <section className={styles.lidar} aria-label={lidar.name} data-old={!isCurrent || undefined}>
      <header className={styles.head}>
        <h3>{lidar.name}</h3>
        <span className={styles.quiet}>
          {[
            lidar.model,
            rotationHz && `${rotationHz.toFixed(1)} Hz`,
            pointsPerS && t('pointsPerS', { count: Math.round(pointsPerS) }),
          ]
            .filter(Boolean)
            .join(' · ')}
        </span>
        <Scanning lidar={lidar} />
      </header>
      <div className={styles.scan}>
        <canvas ref={canvas} aria-label={t('scanLabel')} />
        {!isCurrent && (
          <p className={styles.lost} role="status">
            <strong>{ageMs === null ? t('noScan') : t('noScanFor', { age: times.duration(ageMs) })}</strong>
            {lidar.trouble !== '' && <span>{lidar.trouble}</span>}
          </p>
        )}
      </div>
      <dl className={styles.readings}>
        <div>
          <dt>{t('nearest')}</dt>
          <dd data-zone={isCurrent && zone !== null ? zone : undefined}>
            <strong>
              {isCurrent && nearest !== null
                ? t('nearestAt', {
                    range: (nearest.rangeMm / 1000).toFixed(2),
                    angle: Math.round(nearest.angleDeg),
                  })
                : '—'}
            </strong>
            {isCurrent && zone !== null && <small>{t(`zone-${zone}`)}</small>}
          </dd>
        </div>
        <div>
          <dt>{t('lidarHealth')}</dt>
          <dd>
            <strong>{t(`health-${lidar.health}`)}</strong>
            <small>
              {t('lidarCounters', {
                revolutions: counters.revolutions,
                broken: counters.broken,
                resyncs: counters.resyncs,
              })}
            </small>
          </dd>
        </div>
      </dl>
      {fault && <FaultNote fault={fault} />}
    </section>
  )
}

function Scanning({ lidar }: { readonly lidar: Lidar }) {
  const { t } = useTranslation('vehicles')
  const ask = useAction('lidars.scanning')
  const mayAct = useMay('operator')
  if (lidar.source !== 'serial') return null
  return (
    <>
      <Button
        disabled={!mayAct}
        busy={ask.asking && '…'}
        onClick={() => void ask.ask({ link: lidar.link, on: !lidar.isScanning })}
      >
        {lidar.isScanning ? t('stopScanning') : t('startScanning')}
      </Button>
      {ask.fault && <FaultNote fault={ask.fault} />}
    </>
  )
}

/** Scans are asked for only while somebody can see the canvas, each when the one before is drawn. */
function useScans(link: Lidar['link']) {
  const client = useClient()
  const canvas = useRef<HTMLCanvasElement>(null)
  const painter = useRef<LidarPainter | null>(null)
  const scheme = useScheme()
  const [isSeen, setSeen] = useState(false)
  const [fault, setFault] = useState<Fault | null>(null)
  useEffect(() => {
    const element = canvas.current
    if (element === null) return
    const made = new LidarPainter(element, ({ revolution }) => {
      element.dataset.revolution = String(revolution)
    })
    painter.current = made
    const resized = new ResizeObserver(() => made.refresh())
    resized.observe(element)
    const stopWatching = watchSight(element, setSeen)
    return () => {
      resized.disconnect()
      stopWatching()
      made.close()
    }
  }, [])
  // biome-ignore lint/correctness/useExhaustiveDependencies: another theme is the reason to draw again
  useEffect(() => painter.current?.refresh(), [scheme])
  useEffect(() => {
    if (!isSeen) return
    return client.feed(
      'lidars.scan',
      { link },
      (header, bytes) => {
        setFault(null)
        return painter.current?.show(header, bytes)
      },
      (error) => setFault(asFault(error)),
    )
  }, [client, link, isSeen])
  return { canvas, fault }
}
