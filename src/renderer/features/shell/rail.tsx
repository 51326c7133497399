/** The left rail: the views with their keys, then every device and link with the age of what it last said. */
import { useTranslation } from 'react-i18next'
import type { Device } from '../../../contract/devices.ts'
import { freshnessOf, useDevices } from '../../data/devices.ts'
import { useIsCutOff } from '../../data/health.ts'
import { useLinks } from '../../data/links.ts'
import { useNow } from '../../data/now.ts'
import { go, useView } from '../../data/route.ts'
import { useTimes } from '../../data/times.ts'
import { Lamp, type LampShape } from '../../ui/lamp.tsx'
import { viewList } from '../view-list.tsx'
import { lampOf, useLinkStanding } from './link-standing.ts'
import { RailVehicles } from './rail-vehicles.tsx'
import styles from './shell.module.css'

export function Rail() {
  const { t } = useTranslation('shell')
  const view = useView()
  return (
    <nav className={styles.rail} aria-label={t('views')}>
      <ul>
        {viewList.map((entry, index) => (
          <li key={entry.id}>
            <button
              type="button"
              className={styles.viewLink}
              aria-current={entry.id === view ? 'page' : undefined}
              aria-keyshortcuts={String(index + 1)}
              onClick={() => go(entry.id)}
            >
              {t(entry.title)} <kbd aria-hidden>{index + 1}</kbd>
            </button>
          </li>
        ))}
      </ul>
      <RailVehicles />
      <RailDevices />
      <RailLinks />
    </nav>
  )
}

function RailDevices() {
  const { t } = useTranslation('shell')
  const devices = useDevices()
  const now = useNow()
  const cutOff = useIsCutOff()
  const cameras = devices?.filter((device) => device.role === 'cctv')
  return (
    <section>
      <h2>{t('devices')}</h2>
      {cameras?.length === 0 ? <p className={styles.railEmpty}>{t('noDevices')}</p> : null}
      <ul>
        {cameras?.map((device) => (
          <RailDevice key={device.id} device={device} now={now} cutOff={cutOff} />
        ))}
      </ul>
    </section>
  )
}

interface RailDeviceProps {
  readonly device: Device
  readonly now: number
  readonly cutOff: boolean
}

function RailDevice({ device, now, cutOff }: RailDeviceProps) {
  const { t } = useTranslation(['shell', 'common'])
  const times = useTimes()
  const { isFresh, ageMs } = freshnessOf(device.heardAt, device.budgetMs, now)
  const age = ageMs === null ? t('common:never') : times.duration(ageMs)
  return (
    <li>
      <button
        type="button"
        className={`${styles.railRow} ${isFresh && !cutOff ? '' : styles.old}`}
        title={device.name}
        onClick={() => go('blue-alerts')}
      >
        <Lamp shape={deviceLamp(device, isFresh && !cutOff)} />
        <span>{device.name}</span>
        <small>{device.outOfService ? t('outOfService') : age}</small>
      </button>
    </li>
  )
}

function deviceLamp(device: Device, isFresh: boolean): LampShape {
  if (device.outOfService) return 'idle'
  if (device.state === 'silent') return 'trouble'
  return isFresh && device.state === 'live' ? 'good' : 'idle'
}

function RailLinks() {
  const { t } = useTranslation('shell')
  const links = useLinks()
  const now = useNow()
  const standing = useLinkStanding()
  const cutOff = useIsCutOff()
  return (
    <section>
      <h2>{t('links')}</h2>
      {links?.length === 0 ? <p className={styles.railEmpty}>{t('noLinks')}</p> : null}
      <ul>
        {links?.map((link) => (
          <li key={link.id}>
            <button
              type="button"
              className={styles.railRow}
              title={`${link.name}: ${standing(link, now)}`}
              onClick={() => go('links')}
            >
              <Lamp shape={cutOff ? 'idle' : lampOf(link)} />
              <span>{link.name}</span>
              <LinkAge lastUsefulAt={link.lastUsefulAt} now={now} />
            </button>
          </li>
        ))}
      </ul>
    </section>
  )
}

function LinkAge({ lastUsefulAt, now }: { readonly lastUsefulAt: number | null; readonly now: number }) {
  const { t } = useTranslation('common')
  const times = useTimes()
  return <small>{lastUsefulAt === null ? t('never') : times.duration(now - lastUsefulAt)}</small>
}
