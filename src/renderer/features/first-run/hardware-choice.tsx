/** Where devices connect, and which serial ports the system sees. */
import { useCallback, useEffect, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useAction } from '../../data/action.ts'
import type { Output } from '../../data/client.ts'
import { useLinks } from '../../data/links.ts'
import { Button } from '../../ui/button.tsx'
import { FaultNote } from '../../ui/fault-note.tsx'
import { HubAddress } from '../links/hub-address.tsx'
import styles from './first-run.module.css'

type Ports = Output<'hardware.ports'>

export function HardwareChoice() {
  const { t } = useTranslation('firstRun')
  const hubs = (useLinks() ?? []).filter((link) => link.driver === 'blue-light-hub')
  return (
    <section className={styles.panel}>
      <h2>{t('hubTitle')}</h2>
      {hubs.length === 0 ? <p className={styles.warning}>{t('hubNone')}</p> : <p>{t('hubNext')}</p>}
      {hubs.map((hub) => (
        <HubAddress key={hub.id} link={hub} />
      ))}
      <h2>{t('portsTitle')}</h2>
      <p>{t('portsNext')}</p>
      <PortList />
      <p className={styles.soft}>{t('portsPermission')}</p>
    </section>
  )
}

function PortList() {
  const { t } = useTranslation('firstRun')
  const list = useAction('hardware.ports')
  const [found, setFound] = useState<Ports | null>(null)
  const { ask } = list
  const look = useCallback(async () => {
    const answer = await ask({})
    if (answer) setFound(answer)
  }, [ask])
  useEffect(() => void look(), [look])
  return (
    <>
      {list.fault ? <FaultNote fault={list.fault} onRetry={() => void look()} /> : null}
      {found === null && list.asking ? <p role="status">{t('portsReading')}</p> : null}
      {found && found.trouble !== '' ? <p className={styles.warning}>{found.trouble}</p> : null}
      {found?.ports.length === 0 ? <p>{t('portsNone')}</p> : null}
      {found && found.ports.length > 0 ? (
        <table className={styles.table}>
          <thead>
            <tr>
              <th>{t('portPath')}</th>
              <th>{t('portMaker')}</th>
              <th>{t('portUsb')}</th>
              <th>{t('portSerial')}</th>
            </tr>
          </thead>
          <tbody>
            {found.ports.map((port) => (
              <tr key={port.path}>
                <td>
                  <code>{port.path}</code>
                </td>
                <td>{port.maker ?? t('notSaid')}</td>
                <td>{port.usbId ?? t('notSaid')}</td>
                <td>{port.serialNumber ?? t('notSaid')}</td>
              </tr>
            ))}
          </tbody>
        </table>
      ) : null}
      <div className={styles.buttons}>
        <Button busy={list.asking && t('portsReading')} onClick={() => void look()}>
          {t('portsAgain')}
        </Button>
      </div>
    </>
  )
}
