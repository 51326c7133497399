/** One device: what it reports with its freshness, and, opened, what may be done with it. */
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { Device } from '../../../contract/devices.ts'
import { useAction } from '../../data/action.ts'
import type { Freshness } from '../../data/devices.ts'
import { useNow } from '../../data/now.ts'
import { useMay } from '../../data/site.ts'
import { useTimes } from '../../data/times.ts'
import { Button } from '../../ui/button.tsx'
import { FaultNote } from '../../ui/fault-note.tsx'
import { Lamp, type LampShape } from '../../ui/lamp.tsx'
import styles from './blue-alerts.module.css'
import { ServiceDialog, SettingsDialog } from './device-dialogs.tsx'
import { Heard, Intensity, percent, Reading, useFreshness } from './reading.tsx'

interface Props {
  readonly device: Device
  readonly isOpen: boolean
  readonly onToggle: () => void
}

export function DeviceRow({ device, isOpen, onToggle }: Props) {
  const { t } = useTranslation('blueAlerts')
  const freshness = useFreshness(device)
  return (
    <>
      <tr className={freshness.isFresh ? undefined : styles.stale} data-device={device.id}>
        <th scope="row">
          <button type="button" className={styles.deviceName} aria-expanded={isOpen} onClick={onToggle}>
            <Lamp shape={lampOf(device, freshness)} />
            <span>
              {device.name}
              <small>{[t(`role-${device.role}`), device.location].filter(Boolean).join(', ')}</small>
            </span>
          </button>
        </th>
        <td className={styles.intensityCell}>
          <Intensity device={device} freshness={freshness} />
        </td>
        <td>
          <Reading freshness={freshness}>{percent(device.batteryLevel)}</Reading>
        </td>
        <td>
          <Reading freshness={freshness}>{percent(device.signalStrength)}</Reading>
        </td>
        <td>
          <Heard freshness={freshness} />
        </td>
        <td>
          {device.outOfService ? <strong>{t('outOfService')}</strong> : t(`state-${device.state}`)}
          {device.isMonitoring !== null && freshness.isFresh && device.role === 'cctv' ? (
            <small>{device.isMonitoring ? t('monitoringOn') : t('monitoringOff')}</small>
          ) : null}
        </td>
      </tr>
      {isOpen ? (
        <tr className={styles.opened}>
          <td colSpan={6}>
            <DeviceActs device={device} />
          </td>
        </tr>
      ) : null}
    </>
  )
}

export function lampOf(device: Device, freshness: Freshness): LampShape {
  if (device.outOfService) return 'idle'
  if (device.state === 'silent') return 'trouble'
  return freshness.isFresh ? 'good' : 'idle'
}

/** Beyond this a clock is worth mentioning. */
const clockOffMs = 60_000

function DeviceActs({ device }: { readonly device: Device }) {
  const { t } = useTranslation('blueAlerts')
  const times = useTimes()
  const now = useNow()
  const mayAct = useMay('operator')
  const probe = useAction('devices.probe')
  const [roundTripMs, setRoundTripMs] = useState<number | null>(null)
  const [dialog, setDialog] = useState<'service' | 'settings' | null>(null)
  const offset = device.clockOffsetMs
  return (
    <div className={styles.acts}>
      <Button
        disabled={!mayAct}
        busy={probe.asking && t('probing')}
        onClick={async () => setRoundTripMs((await probe.ask({ id: device.id }))?.roundTripMs ?? null)}
      >
        {t('probe')}
      </Button>
      <Button disabled={!mayAct} onClick={() => setDialog('settings')}>
        {t('settings')}
      </Button>
      <Button disabled={!mayAct} onClick={() => setDialog('service')}>
        {device.outOfService ? t('putBack') : t('takeOut')}
      </Button>
      <span className={styles.actNotes} role="status">
        {roundTripMs === null || probe.asking ? null : t('probed', { ms: roundTripMs.toFixed(0) })}
      </span>
      <span className={styles.actNotes}>
        {device.version === null ? null : `v${device.version} `}
        {device.lastAlertAt === null
          ? null
          : `${t('lastAlert')} ${times.clockOrDate(device.lastAlertAt, now)} `}
        {offset !== null && Math.abs(offset) > clockOffMs
          ? t('clockOff', { offset: times.duration(Math.abs(offset)) })
          : null}
      </span>
      {probe.fault ? <FaultNote fault={probe.fault} /> : null}
      {dialog === 'service' ? <ServiceDialog device={device} onClose={() => setDialog(null)} /> : null}
      {dialog === 'settings' ? <SettingsDialog device={device} onClose={() => setDialog(null)} /> : null}
    </div>
  )
}
