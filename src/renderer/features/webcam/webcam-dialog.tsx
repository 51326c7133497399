/** Choosing this screen's webcam: as which camera, which device, how large. */
import { NativeSelect } from '@mantine/core'
import { useEffect, useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { LinkId } from '../../../contract/links.ts'
import { useAction } from '../../data/action.ts'
import { useClient } from '../../data/client.ts'
import { useLinks } from '../../data/links.ts'
import { useMay } from '../../data/site.ts'
import { Button } from '../../ui/button.tsx'
import { Dialog } from '../../ui/dialog.tsx'
import { Empty } from '../../ui/empty.tsx'
import { lastChoice, startWebcam } from './webcam.ts'

const sizes = ['640x480', '1280x720', '1920x1080'] as const

interface Props {
  readonly link: LinkId | null
  readonly onClose: () => void
}

export function WebcamDialog({ link, onClose }: Props) {
  const { t } = useTranslation('webcam')
  const client = useClient()
  const webcams = useLinks()?.filter(({ driver }) => driver === 'webcam') ?? []
  const devices = useDevices()
  const last = lastChoice()
  const [wanted, setWanted] = useState<string>(link ?? last?.link ?? '')
  const [device, setDevice] = useState(last?.device ?? '')
  const [size, setSize] = useState<string>(last === null ? sizes[0] : `${last.widthPx}x${last.heightPx}`)
  const chosen = webcams.find(({ id }) => id === wanted) ?? webcams[0]
  const submit = () => {
    if (chosen === undefined) return
    const [widthPx = 640, heightPx = 480] = size.split('x').map(Number)
    void startWebcam(client, { link: chosen.id, device, widthPx, heightPx })
    onClose()
  }
  return (
    <Dialog
      title={t('title')}
      onClose={onClose}
      {...(chosen === undefined ? {} : { onSubmit: submit })}
      submitLabel={t('start')}
    >
      {chosen === undefined ? (
        <NoWebcam />
      ) : (
        <>
          <NativeSelect
            label={t('as')}
            value={chosen.id}
            data={webcams.map(({ id, name }) => ({ value: id, label: name }))}
            onChange={(event) => setWanted(event.currentTarget.value)}
          />
          <NativeSelect
            label={t('device')}
            value={devices.some(({ deviceId }) => deviceId === device) ? device : ''}
            data={[
              { value: '', label: t('anyDevice') },
              ...devices.map(({ deviceId, label }, at) => ({
                value: deviceId,
                label: label === '' ? t('deviceNumber', { number: at + 1 }) : label,
              })),
            ]}
            onChange={(event) => setDevice(event.currentTarget.value)}
          />
          <NativeSelect
            label={t('size')}
            value={size}
            data={sizes.map((value) => ({ value, label: value.replace('x', ' × ') }))}
            onChange={(event) => setSize(event.currentTarget.value)}
          />
          <p>{t('privacy')}</p>
        </>
      )}
    </Dialog>
  )
}

function NoWebcam() {
  const { t } = useTranslation('webcam')
  const mayAdd = useMay('admin')
  const save = useAction('links.save')
  const links = useLinks()
  const add = () => {
    const names = new Set(links?.map(({ name }) => name))
    const name = names.has(t('newName')) ? `${t('newName')} ${names.size}` : t('newName')
    const id = `webcam-${crypto.getRandomValues(new Uint32Array(1))[0]?.toString(36) ?? '1'}`
    void save.ask({ profile: { id: id as LinkId, driver: 'webcam', name, enabled: true, location: '' } })
  }
  return (
    <Empty title={t('noLinkTitle')} hint={t(mayAdd ? 'noLinkHint' : 'noLinkAsk')}>
      {mayAdd ? (
        <Button primary busy={save.asking && '…'} onClick={add}>
          {t('add')}
        </Button>
      ) : null}
    </Empty>
  )
}

/** Their names are known only once the browser has allowed one; their ids too, so an empty one is no choice. */
function useDevices(): readonly MediaDeviceInfo[] {
  const [devices, setDevices] = useState<readonly MediaDeviceInfo[]>([])
  useEffect(() => {
    const media = navigator.mediaDevices
    if (media === undefined) return
    let isHere = true
    const list = () =>
      void media.enumerateDevices().then(
        (all) => {
          if (isHere) setDevices(all.filter(({ kind, deviceId }) => kind === 'videoinput' && deviceId !== ''))
        },
        () => {}, // a browser that will not say: the usual one remains
      )
    list()
    media.addEventListener('devicechange', list)
    return () => {
      isHere = false
      media.removeEventListener('devicechange', list)
    }
  }, [])
  return devices
}
