/** The window that shows a wall and nothing else, with what concerns every screen above it: a wall must not look live when it is not. */
import { useTranslation } from 'react-i18next'
import { useIsCutOff } from '../../data/health.ts'
import { Boundary } from '../../ui/boundary.tsx'
import { Button } from '../../ui/button.tsx'
import { Banners } from '../shell/banners.tsx'
import styles from './cameras.module.css'
import { CamerasView } from './cameras-view.tsx'

export function WallWindow() {
  const { t } = useTranslation('cameras')
  const cutOff = useIsCutOff()
  return (
    <main className={styles.window} data-cut-off={cutOff}>
      <Banners />
      <Boundary fallback={(retry) => <Button onClick={retry}>{t('wallBroken')}</Button>}>
        <CamerasView />
      </Boundary>
    </main>
  )
}
