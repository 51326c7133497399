/** Opens the export of video, with what is to be exported where that is known. */
import { useTranslation } from 'react-i18next'
import type { CameraId } from '../../../contract/cameras.ts'
import { Cell } from '../../data/cell.ts'
import { useMay } from '../../data/site.ts'
import { Button } from '../../ui/button.tsx'
import type { ExportWish } from './video-export.ts'

type Prefilled = Omit<ExportWish, 'camera'> & { readonly camera: CameraId | null }

/** `undefined`: closed. Null: nothing is filled in. */
export const exportDialog = new Cell<Prefilled | null | undefined>(undefined)

export function ExportButton({ wish }: { readonly wish: Prefilled | null }) {
  const { t } = useTranslation('recordings')
  const mayExport = useMay('operator')
  return (
    <Button
      disabled={!mayExport}
      title={t(mayExport ? 'exportHint' : 'exportNeedsOperator')}
      onClick={() => exportDialog.set(wish)}
    >
      {t('export')}
    </Button>
  )
}
