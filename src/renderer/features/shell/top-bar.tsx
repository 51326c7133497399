/** The line at the top: whose site, what time, what the links do, how loaded the operator is, who is on shift, what sounds. */
import { useTranslation } from 'react-i18next'
import type { Link } from '../../../contract/links.ts'
import { useHealth, useIsCutOff } from '../../data/health.ts'
import { useLinks } from '../../data/links.ts'
import { useNow } from '../../data/now.ts'
import { go } from '../../data/route.ts'
import { useSite } from '../../data/site.ts'
import { useTimes } from '../../data/times.ts'
import { setScheme, useScheme } from '../../theme/scheme.ts'
import { Button } from '../../ui/button.tsx'
import { Lamp, type LampShape } from '../../ui/lamp.tsx'
import { Meter } from '../../ui/meter.tsx'
import { StopButton } from '../stop-request/stop-button.tsx'
import { openFrameDialog } from './frame-dialogs.tsx'
import { lampOf, useLinkStanding } from './link-standing.ts'
import styles from './shell.module.css'
import { SoundState } from './sound-state.tsx'

export function TopBar() {
  const { t } = useTranslation('shell')
  const site = useSite()
  const scheme = useScheme()
  return (
    <header className={styles.top}>
      <strong className={styles.name}>{site?.siteName ?? 'Watchfloor'}</strong>
      <Clock />
      <LinkChips />
      <LoadMeter />
      <SoundState />
      <SignedOn />
      <Button onClick={() => setScheme(scheme === 'dark' ? 'light' : 'dark')}>
        {scheme === 'dark' ? t('toLight') : t('toDark')}
      </Button>
      <Button hotkey="?" onClick={() => openFrameDialog('help')}>
        {t('help')}
      </Button>
      <StopButton />
    </header>
  )
}

function Clock() {
  const now = useNow()
  const times = useTimes()
  const site = useSite()
  return (
    <time className={styles.clock} dateTime={new Date(now).toISOString()}>
      {times.clock(now)}
      <small>
        {site?.timeZone ? `${site.timeZone.split('/').at(-1)?.replaceAll('_', ' ')} ` : ''}
        {times.offset(now)}
      </small>
    </time>
  )
}

/** With more links than these there is no room for the name of each: then the line names those in trouble and counts the rest. */
const mostNamed = 3

function LinkChips() {
  const { t } = useTranslation('shell')
  const links = useLinks() ?? []
  const now = useNow()
  const standing = useLinkStanding()
  const cutOff = useIsCutOff()
  const isTroubled = (link: Link) => ['trouble', 'bad'].includes(lampOf(link))
  const named = links.length <= mostNamed ? links : links.filter(isTroubled).slice(0, mostNamed)
  const live = links.filter(({ state }) => state.is === 'live').length
  const listening = links.filter(({ state }) => state.is === 'listening').length
  const counted = [
    t(cutOff ? 'linksWereLive' : 'linksLive', { live, total: links.length }),
    ...(listening > 0 && !cutOff ? [t('linksListening', { count: listening })] : []),
  ].join(', ')
  return (
    <div className={styles.chips}>
      {named.length < links.length && <Chip lamp={cutOff || live === 0 ? 'idle' : 'good'} text={counted} />}
      {named.map((link) => {
        const said = standing(link, now)
        const text = `${link.name} ${cutOff ? t('linkWas', { state: said }) : said}`
        return <Chip key={link.id} lamp={cutOff ? 'idle' : lampOf(link)} text={text} />
      })}
    </div>
  )
}

/** Cut off where there is no room; the pointer gets the whole of it. */
function Chip({ lamp, text }: { readonly lamp: LampShape; readonly text: string }) {
  return (
    <button type="button" className={styles.chip} title={text} onClick={() => go('links')}>
      <Lamp shape={lamp} />
      <span>{text}</span>
    </button>
  )
}

/** ISA-18.2: two alarms in ten minutes are the most a person can deal with, more than ten are a flood. */
const mostAlarms = 2
const flood = 10

function LoadMeter() {
  const { t } = useTranslation('shell')
  const load = useHealth()?.load
  if (load === undefined) return <span className={styles.load}>{t('loadUnknown')}</span>
  const rate = load.lastTenMinutes
  return (
    <span className={styles.load}>
      {t('load', { rate })}
      <span className={styles.loadBar}>
        <Meter
          value={rate / flood}
          mark={mostAlarms / flood}
          label={t('loadLabel', { rate })}
          tone={rate > mostAlarms ? 'high' : 'plain'}
        />
      </span>
    </span>
  )
}

function SignedOn() {
  const { t } = useTranslation(['shell', 'common'])
  const site = useSite()
  if (site === undefined) return null
  const hasName = site.user !== '' && site.user !== site.role
  return (
    <button
      type="button"
      className={styles.person}
      aria-label={hasName ? t('signedOnLabel', { name: site.user }) : t('signOn')}
      onClick={() => openFrameDialog('sign-on')}
    >
      {hasName ? t('signedOn', { name: site.user, role: t(`common:${site.role}`) }) : t('signOn')}
    </button>
  )
}
