/** Vehicles: which there are, what each says and who says it, its LiDAR, its modules, and what it can be asked. */
import { useEffect, useRef } from 'react'
import { useTranslation } from 'react-i18next'
import { useLinks } from '../../data/links.ts'
import { useVehicles, type Vehicle } from '../../data/vehicles.ts'
import { Button } from '../../ui/button.tsx'
import { Empty } from '../../ui/empty.tsx'
import { bringIntoView, isByKeyboard } from '../../ui/into-view.ts'
import { StopButton } from '../stop-request/stop-button.tsx'
import { BusMonitor } from './bus-monitor.tsx'
import { CommandPanel } from './command-panel.tsx'
import { LidarPane } from './lidar-pane.tsx'
import { ModuleCard } from './module-card.tsx'
import { ModuleDetail } from './module-detail.tsx'
import { Readings } from './readings.tsx'
import { choosePart, chooseVehicle, takeWish, useChosenPart, useChosenVehicle } from './vehicle-choice.ts'
import styles from './vehicles.module.css'

export function VehiclesView() {
  const { t } = useTranslation('vehicles')
  const vehicles = useVehicles()
  const vehicle = useChosenVehicle(vehicles ?? [])
  if (vehicles === undefined) return <p className={styles.waiting}>{t('waiting')}</p>
  if (vehicle === undefined) return <Empty title={t('none')} hint={t('noneTip')} />
  return (
    <div className={styles.view} data-scroller>
      {vehicles.length > 1 && (
        <nav className={styles.tabs} aria-label={t('vehicles')}>
          {vehicles.map(({ name }) => (
            <Button key={name} aria-pressed={name === vehicle.name} onClick={() => chooseVehicle(name)}>
              {name}
            </Button>
          ))}
        </nav>
      )}
      <VehiclePane key={vehicle.name} vehicle={vehicle} several={vehicles.length > 1} />
    </div>
  )
}

function VehiclePane({ vehicle, several }: { readonly vehicle: Vehicle; readonly several: boolean }) {
  const { t } = useTranslation('vehicles')
  return (
    <>
      <div className={styles.top}>
        <section className={styles.said} aria-labelledby="vehicle-name">
          <header className={styles.head}>
            <h2 id="vehicle-name">{vehicle.name}</h2>
            {several && <StopButton vehicle={vehicle.name} />}
          </header>
          <Readings reports={vehicle.reports} />
          <CommandPanel reports={vehicle.reports} />
        </section>
        {vehicle.lidars.length === 0 ? (
          <p className={styles.quiet}>{t('noLidar')}</p>
        ) : (
          vehicle.lidars.map((lidar) => <LidarPane key={lidar.id} lidar={lidar} />)
        )}
      </div>
      <Modules vehicle={vehicle} />
    </>
  )
}

function Modules({ vehicle }: { readonly vehicle: Vehicle }) {
  const { t } = useTranslation('vehicles')
  const part = useChosenPart()
  const links = useLinks()
  const nameOf = (link: string) => links?.find(({ id }) => id === link)?.name ?? link
  const buses = [...new Set(vehicle.reports.filter(({ source }) => source === 'bus').map(({ link }) => link))]
  const module = part?.is === 'module' ? vehicle.modules.find(({ id }) => id === part.id) : undefined
  const bus = part?.is === 'bus' ? buses.find((link) => link === part.link) : undefined
  const opened = useRef<HTMLElement>(null)
  // biome-ignore lint/correctness/useExhaustiveDependencies: for each choice, not for each value the part has
  useEffect(() => {
    if (opened.current === null) return
    const wished = takeWish()
    if (wished === null) return
    bringIntoView(opened.current)
    if (wished.byKeyboard) opened.current.focus({ preventScroll: true })
  }, [part, module === undefined])
  return (
    <>
      <section className={styles.modules} aria-label={t('modules')}>
        {vehicle.modules.length === 0 && <p className={styles.quiet}>{t('noModules')}</p>}
        {vehicle.modules.map((one) => (
          <ModuleCard
            key={one.id}
            module={one}
            by={nameOf(one.link)}
            chosen={one.id === module?.id}
            onChoose={(byKeyboard) =>
              choosePart(one.id === module?.id ? null : { is: 'module', id: one.id }, byKeyboard)
            }
          />
        ))}
        {buses.map((link) => (
          <Button
            key={link}
            aria-pressed={link === bus}
            onClick={(event) => choosePart(link === bus ? null : { is: 'bus', link }, isByKeyboard(event))}
          >
            {t('busMonitor')}
            {buses.length > 1 && `: ${nameOf(link)}`}
          </Button>
        ))}
      </section>
      {module !== undefined && (
        <ModuleDetail key={module.id} module={module} by={nameOf(module.link)} pane={opened} />
      )}
      {bus !== undefined && <BusMonitor key={bus} link={bus} pane={opened} />}
    </>
  )
}
