/** The blue-light cameras as tiles: intensity now, battery, signal, and how long ago each was heard. */
import { useTranslation } from 'react-i18next'
import type { Device } from '../../../contract/devices.ts'
import { useDevices } from '../../data/devices.ts'
import { go } from '../../data/route.ts'
import { Button } from '../../ui/button.tsx'
import { Empty } from '../../ui/empty.tsx'
import { Lamp } from '../../ui/lamp.tsx'
import { lampOf } from '../blue-alerts/device-row.tsx'
import { Heard, Intensity, percent, Reading, useFreshness } from '../blue-alerts/reading.tsx'
import styles from './overview.module.css'

export function DevicesPane() {
  const { t } = useTranslation('overview')
  const devices = useDevices()
  if (devices === undefined) return <Empty title={t('waiting')} />
  const cameras = devices.filter((device) => device.role === 'cctv')
  if (cameras.length === 0) {
    return (
      <Empty title={t('noDevicesTitle')} hint={t('noDevicesHint')}>
        <Button onClick={() => go('links')}>{t('openLinks')}</Button>
        <Button onClick={() => go('settings')}>{t('openSettings')}</Button>
      </Empty>
    )
  }
  return (
    <ul className={styles.tiles}>
      {cameras.map((device) => (
        <li key={device.id}>
          <DeviceTile device={device} />
        </li>
      ))}
    </ul>
  )
}

function DeviceTile({ device }: { readonly device: Device }) {
  const { t } = useTranslation('blueAlerts')
  const freshness = useFreshness(device)
  const place = [device.group, device.location].filter(Boolean).join(', ')
  return (
    <button
      type="button"
      className={`${styles.tile} ${freshness.isFresh ? '' : styles.oldTile}`}
      onClick={() => go('blue-alerts')}
    >
      <span className={styles.tileHead}>
        <Lamp shape={lampOf(device, freshness)} />
        <strong>{device.name}</strong>
        <Heard freshness={freshness} />
      </span>
      <small>
        {device.outOfService ? t('outOfService') : place === '' ? t(`state-${device.state}`) : place}
      </small>
      <Intensity device={device} freshness={freshness} />
      <span className={styles.tileFoot}>
        <span>
          {t('battery')} <Reading freshness={freshness}>{percent(device.batteryLevel)}</Reading>
        </span>
        <span>
          {t('signal')} <Reading freshness={freshness}>{percent(device.signalStrength)}</Reading>
        </span>
      </span>
    </button>
  )
}
