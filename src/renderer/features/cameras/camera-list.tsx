/** Every camera there is, with what its source says of it; pressing one puts it on the wall or takes it off. Filtered, and in groups. */
import { NativeSelect, TextInput } from '@mantine/core'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { Camera, Wall } from '../../../contract/cameras.ts'
import { useCell } from '../../data/cell.ts'
import { useLinks } from '../../data/links.ts'
import { oneOf, remembered } from '../../data/remembered.ts'
import { Button } from '../../ui/button.tsx'
import { Lamp } from '../../ui/lamp.tsx'
import styles from './cameras.module.css'
import { startDrag } from './drag.ts'
import planStyles from './plan.module.css'
import { PlanDialog } from './plan-dialog.tsx'
import { useCameraState } from './use-camera-words.ts'
import { changeWall, chooseWall } from './wall-choice.ts'
import { type Grouping, groupings, groupsOf, matches } from './wall-groups.ts'
import { add, remove } from './wall-layout.ts'

const grouping = remembered<Grouping>('cameras.grouping', 'none', oneOf(...groupings))

interface Props {
  readonly cameras: readonly Camera[]
  readonly wall: Wall
}

export function CameraList({ cameras, wall }: Props) {
  const { t } = useTranslation('cameras')
  const links = useLinks()
  const by = useCell(grouping)
  const [typed, setTyped] = useState('')
  const linkName = (link: string) => links?.find(({ id }) => id === link)?.name ?? link
  const found = cameras.filter((camera) => matches(camera, typed, linkName(camera.link)))
  const rows = (of: readonly Camera[]) =>
    of.map((camera) => <CameraRow key={camera.id} camera={camera} cameras={cameras} wall={wall} />)
  return (
    <div className={styles.list}>
      <div className={styles.listTools}>
        <TextInput
          size="xs"
          type="search"
          aria-label={t('filter')}
          placeholder={t('filter')}
          value={typed}
          onChange={(event) => setTyped(event.currentTarget.value)}
        />
        <NativeSelect
          size="xs"
          aria-label={t('groupBy')}
          value={by}
          data={groupings.map((value) => ({ value, label: t(`group-${value}`) }))}
          onChange={(event) => {
            const to = groupings.find((one) => one === event.currentTarget.value)
            if (to !== undefined) grouping.set(to)
          }}
        />
      </div>
      {found.length === 0 ? <p className={styles.listNone}>{t('filterNone')}</p> : null}
      {by === 'none' ? (
        <ul aria-label={t('listLabel')}>{rows(found)}</ul>
      ) : (
        groupsOf(found, by, linkName).map((group) => (
          <section key={group.id} aria-label={group.name || t('noPlace')}>
            <header className={styles.groupHead}>
              <h3>
                {group.name || t('noPlace')} <small>{group.cameras.length}</small>
              </h3>
              <Button
                title={t('openGroupHint', { name: group.name || t('noPlace') })}
                onClick={() => chooseWall(group.id)}
              >
                {t('openGroup')}
              </Button>
            </header>
            <ul aria-label={t('listLabel')}>{rows(group.cameras)}</ul>
          </section>
        ))
      )}
    </div>
  )
}

function CameraRow({ camera, cameras, wall }: Props & { readonly camera: Camera }) {
  const { t } = useTranslation('cameras')
  const plan = useTranslation('cameraPlan')
  const state = useCameraState(camera)
  const [isPlanning, setPlanning] = useState(false)
  const hasLinks = cameras.some(({ link }) => link !== cameras[0]?.link)
  const isShown = wall.tiles.some((tile) => tile.camera === camera.id)
  const place = [camera.location, hasLinks ? state.link?.name : null].filter(Boolean).join(', ')
  return (
    <li className={planStyles.row} draggable onDragStart={(event) => startDrag(event, camera.id)}>
      <button
        type="button"
        className={styles.listRow}
        aria-pressed={isShown}
        title={t(isShown ? 'takeOffNamed' : 'putOnNamed', { name: camera.name })}
        onClick={() => changeWall(isShown ? remove(wall, camera.id) : add(wall, camera.id))}
      >
        <Lamp shape={state.lamp} />
        <span className={styles.listName}>
          {camera.name}
          <small>{[place, state.text].filter(Boolean).join(' · ')}</small>
        </span>
        <span className={styles.listMark} aria-hidden>
          {isShown ? '✓' : '+'}
        </span>
      </button>
      <button
        type="button"
        className={planStyles.rowPlan}
        aria-label={plan.t('openNamed', { name: camera.name })}
        title={plan.t('openNamed', { name: camera.name })}
        onClick={() => setPlanning(true)}
      >
        …
      </button>
      {isPlanning ? <PlanDialog camera={camera} onClose={() => setPlanning(false)} /> : null}
    </li>
  )
}
