/** Taking a device out of service and back, and telling it its settings. */
import { NumberInput, Switch, Textarea } from '@mantine/core'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { Device } from '../../../contract/devices.ts'
import { useAction } from '../../data/action.ts'
import { Dialog } from '../../ui/dialog.tsx'
import styles from './blue-alerts.module.css'

interface Props {
  readonly device: Device
  readonly onClose: () => void
}

export function ServiceDialog({ device, onClose }: Props) {
  const { t } = useTranslation('blueAlerts')
  const service = useAction('devices.service')
  const [reason, setReason] = useState('')
  const isBack = device.outOfService
  const submit = async () => {
    const done = await service.ask({ id: device.id, outOfService: !isBack, reason: reason.trim() })
    if (done) onClose()
  }
  return (
    <Dialog
      title={t(isBack ? 'serviceTitleBack' : 'serviceTitleOut', { name: device.name })}
      onClose={onClose}
      onSubmit={() => void submit()}
      submitLabel={isBack ? t('putBack') : t('takeOut')}
      canSubmit={reason.trim() !== ''}
      busy={service.asking}
      fault={service.fault}
    >
      <Textarea
        label={t('reason')}
        description={isBack ? t('serviceBackHint') : t('serviceHint')}
        required
        rows={3}
        maxLength={2000}
        data-autofocus
        value={reason}
        onChange={(event) => setReason(event.currentTarget.value)}
      />
    </Dialog>
  )
}

const usualSensitivity = 0.7

export function SettingsDialog({ device, onClose }: Props) {
  const { t } = useTranslation('blueAlerts')
  const sending = useAction('devices.settings')
  const [sensitivity, setSensitivity] = useState<number | string>(
    device.settings?.blueSensitivity ?? usualSensitivity,
  )
  const [push, setPush] = useState(device.settings?.pushAlertsEnabled ?? true)
  const isValid = typeof sensitivity === 'number' && sensitivity >= 0 && sensitivity <= 1
  const submit = async () => {
    if (typeof sensitivity !== 'number') return
    const done = await sending.ask({
      link: device.link,
      devices: [device.device],
      settings: { blueSensitivity: sensitivity, pushAlertsEnabled: push },
    })
    if (done) onClose()
  }
  return (
    <Dialog
      title={t('settingsTitle', { name: device.name })}
      onClose={onClose}
      onSubmit={() => void submit()}
      submitLabel={t('send')}
      canSubmit={isValid}
      busy={sending.asking}
      fault={sending.fault}
    >
      <p className={styles.note}>
        {device.settings === null
          ? t('settingsUnknown')
          : device.settingsVersion === null
            ? t('settingsHint')
            : `${t('settingsHint')} ${t('settingsVersion', { version: device.settingsVersion })}.`}
      </p>
      <NumberInput
        label={t('sensitivity')}
        description={t('sensitivityHint')}
        min={0}
        max={1}
        step={0.05}
        decimalScale={2}
        clampBehavior="none"
        error={isValid ? null : t('sensitivityHint')}
        data-autofocus
        value={sensitivity}
        onChange={setSensitivity}
      />
      <Switch label={t('push')} checked={push} onChange={(event) => setPush(event.currentTarget.checked)} />
    </Dialog>
  )
}
