/** Every link in two lines: name and state in words, then when it was last heard and what waits. J, K and the arrows move. */
import type { KeyboardEvent } from 'react'
import { useTranslation } from 'react-i18next'
import type { Link, LinkId } from '../../../contract/links.ts'
import { useNow } from '../../data/now.ts'
import { useTimes } from '../../data/times.ts'
import { Lamp } from '../../ui/lamp.tsx'
import styles from './links.module.css'
import { lampOf, useLinkWords } from './use-link-words.ts'

interface Props {
  readonly links: readonly Link[]
  readonly selected: LinkId | null
  readonly onSelect: (id: LinkId) => void
}

export function LinkList({ links, selected, onSelect }: Props) {
  const { t } = useTranslation('links')
  function onKeyDown(event: KeyboardEvent): void {
    const steps = { ArrowDown: 1, j: 1, ArrowUp: -1, k: -1 }[event.key]
    if (steps === undefined) return
    event.preventDefault()
    event.stopPropagation()
    const at = links.findIndex((link) => link.id === selected)
    const next = links[Math.max(0, Math.min(links.length - 1, at + steps))]
    if (next) onSelect(next.id)
  }
  return (
    <div
      className={styles.list}
      role="listbox"
      aria-label={t('listLabel')}
      aria-activedescendant={selected ? `link-${selected}` : undefined}
      tabIndex={0}
      onKeyDown={onKeyDown}
    >
      {links.map((link) => (
        <Row key={link.id} link={link} isSelected={link.id === selected} onSelect={onSelect} />
      ))}
    </div>
  )
}

interface RowProps {
  readonly link: Link
  readonly isSelected: boolean
  readonly onSelect: (id: LinkId) => void
}

function Row({ link, isSelected, onSelect }: RowProps) {
  const { t } = useTranslation('links')
  const words = useLinkWords()
  const times = useTimes()
  const now = useNow()
  const heard = link.lastUsefulAt === null ? t('noneYet') : times.ago(Math.max(0, now - link.lastUsefulAt))
  return (
    // biome-ignore lint/a11y/useKeyWithClickEvents: the listbox around it owns the keys
    <div
      id={`link-${link.id}`}
      role="option"
      aria-selected={isSelected}
      tabIndex={-1}
      className={styles.row}
      data-selected={isSelected || undefined}
      onClick={() => onSelect(link.id)}
    >
      <Lamp shape={lampOf(link)} />
      <div className={styles.rowText}>
        <strong>{link.name}</strong>
        <span className={styles.rowState}>{words.state(link, now)}</span>
        <span className={styles.rowHeard} data-waiting={link.queueDepth > 0 || undefined}>
          {t('lastUseful')}: {heard}
          {link.queueDepth > 0 ? `; ${t('queue')}: ${link.queueDepth}` : ''}
        </span>
      </div>
    </div>
  )
}
