/** Which Watchfloor this is, and who looks at it. */
import { useTranslation } from 'react-i18next'
import { useSite } from '../../data/site.ts'
import { Fact, Facts } from '../../ui/facts.tsx'

export function About() {
  const { t } = useTranslation('settings')
  const { t: tc } = useTranslation('common')
  const site = useSite()
  if (!site) return null
  return (
    <Facts>
      <Fact name={t('version')}>Watchfloor {site.version}</Fact>
      <Fact name={t('shell')}>{t(`shell-${site.shell}`)}</Fact>
      <Fact name={t('signedOn')}>{site.user}</Fact>
      <Fact name={t('role')}>{tc(site.role)}</Fact>
      <Fact name={t('licence')}>{t('licenceText')}</Fact>
    </Facts>
  )
}
