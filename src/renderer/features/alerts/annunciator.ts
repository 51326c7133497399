/**
 * Sounds the alerts. Driven by the journal and the table of open alerts, not by what React draws, so a hidden window is heard too.
 * Repeats until silenced or acknowledged; something more urgent is heard at once.
 */
import type { AlertId } from '../../../contract/alerts.ts'
import { Cell, useCell } from '../../data/cell.ts'
import { useSite } from '../../data/site.ts'
import type { Sources } from '../../data/sources.ts'
import {
  type Annunciation,
  currentPattern,
  type Decision,
  heardOf,
  hush,
  listedOf,
  type Pattern,
  quiet,
  repeatMs,
} from './annunciation.ts'
import { type Played, Sounder } from './sounder.ts'

const state = new Cell<Annunciation>(quiet)
const outcome = new Cell<Played>('played')
/** An annunciator that hears nothing must not be silent about it. */
const deaf = new Cell<'no' | 'sounding' | 'hushed'>('no')
const sounder = new Sounder()
let isOn = true
let timer: ReturnType<typeof setTimeout> | undefined

/** Called once, at start. */
export function startAnnunciator({ client, tables }: Sources): void {
  client.journal('alerts.journal', {
    after: 'now',
    onEntries: (entries) => {
      for (const { alert } of entries) take(heardOf(state.get(), alert))
    },
  })
  // The table says what sounds already at start and what ended while the pipe was cut; otherwise the journal is sooner.
  tables.alerts.subscribe(() => take(listedOf(state.get(), tables.alerts.rows() ?? [])))
  for (const gesture of ['pointerdown', 'keydown'] as const) {
    window.addEventListener(gesture, () => outcome.get() === 'blocked' && void sound(), { capture: true })
  }
}

/** Whether this site's screens sound at all, as its settings say. */
export function setSoundOn(on: boolean): void {
  isOn = on
  schedule(0)
}

/** A restart of the app takes less, and is no reason to call anybody. */
const deafGraceMs = 5000
let deafTimer: ReturnType<typeof setTimeout> | undefined

/** The core is not heard, or heard again. */
export function setDeaf(isDeaf: boolean): void {
  clearTimeout(deafTimer)
  if (isDeaf) deafTimer = setTimeout(soundDeaf, deafGraceMs)
  else if (deaf.get() !== 'no') {
    deaf.set('no')
    schedule(0)
  }
}

function soundDeaf(): void {
  if (deaf.get() !== 'no') return
  deaf.set('sounding')
  schedule(0)
}

function patternNow(): Pattern | null {
  return currentPattern(state.get()) ?? (deaf.get() === 'sounding' ? 'high' : null)
}

function take({ next, now }: Decision): void {
  const wasQuiet = patternNow() === null
  state.set(next)
  if (patternNow() === null) stop()
  else if (now !== null || wasQuiet) schedule(0)
}

function stop(): void {
  clearTimeout(timer)
  timer = undefined
  sounder.stop()
}

function schedule(delayMs: number): void {
  clearTimeout(timer)
  timer = undefined
  if (delayMs === 0) void sound()
  else timer = setTimeout(() => void sound(), delayMs)
}

async function sound(): Promise<void> {
  const pattern = patternNow()
  if (pattern === null || !isOn) return stop()
  schedule(repeatMs[pattern])
  outcome.set(await sounder.play(pattern))
}

export interface SoundView {
  readonly sounding: Pattern | null
  readonly soundingIds: readonly AlertId[]
  readonly deaf: 'no' | 'sounding' | 'hushed'
  readonly isBlocked: boolean
  readonly hasFailed: boolean
  readonly isOn: boolean
}

export function useSound(): SoundView {
  const annunciation = useCell(state)
  const played = useCell(outcome)
  const deafness = useCell(deaf)
  const site = useSite()
  return {
    sounding: currentPattern(annunciation),
    soundingIds: [...annunciation.sounding.keys()].filter((id) => !annunciation.hushed.has(id)),
    deaf: deafness,
    isBlocked: played === 'blocked',
    hasFailed: played === 'failed',
    isOn: site?.sound ?? true,
  }
}

/** Quiet on this screen at once, until something new is heard. What is recorded is asked of the app beside it. */
export function hushHere(): void {
  state.set(hush(state.get()))
  if (deaf.get() === 'sounding') deaf.set('hushed')
  stop()
}

/** For the start of a shift: each sound once, and whether it could be played. */
export async function testSound(pattern: Pattern): Promise<Played> {
  const played = await sounder.play(pattern)
  outcome.set(played)
  return played
}
