/** On every view: that this screen's webcam is on, with the button that ends it; and the dialog that turns it on. */
import { useEffect } from 'react'
import { useTranslation } from 'react-i18next'
import type { LinkId } from '../../../contract/links.ts'
import { Cell, useCell } from '../../data/cell.ts'
import { useClient } from '../../data/client.ts'
import { useLinks } from '../../data/links.ts'
import { useMay } from '../../data/site.ts'
import { wallOfWindow } from '../../data/wall-window.ts'
import { Banner } from '../../ui/banner.tsx'
import { Button } from '../../ui/button.tsx'
import { resumeWebcam, startWebcam, stopWebcam, type WebcamState, webcamState } from './webcam.ts'
import { WebcamDialog } from './webcam-dialog.tsx'

const dialog = new Cell<{ readonly link: LinkId | null } | null>(null)

/** With the link it should be, where that is known. */
export function openWebcamDialog(link: LinkId | null): void {
  dialog.set({ link })
}

export function WebcamHost() {
  const client = useClient()
  const mayAct = useMay('operator')
  const open = useCell(dialog)
  useEffect(() => {
    // A window beside the main one would take the webcam away from it.
    if (mayAct && wallOfWindow === null) void resumeWebcam(client)
  }, [client, mayAct])
  return (
    <>
      <WebcamMark />
      {open === null ? null : <WebcamDialog link={open.link} onClose={() => dialog.set(null)} />}
    </>
  )
}

function WebcamMark() {
  const { t } = useTranslation('webcam')
  const client = useClient()
  const state = useCell(webcamState)
  const links = useLinks()
  if (state.is === 'off') return null
  const name = links?.find((link) => link.id === state.choice.link)?.name ?? state.choice.link
  const acts =
    state.is === 'failed' ? (
      <>
        <Button onClick={() => void startWebcam(client, state.choice)}>{t('again')}</Button>
        <Button onClick={stopWebcam}>{t('close')}</Button>
      </>
    ) : (
      <Button onClick={stopWebcam}>{t('stop')}</Button>
    )
  return (
    <Banner tone="notice" action={acts}>
      {text(state, name, t)}
    </Banner>
  )
}

function text(
  state: Exclude<WebcamState, { is: 'off' }>,
  name: string,
  t: ReturnType<typeof useTranslation<'webcam'>>['t'],
): string {
  switch (state.is) {
    case 'starting':
      return t('isStarting', { name })
    case 'on':
      return t(state.isSent ? 'isSent' : 'isOn', { name, label: state.label })
    case 'failed':
      return t('failed', { why: t(`why-${state.why}`, { text: state.text }) })
    default:
      return state satisfies never
  }
}
