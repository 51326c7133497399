/** How each face server recognises: on or off, which method, and how alike two faces must be. */
import { NativeSelect, NumberInput, Switch } from '@mantine/core'
import { useCallback, useEffect, useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { FaceSettings } from '../../../contract/faces.ts'
import type { Fault } from '../../../contract/fault.ts'
import type { Link } from '../../../contract/links.ts'
import { asFault, useAction } from '../../data/action.ts'
import { useClient } from '../../data/client.ts'
import { useIsCutOff } from '../../data/health.ts'
import { isReachable, useFaceServers } from '../../data/people.ts'
import { useMay } from '../../data/site.ts'
import { Button } from '../../ui/button.tsx'
import { Empty } from '../../ui/empty.tsx'
import { FaultNote } from '../../ui/fault-note.tsx'
import { NeedsRole } from '../links/needs-role.tsx'
import { EngineSettings } from './engine-settings.tsx'
import styles from './faces.module.css'
import libraryLook from './library.module.css'
import { NoServer } from './no-server.tsx'

export function RecognitionPane() {
  const { t } = useTranslation('faces')
  const servers = useFaceServers()
  if (servers === undefined) return <Empty title={t('reading')} />
  if (servers.length === 0) return <NoServer />
  return (
    <div className={libraryLook.recognition}>
      <NeedsRole needed="admin" />
      {servers.map((server) =>
        server.profile.driver === 'device-faces' ? (
          <EngineSettings key={server.id} engine={server} profile={server.profile} />
        ) : (
          <ServerSettings key={server.id} server={server} />
        ),
      )}
    </div>
  )
}

function ServerSettings({ server }: { readonly server: Link }) {
  const { t } = useTranslation('faces')
  const cutOff = useIsCutOff()
  const isUp = isReachable(server) && !cutOff
  const { settings, fault, read } = useFaceSettings(server, isUp)
  const [isSaved, setSaved] = useState(false)
  return (
    <section className={libraryLook.server} aria-label={server.name}>
      <h3>{server.name}</h3>
      {isUp ? null : <p className={styles.flag}>{t('serverDown', { server: server.name })}</p>}
      {fault ? <FaultNote fault={fault} onRetry={read} /> : null}
      {settings ? (
        <SettingsForm
          key={JSON.stringify(settings)}
          server={server}
          settings={settings}
          isUp={isUp}
          onChange={() => setSaved(false)}
          onSaved={() => {
            setSaved(true)
            read()
          }}
        />
      ) : isUp && fault === null ? (
        <p className={styles.soft}>{t('reading')}</p>
      ) : null}
      <p role="status" className={styles.soft}>
        {isSaved ? t('saved') : ''}
      </p>
    </section>
  )
}

interface FormProps {
  readonly server: Link
  readonly settings: FaceSettings
  readonly isUp: boolean
  readonly onChange: () => void
  readonly onSaved: () => void
}

function SettingsForm({ server, settings, isUp, onChange, onSaved }: FormProps) {
  const { t } = useTranslation('faces')
  const mayEdit = useMay('admin')
  const save = useAction('faces.settings.save')
  const [enabled, setEnabled] = useState(settings.enabled)
  const [method, setMethod] = useState(settings.detectionMethod)
  const [threshold, setThreshold] = useState<number | string>(settings.recognitionThreshold)
  const isValid = typeof threshold === 'number' && threshold >= 0 && threshold <= 1
  const isChanged =
    enabled !== settings.enabled ||
    method !== settings.detectionMethod ||
    threshold !== settings.recognitionThreshold
  const isFixed = !mayEdit || !isUp
  return (
    <form
      onChange={onChange}
      className={libraryLook.form}
      onSubmit={(event) => {
        event.preventDefault()
        if (typeof threshold !== 'number' || !isValid || isFixed) return
        void save
          .ask({
            link: server.id,
            settings: { enabled, detectionMethod: method, recognitionThreshold: threshold },
          })
          .then((done) => done && onSaved())
      }}
    >
      <Switch
        label={t('recognise')}
        disabled={isFixed}
        checked={enabled}
        onChange={(event) => setEnabled(event.currentTarget.checked)}
      />
      <NativeSelect
        label={t('method')}
        description={t('methodHint')}
        disabled={isFixed}
        value={method}
        onChange={(event) => setMethod(event.currentTarget.value === 'cnn' ? 'cnn' : 'hog')}
        data={[
          { value: 'hog', label: t('method-hog') },
          { value: 'cnn', label: t('method-cnn') },
        ]}
      />
      <NumberInput
        label={t('threshold')}
        description={t('thresholdHint')}
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
        <Button submit primary disabled={isFixed || !isValid || !isChanged} busy={save.asking && t('saving')}>
          {t('save')}
        </Button>
      </div>
    </form>
  )
}

interface Asked {
  readonly settings: FaceSettings | null
  readonly fault: Fault | null
}

function useFaceSettings(server: Link, isUp: boolean): Asked & { readonly read: () => void } {
  const client = useClient()
  const [asked, setAsked] = useState<Asked>({ settings: null, fault: null })
  const [round, setRound] = useState(0)
  // biome-ignore lint/correctness/useExhaustiveDependencies: saving or a retry reads again
  useEffect(() => {
    if (!isUp) return
    const ended = new AbortController()
    client.call('faces.settings', { link: server.id }, { signal: ended.signal }).then(
      (settings) => !ended.signal.aborted && setAsked({ settings, fault: null }),
      (error: unknown) =>
        !ended.signal.aborted && setAsked((before) => ({ ...before, fault: asFault(error) })),
    )
    return () => ended.abort()
  }, [client, server.id, isUp, round])
  const read = useCallback(() => setRound((before) => before + 1), [])
  return { ...asked, read }
}
