/** Faces: who was seen where and when, the people the face servers know, and how they recognise. */
import { type KeyboardEvent, type ReactNode, useRef } from 'react'
import { useTranslation } from 'react-i18next'
import { useCell } from '../../data/cell.ts'
import { oneOf, remembered } from '../../data/remembered.ts'
import styles from './faces.module.css'
import { PeoplePane } from './people-pane.tsx'
import { RecognitionPane } from './recognition-pane.tsx'
import { showPerson } from './sighting-choice.ts'
import { SightingsPane } from './sightings-pane.tsx'
import { TodayBar } from './today-bar.tsx'

const tabs = ['sightings', 'people', 'recognition'] as const
type Tab = (typeof tabs)[number]

const shownTab = remembered<Tab>('faces-tab', 'sightings', oneOf(...tabs))

export function FacesView() {
  const { t } = useTranslation('faces')
  const tab = useCell(shownTab)
  const panes: Record<Tab, () => ReactNode> = {
    sightings: () => <SightingsPane />,
    people: () => (
      <PeoplePane
        onSightings={(person) => {
          showPerson(person)
          shownTab.set('sightings')
        }}
      />
    ),
    recognition: () => <RecognitionPane />,
  }
  return (
    <div className={styles.frame}>
      <div className={styles.view}>
        <header className={styles.top}>
          <Tabs tab={tab} onChange={(next) => shownTab.set(next)} />
          <TodayBar />
        </header>
        <div className={styles.pane} role="tabpanel" id="faces-panel" aria-label={t(`tab-${tab}`)}>
          {panes[tab]()}
        </div>
      </div>
    </div>
  )
}

function Tabs({ tab, onChange }: { readonly tab: Tab; readonly onChange: (tab: Tab) => void }) {
  const { t } = useTranslation('faces')
  const list = useRef<HTMLDivElement>(null)
  // As tab lists do everywhere: one stop for the Tab key, arrows between them.
  function onKeyDown(event: KeyboardEvent): void {
    const step = event.key === 'ArrowRight' ? 1 : event.key === 'ArrowLeft' ? -1 : 0
    const next = tabs[(tabs.indexOf(tab) + step + tabs.length) % tabs.length]
    if (step === 0 || next === undefined) return
    event.preventDefault()
    event.stopPropagation()
    onChange(next)
    list.current?.querySelector<HTMLElement>(`[data-tab="${next}"]`)?.focus()
  }
  return (
    <div ref={list} className={styles.tabs} role="tablist" aria-label={t('title')} onKeyDown={onKeyDown}>
      {tabs.map((one) => (
        <button
          key={one}
          type="button"
          role="tab"
          data-tab={one}
          className={styles.tab}
          aria-selected={one === tab}
          aria-controls="faces-panel"
          tabIndex={one === tab ? 0 : -1}
          onClick={() => onChange(one)}
        >
          {t(`tab-${one}`)}
        </button>
      ))}
    </div>
  )
}
