/** No link to a face server: what the library would be, and where to begin. */
import { useTranslation } from 'react-i18next'
import { go } from '../../data/route.ts'
import { Button } from '../../ui/button.tsx'
import { Empty } from '../../ui/empty.tsx'

export function NoServer() {
  const { t } = useTranslation('faces')
  return (
    <Empty title={t('noServerTitle')} hint={t('noServerHint')}>
      <Button primary onClick={() => go('links')}>
        {t('toLinks')}
      </Button>
    </Empty>
  )
}
