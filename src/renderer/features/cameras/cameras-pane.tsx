/** The first few cameras of this screen's wall, for a place that shows other things too. */
import { useTranslation } from 'react-i18next'
import { useCameras } from '../../data/cameras.ts'
import { go } from '../../data/route.ts'
import { Button } from '../../ui/button.tsx'
import { Empty } from '../../ui/empty.tsx'
import { CameraTile } from './camera-tile.tsx'
import styles from './cameras.module.css'
import { useWallChoice } from './wall-choice.ts'
import { readingOrder } from './wall-layout.ts'

const mostTiles = 4

export function CamerasPane() {
  const { t } = useTranslation('cameras')
  const cameras = useCameras()
  const choice = useWallChoice()
  if (cameras === undefined || choice === undefined) return <Empty title={t('waiting')} />
  const tiles = readingOrder(choice.wall.tiles).slice(0, mostTiles)
  if (tiles.length === 0) {
    const isNone = cameras.length === 0
    return (
      <Empty title={t(isNone ? 'noCamerasTitle' : 'emptyWallTitle')} hint={t('noCamerasHint')}>
        <Button onClick={() => go(isNone ? 'links' : 'cameras')}>
          {t(isNone ? 'openLinks' : 'openCameras')}
        </Button>
      </Empty>
    )
  }
  const columns = tiles.length > 1 ? 2 : 1
  return (
    <ul className={styles.pane} style={{ gridTemplateColumns: `repeat(${columns}, minmax(0, 1fr))` }}>
      {tiles.map((tile) => (
        <li key={tile.camera}>
          <CameraTile id={tile.camera} isPlain onEnlarge={() => go('cameras')} />
        </li>
      ))}
    </ul>
  )
}
