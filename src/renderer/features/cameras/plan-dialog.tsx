/** What Watchfloor does with one camera's pictures, beside showing them: chosen here, kept by the app, recorded in the timeline. */
import { NativeSelect, NumberInput, SegmentedControl, Switch } from '@mantine/core'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { Camera } from '../../../contract/cameras.ts'
import type { CameraPlan } from '../../../contract/plans.ts'
import { useAction } from '../../data/action.ts'
import { useLinks } from '../../data/links.ts'
import { usePlan } from '../../data/plans.ts'
import { useMay } from '../../data/site.ts'
import { Dialog } from '../../ui/dialog.tsx'
import { NeedsRole } from '../links/needs-role.tsx'
import styles from './plan.module.css'

interface Props {
  readonly camera: Camera
  readonly onClose: () => void
}

export function PlanDialog({ camera, onClose }: Props) {
  const plan = usePlan(camera.id)
  return plan === undefined ? null : <PlanForm camera={camera} plan={plan} onClose={onClose} />
}

function PlanForm({ camera, plan, onClose }: Props & { readonly plan: CameraPlan }) {
  const { t } = useTranslation('cameraPlan')
  const mayAct = useMay('operator')
  const save = useAction('plans.save')
  const [draft, setDraft] = useState(plan)
  const [perSecond, setPerSecond] = useState<number | string>(plan.facesPerSecond)
  const links = useLinks() ?? []
  const servers = links.filter(({ profile }) => profile.driver === 'owt-client')
  const change = (fields: Partial<CameraPlan>) => setDraft((before) => ({ ...before, ...fields }))
  // The first server there is, where none was chosen yet: a select shows it as chosen.
  const faceLink = draft.faceLink ?? servers[0]?.id ?? null
  const isRate = typeof perSecond === 'number' && perSecond >= 1 && perSecond <= 30
  const canSubmit =
    mayAct && (draft.faces !== 'server' || faceLink !== null) && (draft.faces === 'off' || isRate)
  const submit = async () => {
    const facesPerSecond = isRate ? Math.round(perSecond) : plan.facesPerSecond
    const kept = { ...draft, facesPerSecond, faceLink: draft.faces === 'server' ? faceLink : draft.faceLink }
    if ((await save.ask({ plan: kept })) !== undefined) onClose()
  }
  return (
    <Dialog
      title={t('title', { name: camera.name })}
      onClose={onClose}
      canSubmit={canSubmit}
      busy={save.asking}
      fault={save.fault}
      {...(mayAct ? { onSubmit: () => void submit() } : {})}
    >
      <NeedsRole needed="operator" />
      <fieldset className={styles.fields} disabled={!mayAct}>
        <Switch
          label={t('record')}
          description={t('recordHint')}
          checked={draft.record}
          onChange={(event) => change({ record: event.currentTarget.checked })}
        />
        <Switch
          label={t('blueLight')}
          description={t('blueLightHint')}
          checked={draft.blueLight}
          onChange={(event) => change({ blueLight: event.currentTarget.checked })}
        />
        <div className={styles.group}>
          <span id="plan-faces">{t('faces')}</span>
          <SegmentedControl
            fullWidth
            disabled={!mayAct}
            aria-labelledby="plan-faces"
            value={draft.faces}
            data={(['off', 'device', 'server'] as const).map((value) => ({
              value,
              label: t(`faces-${value}`),
            }))}
            onChange={(faces) => change({ faces: faces as CameraPlan['faces'] })}
          />
          <small>{t(`facesHint-${draft.faces}`)}</small>
        </div>
        {draft.faces === 'off' ? null : (
          <FaceFields
            draft={draft}
            change={change}
            servers={servers.map(({ id, name }) => ({ value: id, label: name }))}
            faceLink={faceLink}
            hasEngine={links.some(({ profile }) => profile.driver === 'device-faces' && profile.enabled)}
          />
        )}
        {draft.faces === 'off' ? null : (
          <NumberInput
            label={t('perSecond')}
            description={t('perSecondHint')}
            min={1}
            max={30}
            allowDecimal={false}
            clampBehavior="none"
            error={isRate ? null : t('perSecondHint')}
            value={perSecond}
            onChange={setPerSecond}
          />
        )}
      </fieldset>
      <p className={styles.privacy}>{t('privacy')}</p>
    </Dialog>
  )
}

interface FaceProps {
  readonly draft: CameraPlan
  readonly change: (fields: Partial<CameraPlan>) => void
  readonly servers: readonly { readonly value: CameraPlan['faceLink'] & string; readonly label: string }[]
  readonly faceLink: CameraPlan['faceLink']
  readonly hasEngine: boolean
}

function FaceFields({ draft, change, servers, faceLink, hasEngine }: FaceProps) {
  const { t } = useTranslation('cameraPlan')
  const isServer = draft.faces === 'server'
  return (
    <>
      {isServer && servers.length === 0 ? <p className={styles.missing}>{t('noServer')}</p> : null}
      {isServer && servers.length > 0 ? (
        <NativeSelect
          label={t('server')}
          value={faceLink ?? ''}
          data={[...servers]}
          onChange={(event) => {
            const chosen = servers.find(({ value }) => value === event.currentTarget.value)
            if (chosen !== undefined) change({ faceLink: chosen.value })
          }}
        />
      ) : null}
      {isServer ? (
        <Switch
          label={t('fallback')}
          description={t('fallbackHint')}
          checked={draft.fallback}
          onChange={(event) => change({ fallback: event.currentTarget.checked })}
        />
      ) : null}
      {(!isServer || draft.fallback) && !hasEngine ? <p className={styles.missing}>{t('noEngine')}</p> : null}
      <NativeSelect
        label={t('fit')}
        description={t('fitHint')}
        value={draft.fit}
        data={(['letterbox', 'crop'] as const).map((value) => ({ value, label: t(`fit-${value}`) }))}
        onChange={(event) => change({ fit: event.currentTarget.value === 'crop' ? 'crop' : 'letterbox' })}
      />
    </>
  )
}
