/** One link: its facts, its counters, where devices reach it, what may be done with it, and the messages crossing it. */
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { Link, LinkCounters } from '../../../contract/links.ts'
import { useAction } from '../../data/action.ts'
import { useNow } from '../../data/now.ts'
import { useMay } from '../../data/site.ts'
import { useTimes } from '../../data/times.ts'
import { Button } from '../../ui/button.tsx'
import { Dialog } from '../../ui/dialog.tsx'
import { Fact, Facts } from '../../ui/facts.tsx'
import { FaultNote } from '../../ui/fault-note.tsx'
import { Lamp } from '../../ui/lamp.tsx'
import { sizeText } from '../../ui/size-text.ts'
import { WebcamButton } from '../webcam/webcam-button.tsx'
import { CredentialsPanel } from './accounts/credentials-panel.tsx'
import { ServerAccounts } from './accounts/server-accounts.tsx'
import { HubAddress } from './hub-address.tsx'
import { kindOf } from './kinds/kinds.ts'
import styles from './links.module.css'
import { MessageInspector } from './message-inspector.tsx'
import { ProfileDialog } from './profile-dialog.tsx'
import { TestSteps } from './test-steps.tsx'
import { lampOf, useLinkWords } from './use-link-words.ts'

interface Props {
  readonly link: Link
  readonly links: readonly Link[]
}

export function LinkDetail({ link, links }: Props) {
  const { t } = useTranslation('links')
  const words = useLinkWords()
  const now = useNow()
  return (
    <>
      <header className={styles.detailHead}>
        <Lamp shape={lampOf(link)} />
        <h2>{link.name}</h2>
        <span>{words.state(link, now)}</span>
        <span className={styles.soft}>{words.reason(link)}</span>
        <span className={styles.spacer} />
        <LinkActs link={link} links={links} />
      </header>
      <div className={styles.columns}>
        <LinkFacts link={link} />
        <section>
          <h3>{t('counters')}</h3>
          <Counters counters={link.counters} />
        </section>
      </div>
      {kindOf(link.driver).logsIn ? <CredentialsPanel link={link} /> : null}
      {link.driver === 'blue-light-hub' ? <HubAddress link={link} /> : null}
      {link.driver === 'webcam' ? <WebcamButton link={link.id} /> : null}
      {link.driver === 'openeye-server' || link.driver === 'oht50-gateway' ? (
        <ServerAccounts link={link} />
      ) : null}
      <MessageInspector link={link} />
    </>
  )
}

function LinkFacts({ link }: { readonly link: Link }) {
  const { t } = useTranslation('links')
  const words = useLinkWords()
  const times = useTimes()
  const now = useNow()
  const reason = words.reason(link)
  const { state } = link
  const age = link.lastUsefulAt === null ? null : Math.max(0, now - link.lastUsefulAt)
  return (
    <Facts>
      <Fact name={t('driver')}>{t(`driver-${link.driver}`)}</Fact>
      <Fact name={t('address')}>
        <code>{link.address}</code>
      </Fact>
      <Fact name={t('state')}>{words.state(link, now)}</Fact>
      {reason === '' ? null : <Fact name={t('reason')}>{reason}</Fact>}
      {link.note === undefined ? null : <Fact name={t('note')}>{link.note}</Fact>}
      {'retryAt' in state ? <Fact name={t('nextTry')}>{times.clock(state.retryAt)}</Fact> : null}
      <Fact name={t('since')}>{times.clockOrDate(link.stateSince, now)}</Fact>
      <Fact name={t('lastUseful')} stale={age === null || age > link.budgetMs}>
        {link.lastUsefulAt === null || age === null
          ? t('noneYet')
          : `${times.clockOrDate(link.lastUsefulAt, now)}, ${times.ago(age)}`}
      </Fact>
      <Fact name={t('budget')}>{times.duration(link.budgetMs)}</Fact>
      <Fact name={t('peers')}>{t('peersNow', { count: link.peers })}</Fact>
      <Fact name={t('queue')}>{link.queueDepth}</Fact>
    </Facts>
  )
}

const shownCounters = [
  'messagesIn',
  'messagesOut',
  'bytesIn',
  'alertsStored',
  'duplicates',
  'lateAlerts',
  'badMessages',
  'unknownMessages',
  'pauses',
  'refusedPeers',
] as const satisfies readonly (keyof LinkCounters)[]

function Counters({ counters }: { readonly counters: LinkCounters }) {
  const { t } = useTranslation('links')
  return (
    <Facts>
      {shownCounters.map((name) => (
        <Fact key={name} name={t(name)} stale={counters[name] === 0}>
          {name === 'bytesIn' ? sizeText(counters.bytesIn) : counters[name].toLocaleString('en')}
        </Fact>
      ))}
    </Facts>
  )
}

/** States in which trying at once makes a difference. */
const retryable: readonly Link['state']['is'][] = ['waiting', 'polling', 'refused', 'opening']

function LinkActs({ link, links }: Props) {
  const { t } = useTranslation('links')
  const mayRetry = useMay('operator')
  const mayEdit = useMay('admin')
  const retry = useAction('links.retry')
  const save = useAction('links.save')
  const test = useAction('links.test')
  const [open, setOpen] = useState<'none' | 'edit' | 'remove' | 'test'>('none')
  const [tested, setTested] = useState<Awaited<ReturnType<typeof test.ask>>>()
  const isWaiting = retryable.includes(link.state.is)
  const profile = { ...link.profile, enabled: !link.profile.enabled }
  const fault = retry.fault ?? save.fault
  return (
    <>
      <Button
        disabled={!mayRetry || !isWaiting}
        title={isWaiting ? t('retryHint') : t('retryIdle')}
        busy={retry.asking && t('retry')}
        onClick={() => void retry.ask({ id: link.id })}
      >
        {t('retry')}
      </Button>
      <Button
        disabled={!mayEdit}
        busy={test.asking && t('testing')}
        onClick={() => {
          setOpen('test')
          setTested(undefined)
          void test.ask({ profile: link.profile }).then(setTested)
        }}
      >
        {t('test')}
      </Button>
      <Button disabled={!mayEdit} busy={save.asking && '…'} onClick={() => void save.ask({ profile })}>
        {link.profile.enabled ? t('disable') : t('enable')}
      </Button>
      <Button disabled={!mayEdit} onClick={() => setOpen('edit')}>
        {t('edit')}
      </Button>
      <Button disabled={!mayEdit} onClick={() => setOpen('remove')}>
        {t('remove')}
      </Button>
      {fault ? <FaultNote fault={fault} /> : null}
      {open === 'edit' ? (
        <ProfileDialog links={links} profile={link.profile} onClose={() => setOpen('none')} />
      ) : null}
      {open === 'remove' ? <RemoveDialog link={link} onClose={() => setOpen('none')} /> : null}
      {open === 'test' ? (
        <Dialog title={`${t('test')}: ${link.name}`} onClose={() => setOpen('none')} fault={test.fault}>
          {test.asking ? <p role="status">{t('testing')}</p> : null}
          {tested ? <TestSteps test={tested} /> : null}
        </Dialog>
      ) : null}
    </>
  )
}

function RemoveDialog({ link, onClose }: { readonly link: Link; readonly onClose: () => void }) {
  const { t } = useTranslation('links')
  const remove = useAction('links.remove')
  return (
    <Dialog
      title={t('removeTitle', { name: link.name })}
      onClose={onClose}
      submitLabel={t('remove')}
      danger
      busy={remove.asking}
      fault={remove.fault}
      onSubmit={() => void remove.ask({ id: link.id }).then((done) => done && onClose())}
    >
      <p>{t('removeText', { queue: link.queueDepth })}</p>
    </Dialog>
  )
}
