/** Above the wall: which one, how many columns, and saving what was changed. */
import { NativeSelect } from '@mantine/core'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { Wall } from '../../../contract/cameras.ts'
import { useAction } from '../../data/action.ts'
import { useCameras } from '../../data/cameras.ts'
import { useCell } from '../../data/cell.ts'
import { useLinks } from '../../data/links.ts'
import { useMay } from '../../data/site.ts'
import { openWallWindow, wallOfWindow } from '../../data/wall-window.ts'
import { Button } from '../../ui/button.tsx'
import { FaultNote } from '../../ui/fault-note.tsx'
import { ExportButton } from '../recordings/export-button.tsx'
import { openWebcamDialog } from '../webcam/webcam-host.tsx'
import styles from './cameras.module.css'
import {
  automaticId,
  changeWall,
  chooseWall,
  facesShown,
  forgetChanges,
  giveBack,
  listShown,
  useIsBorrowed,
  type WallChoice,
} from './wall-choice.ts'
import { RemoveDialog, RenameDialog, SaveAsDialog } from './wall-dialogs.tsx'
import { groupsOf } from './wall-groups.ts'
import { mostColumns, setColumns } from './wall-layout.ts'
import { applyPreset, isPreset, presets } from './wall-presets.ts'

export function WallTools({ choice }: { readonly choice: WallChoice }) {
  const { t } = useTranslation('cameras')
  const { t: tw } = useTranslation('webcam')
  const { wall, saved, isChanged } = choice
  const mayAct = useMay('operator')
  const [isRefused, setRefused] = useState(false)
  const isListShown = useCell(listShown)
  const areFacesShown = useCell(facesShown)
  return (
    <div className={styles.tools}>
      <Button aria-pressed={isListShown} onClick={() => listShown.set(!isListShown)}>
        {t('list')}
      </Button>
      <NativeSelect
        className={styles.wallSelect ?? ''}
        aria-label={t('wall')}
        size="xs"
        value={wall.id}
        data={useWallOptions(saved)}
        onChange={(event) => chooseWall(event.currentTarget.value)}
      />
      {useIsBorrowed() ? (
        <Button primary title={t('backToWallHint')} onClick={giveBack}>
          {t('backToWall')}
        </Button>
      ) : null}
      <Presets wall={wall} />
      <Columns wall={wall} />
      <Saving choice={choice} />
      {isChanged ? <Button onClick={forgetChanges}>{t('undo')}</Button> : null}
      <span className={styles.toolsNote} role="status">
        {isRefused ? t('windowRefused') : isChanged ? t('notSaved') : null}
      </span>
      {wallOfWindow === null ? (
        <>
          <Button title={t('otherWindowHint')} onClick={() => setRefused(!openWallWindow(wall.id))}>
            {t('otherWindow')}
          </Button>
          <ExportButton wish={null} />
          <Button
            disabled={!mayAct}
            title={mayAct ? tw('openHint') : t('needsOperator')}
            onClick={() => openWebcamDialog(null)}
          >
            {tw('open')}
          </Button>
        </>
      ) : null}
      <Button hotkey="O" aria-pressed={areFacesShown} onClick={() => facesShown.set(!areFacesShown)}>
        {t(areFacesShown ? 'facesOn' : 'facesOff')}
      </Button>
    </div>
  )
}

/** All, the saved ones, then the groups there are. */
function useWallOptions(saved: readonly Wall[]) {
  const { t } = useTranslation('cameras')
  const cameras = useCameras() ?? []
  const links = useLinks()
  const linkName = (link: string) => links?.find(({ id }) => id === link)?.name ?? link
  const group = (by: 'place' | 'link') => ({
    group: t(`group-${by}`),
    items: groupsOf(cameras, by, linkName).map(({ id, name }) => ({
      value: id,
      label: name || t('noPlace'),
    })),
  })
  return [
    { value: automaticId, label: t('allCameras') },
    { group: t('savedWalls'), items: saved.map(({ id, name }) => ({ value: id, label: name })) },
    group('place'),
    group('link'),
  ].filter((one) => !('items' in one) || one.items.length > 0)
}

function Presets({ wall }: { readonly wall: Wall }) {
  const { t } = useTranslation('cameras')
  const ids = useCameras()?.map((camera) => camera.id) ?? []
  return (
    <fieldset className={styles.presets} aria-label={t('presets')}>
      {presets.map((count) => (
        <Button
          key={count}
          aria-label={t('preset', { count })}
          aria-pressed={isPreset(wall, count)}
          disabled={ids.length === 0}
          onClick={() => changeWall(applyPreset(wall, count, ids))}
        >
          {count}
        </Button>
      ))}
    </fieldset>
  )
}

function Columns({ wall }: { readonly wall: Wall }) {
  const { t } = useTranslation('cameras')
  return (
    <span className={styles.columns}>
      <Button
        aria-label={t('fewerColumns')}
        disabled={wall.columns <= 1}
        onClick={() => changeWall(setColumns(wall, wall.columns - 1))}
      >
        −
      </Button>
      <span>{t('columns', { count: wall.columns })}</span>
      <Button
        aria-label={t('moreColumns')}
        disabled={wall.columns >= mostColumns}
        onClick={() => changeWall(setColumns(wall, wall.columns + 1))}
      >
        +
      </Button>
    </span>
  )
}

function Saving({ choice }: { readonly choice: WallChoice }) {
  const { t } = useTranslation('cameras')
  const mayAct = useMay('operator')
  const save = useAction('walls.save')
  const [dialog, setDialog] = useState<'save-as' | 'rename' | 'remove' | null>(null)
  const { wall, isAutomatic, isChanged } = choice
  const close = () => setDialog(null)
  const why = mayAct ? undefined : t('needsOperator')
  return (
    <>
      {isChanged && !isAutomatic ? (
        <Button
          primary
          disabled={!mayAct}
          title={why}
          busy={save.asking && t('saving')}
          onClick={async () => {
            if ((await save.ask({ wall })) !== undefined) forgetChanges()
          }}
        >
          {t('save')}
        </Button>
      ) : null}
      <Button disabled={!mayAct || wall.tiles.length === 0} title={why} onClick={() => setDialog('save-as')}>
        {t('saveAs')}
      </Button>
      {isAutomatic ? null : (
        <>
          <Button disabled={!mayAct} title={why} onClick={() => setDialog('rename')}>
            {t('rename')}
          </Button>
          <Button disabled={!mayAct} title={why} onClick={() => setDialog('remove')}>
            {t('remove')}
          </Button>
        </>
      )}
      {save.fault ? <FaultNote fault={save.fault} /> : null}
      {dialog === 'save-as' ? <SaveAsDialog wall={wall} isAutomatic={isAutomatic} onClose={close} /> : null}
      {dialog === 'rename' ? <RenameDialog wall={wall} onClose={close} /> : null}
      {dialog === 'remove' ? <RemoveDialog wall={wall} onClose={close} /> : null}
    </>
  )
}
