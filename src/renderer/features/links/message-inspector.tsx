/** The raw messages crossing one link as they come: newest at the bottom, filter, pause, copy, and how many were missed. */
import { useVirtualizer } from '@tanstack/react-virtual'
import { useEffect, useMemo, useRef, useState, useSyncExternalStore } from 'react'
import { useTranslation } from 'react-i18next'
import type { Fault } from '../../../contract/fault.ts'
import type { Link, LinkId } from '../../../contract/links.ts'
import { asFault } from '../../data/action.ts'
import { useClient } from '../../data/client.ts'
import { useMay } from '../../data/site.ts'
import { useTimes } from '../../data/times.ts'
import { Button } from '../../ui/button.tsx'
import { CopyButton } from '../../ui/copy-button.tsx'
import { FaultNote } from '../../ui/fault-note.tsx'
import styles from './links.module.css'
import { type Line, lineText, MessageLog } from './message-log.ts'

export function MessageInspector({ link }: { readonly link: Link }) {
  const { t } = useTranslation('links')
  const mayRead = useMay('operator')
  return (
    <section className={styles.inspector} aria-label={t('inspector')}>
      <h3>{t('inspector')}</h3>
      {mayRead ? <Open id={link.id} /> : <p className={styles.soft}>{t('inspectorRole')}</p>}
    </section>
  )
}

function useLog(id: LinkId): { log: MessageLog; fault: Fault | null } {
  const client = useClient()
  // biome-ignore lint/correctness/useExhaustiveDependencies: each link has a log of its own
  const log = useMemo(() => new MessageLog(), [id])
  const [fault, setFault] = useState<Fault | null>(null)
  useEffect(
    () =>
      client.feed(
        'links.messages',
        { id },
        (header) => {
          setFault(null)
          log.add(header.messages, header.missed)
        },
        (error) => setFault(asFault(error)),
      ),
    [client, id, log],
  )
  return { log, fault }
}

const lineHeightPx = 22

function Open({ id }: { readonly id: LinkId }) {
  const { t } = useTranslation('links')
  const { log, fault } = useLog(id)
  const view = useSyncExternalStore(log.subscribe, log.snapshot)
  const [chosen, setChosen] = useState<Line | null>(null)
  const [wanted, setWanted] = useState('')
  const [isFollowing, setFollowing] = useState(true)
  const scroller = useRef<HTMLDivElement>(null)
  const { lines } = view
  const virtual = useVirtualizer({
    count: lines.length,
    getScrollElement: () => scroller.current,
    estimateSize: () => lineHeightPx,
    getItemKey: (index) => lines[index]?.n ?? index,
    overscan: 10,
  })
  const last = lines.at(-1)?.n
  // biome-ignore lint/correctness/useExhaustiveDependencies: a new last line is the reason to scroll
  useEffect(() => {
    const box = scroller.current
    if (box && isFollowing) box.scrollTop = box.scrollHeight
  }, [last, isFollowing])
  return (
    <>
      <div className={styles.tools}>
        <input
          type="search"
          className={styles.input}
          placeholder={t('filter')}
          aria-label={t('filter')}
          value={wanted}
          onChange={(event) => {
            setWanted(event.currentTarget.value)
            log.filter(event.currentTarget.value)
          }}
        />
        <Button aria-pressed={view.paused} onClick={() => log.pause(!view.paused)}>
          {view.paused ? t('resume', { count: view.held }) : t('pause')}
        </Button>
        <Button onClick={() => log.clear()}>{t('clear')}</Button>
        <CopyButton
          text={lines.map(lineText).join('\n')}
          label={t('copyAll')}
          done={t('copied')}
          failed={t('copyFailed')}
        />
        <span className={styles.soft} role="status">
          {t('shown', { shown: lines.length, total: view.total })},{' '}
          {view.missed > 0 ? <b>{t('missed', { count: view.missed })}</b> : t('noneMissed')}
        </span>
        {isFollowing ? null : <Button onClick={() => setFollowing(true)}>{t('toNewest')}</Button>}
      </div>
      {fault ? <FaultNote fault={fault} /> : null}
      <div className={styles.inspectorBody}>
        <section
          ref={scroller}
          className={styles.lines}
          aria-label={t('inspector')}
          // biome-ignore lint/a11y/noNoninteractiveTabindex: a scrolling region must be reachable by keyboard
          tabIndex={0}
          onScroll={(event) => {
            const box = event.currentTarget
            setFollowing(box.scrollHeight - box.scrollTop - box.clientHeight < lineHeightPx * 2)
          }}
        >
          {lines.length === 0 ? (
            <p className={styles.soft}>
              {view.total === 0 ? t('inspectorEmpty') : t('inspectorNoMatch', { count: view.total })}
            </p>
          ) : null}
          <div className={styles.lineSpace} style={{ height: virtual.getTotalSize() }}>
            {virtual.getVirtualItems().map((item) => {
              const line = lines[item.index]
              if (!line) return null
              return (
                <LineRow
                  key={item.key}
                  line={line}
                  top={item.start}
                  isChosen={line.n === chosen?.n}
                  onChoose={setChosen}
                />
              )
            })}
          </div>
        </section>
        {chosen ? (
          <div className={styles.chosen}>
            <div className={styles.tools}>
              <CopyButton
                text={chosen.text}
                label={t('copyOne')}
                done={t('copied')}
                failed={t('copyFailed')}
              />
              {chosen.trouble === '' ? null : <span className={styles.warning}>{chosen.trouble}</span>}
            </div>
            <pre>{pretty(chosen.text)}</pre>
          </div>
        ) : null}
      </div>
    </>
  )
}

interface LineProps {
  readonly line: Line
  readonly top: number
  readonly isChosen: boolean
  readonly onChoose: (line: Line) => void
}

function LineRow({ line, top, isChosen, onChoose }: LineProps) {
  const { t } = useTranslation('links')
  const times = useTimes()
  return (
    <button
      type="button"
      className={styles.line}
      data-chosen={isChosen || undefined}
      data-trouble={line.trouble !== '' || undefined}
      style={{ transform: `translateY(${top}px)` }}
      onClick={() => onChoose(line)}
    >
      <time>{times.clock(line.at)}</time>
      <span>
        {line.direction === 'in' ? '← ' : '→ '}
        {t(`way-${line.direction}`)}
      </span>
      <span>{line.peer}</span>
      <span className={styles.lineSize}>
        {line.sizeBytes} {t('bytes')}
      </span>
      <span className={styles.lineText}>
        {line.trouble === '' ? line.text : `${line.trouble}: ${line.text}`}
      </span>
    </button>
  )
}

/** Messages are cut at 4 KiB, so what does not parse may still be a whole message on the wire. */
function pretty(text: string): string {
  try {
    return JSON.stringify(JSON.parse(text), null, 2)
  } catch {
    return text
  }
}
