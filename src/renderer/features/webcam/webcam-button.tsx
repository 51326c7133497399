/** On a webcam's link: send it from this very screen. */
import { useTranslation } from 'react-i18next'
import type { LinkId } from '../../../contract/links.ts'
import { useMay } from '../../data/site.ts'
import { Button } from '../../ui/button.tsx'
import { openWebcamDialog } from './webcam-host.tsx'

export function WebcamButton({ link }: { readonly link: LinkId }) {
  const { t } = useTranslation('webcam')
  const mayAct = useMay('operator')
  return (
    <p>
      <Button disabled={!mayAct} onClick={() => openWebcamDialog(link)}>
        {t('useHere')}
      </Button>
    </p>
  )
}
