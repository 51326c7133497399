/** Opens a camera in a small window above all others, and closes it again; where the browser has none, says so. */
import { useTranslation } from 'react-i18next'
import type { Camera } from '../../../contract/cameras.ts'
import { useCell } from '../../data/cell.ts'
import { useClient } from '../../data/client.ts'
import { Button } from '../../ui/button.tsx'
import { canPip, closePip, openPip, pipState } from './pip.ts'

export function PipButton({ camera }: { readonly camera: Camera }) {
  const { t } = useTranslation('cameras')
  const client = useClient()
  const state = useCell(pipState)
  const isOpen = state.is === 'open' && state.camera === camera.id
  const hasFailed = state.is === 'failed' && state.camera === camera.id
  const words = {
    name: camera.name,
    opening: t('opening'),
    late: t('picture-late'),
    lost: (trouble: string) => [t('picture-lost'), trouble].filter(Boolean).join(': '),
  }
  return (
    <Button
      aria-pressed={isOpen}
      disabled={!canPip()}
      title={t(!canPip() ? 'pipMissing' : hasFailed ? 'pipFailed' : 'pipHint')}
      onClick={() => (isOpen ? closePip() : void openPip(client, camera.id, words))}
    >
      {t(isOpen ? 'pipClose' : hasFailed ? 'pipAgain' : 'pip')}
    </Button>
  )
}
