/** Above the wall: which one, how many columns, and saving what was changed. */
import { NativeSelect } from '@mantine/core'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { Wall } from '../../../contract/cameras.ts'
import { useAction } from '../../data/action.ts'
import { useCell } from '../../data/cell.ts'
import { useMay } from '../../data/site.ts'
import { Button } from '../../ui/button.tsx'
import { FaultNote } from '../../ui/fault-note.tsx'
import styles from './cameras.module.css'
import {
  automaticId,
  changeWall,
  chooseWall,
  facesShown,
  forgetChanges,
  listShown,
  type WallChoice,
} from './wall-choice.ts'
import { RemoveDialog, RenameDialog, SaveAsDialog } from './wall-dialogs.tsx'
import { mostColumns, setColumns } from './wall-layout.ts'

export function WallTools({ choice }: { readonly choice: WallChoice }) {
  const { t } = useTranslation('cameras')
  const { wall, saved, isAutomatic, isChanged } = choice
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
        value={isAutomatic ? automaticId : wall.id}
        data={[
          { value: automaticId, label: t('allCameras') },
          ...saved.map(({ id, name }) => ({ value: id, label: name })),
        ]}
        onChange={(event) => chooseWall(event.currentTarget.value)}
      />
      <Columns wall={wall} />
      <Saving choice={choice} />
      {isChanged ? <Button onClick={forgetChanges}>{t('undo')}</Button> : null}
      <span className={styles.toolsNote} role="status">
        {isChanged ? t('notSaved') : null}
      </span>
      <Button hotkey="O" aria-pressed={areFacesShown} onClick={() => facesShown.set(!areFacesShown)}>
        {t(areFacesShown ? 'facesOn' : 'facesOff')}
      </Button>
    </div>
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
