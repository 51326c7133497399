/** The one setting of the face engine that comes with the installation: how alike a face must be to be called by a name. */
import { NumberInput } from '@mantine/core'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { Link, LinkProfile } from '../../../contract/links.ts'
import { useAction } from '../../data/action.ts'
import { useIsCutOff } from '../../data/health.ts'
import { useMay } from '../../data/site.ts'
import { Button } from '../../ui/button.tsx'
import { FaultNote } from '../../ui/fault-note.tsx'
import styles from './faces.module.css'
import libraryLook from './library.module.css'

interface Props {
  readonly engine: Link
  readonly profile: Extract<LinkProfile, { driver: 'device-faces' }>
}

export function EngineSettings({ engine, profile }: Props) {
  const { t } = useTranslation('faces')
  return (
    <section className={libraryLook.server} aria-label={engine.name}>
      <h3>{engine.name}</h3>
      <p className={styles.soft}>{t(engine.state.is === 'live' ? 'engineLooks' : 'engineWaits')}</p>
      <ThresholdForm key={profile.threshold} profile={profile} />
    </section>
  )
}

function ThresholdForm({ profile }: Pick<Props, 'profile'>) {
  const { t } = useTranslation('faces')
  const mayEdit = useMay('admin')
  const cutOff = useIsCutOff()
  const save = useAction('links.save')
  const [threshold, setThreshold] = useState<number | string>(profile.threshold)
  const isValid = typeof threshold === 'number' && threshold >= 0 && threshold <= 1
  const isFixed = !mayEdit || cutOff
  return (
    <form
      className={libraryLook.form}
      onSubmit={(event) => {
        event.preventDefault()
        if (isValid && !isFixed) void save.ask({ profile: { ...profile, threshold } })
      }}
    >
      <NumberInput
        label={t('likeness')}
        description={t('likenessHint')}
        disabled={isFixed}
        min={0}
        max={1}
        step={0.05}
        decimalScale={3}
        clampBehavior="none"
        value={threshold}
        error={isValid ? undefined : t('thresholdBad')}
        onChange={setThreshold}
      />
      {save.fault ? <FaultNote fault={save.fault} /> : null}
      <div className={styles.acts}>
        <Button
          submit
          primary
          disabled={isFixed || !isValid || threshold === profile.threshold}
          busy={save.asking && t('saving')}
        >
          {t('save')}
        </Button>
      </div>
    </form>
  )
}
