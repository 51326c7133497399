/** Whether this screen can be heard, what sounds now, and how to silence it: recorded for each alert, hushed here at once. */
import { useEffect } from 'react'
import { useTranslation } from 'react-i18next'
import { useClient } from '../../data/client.ts'
import { useIsCutOff, useLastPulseAt } from '../../data/health.ts'
import { useMay, useSite } from '../../data/site.ts'
import { Button } from '../../ui/button.tsx'
import { silenceAll } from '../alerts/alert-acts.ts'
import { hushHere, setDeaf, setSoundOn, useSound } from '../alerts/annunciator.ts'
import { openFrameDialog } from './frame-dialogs.tsx'
import styles from './shell.module.css'

export function SoundState() {
  const { t } = useTranslation('shell')
  const client = useClient()
  const site = useSite()
  const mayAct = useMay('operator')
  const sound = useSound()
  const cutOff = useIsCutOff()
  const wasHeard = useLastPulseAt() !== null
  useEffect(() => setDeaf(cutOff && wasHeard), [cutOff, wasHeard])
  useEffect(() => {
    if (site !== undefined) setSoundOn(site.sound)
  }, [site])
  if (!sound.isOn) return <span className={styles.soundOff}>{t('soundOff')}</span>
  if (sound.isBlocked) {
    // Any click lets the page sound; this one says so.
    return (
      <Button className={styles.soundBlocked} onClick={() => {}}>
        {t('soundBlocked')}
      </Button>
    )
  }
  if (sound.hasFailed) return <Button onClick={() => openFrameDialog('sound')}>{t('soundFailed')}</Button>
  if (cutOff && sound.sounding === null) {
    return sound.deaf === 'sounding' ? (
      <Button className={styles.sounding} onClick={hushHere}>
        {t('soundDeaf')}
      </Button>
    ) : (
      <span className={styles.soundOff}>{t('soundNothing')}</span>
    )
  }
  if (sound.sounding === null) {
    return <Button onClick={() => openFrameDialog('sound')}>{t('soundOn')}</Button>
  }
  return (
    <Button
      className={styles.sounding}
      onClick={() => {
        const ids = sound.soundingIds
        hushHere()
        if (mayAct) void silenceAll(client, ids)
      }}
    >
      {t('silenceAll', { count: sound.soundingIds.length })}
    </Button>
  )
}
