/** The devices by group. A row opens to what may be done with its device. */
import { useMemo, useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { Device } from '../../../contract/devices.ts'
import { useDevices } from '../../data/devices.ts'
import { go } from '../../data/route.ts'
import { Button } from '../../ui/button.tsx'
import { Empty } from '../../ui/empty.tsx'
import styles from './blue-alerts.module.css'
import { DeviceRow } from './device-row.tsx'

export function DeviceTable() {
  const { t } = useTranslation('blueAlerts')
  const devices = useDevices()
  const [open, setOpen] = useState<string | null>(null)
  const groups = useMemo(() => groupsOf(devices ?? []), [devices])
  if (devices === undefined) return <Empty title={t('waiting')} />
  if (devices.length === 0) {
    return (
      <Empty title={t('noDevicesTitle')} hint={t('noDevicesHint')}>
        <Button onClick={() => go('links')}>{t('openLinks')}</Button>
        <Button onClick={() => go('settings')}>{t('openSettings')}</Button>
      </Empty>
    )
  }
  return (
    <table className={styles.table}>
      <thead>
        <tr>
          <th scope="col">{t('device')}</th>
          <th scope="col">{t('intensity')}</th>
          <th scope="col">{t('battery')}</th>
          <th scope="col">{t('signal')}</th>
          <th scope="col">{t('heard')}</th>
          <th scope="col">{t('state')}</th>
        </tr>
      </thead>
      {groups.map(([group, members]) => (
        <tbody key={group ?? ''}>
          <tr className={styles.group}>
            <th colSpan={6} scope="rowgroup">
              {group ?? t('noGroup')}
              <span>
                {t('summary', {
                  live: members.filter((device) => device.state === 'live').length,
                  total: members.length,
                })}
              </span>
            </th>
          </tr>
          {members.map((device) => (
            <DeviceRow
              key={device.id}
              device={device}
              isOpen={open === device.id}
              onToggle={() => setOpen(open === device.id ? null : device.id)}
            />
          ))}
        </tbody>
      ))}
    </table>
  )
}

function groupsOf(devices: readonly Device[]): [string | null, Device[]][] {
  const groups = new Map<string | null, Device[]>()
  for (const device of devices) {
    const members = groups.get(device.group)
    if (members) members.push(device)
    else groups.set(device.group, [device])
  }
  return [...groups].sort(([a], [b]) => (a ?? '\uffff').localeCompare(b ?? '\uffff'))
}
