/** What may be done to an alert in its state, and what has been asked of the app and not yet answered. */
import { isUnacknowledged } from '../../../contract/alert-state.ts'
import type { Alert, AlertId } from '../../../contract/alerts.ts'
import type { Fault } from '../../../contract/fault.ts'
import type { Site } from '../../../contract/site.ts'
import { asFault } from '../../data/action.ts'
import { Cell, useCell } from '../../data/cell.ts'
import type { Client, Input } from '../../data/client.ts'

export type Act = 'acknowledge' | 'silence' | 'shelve' | 'unshelve' | 'close' | 'note'

export function allowedActs(alert: Alert): ReadonlySet<Act> {
  const acts = new Set<Act>(['note'])
  if (isUnacknowledged(alert.state)) {
    acts.add('acknowledge').add('shelve')
    if (alert.silencedAt === null && !alert.late) acts.add('silence')
  }
  if (alert.state === 'acknowledged-active') acts.add('shelve').add('close')
  if (alert.state === 'out-of-service') acts.add('close')
  if (alert.state === 'shelved') acts.add('unshelve')
  return acts
}

export function needsNote(alert: Alert, site: Site | undefined): boolean {
  const rule = site?.notePriority ?? 'none'
  return alert.priority === 'critical' ? rule !== 'none' : alert.priority === 'high' && rule === 'high'
}

/** `fault` null: the answer is awaited. */
export interface Asked {
  readonly act: Act
  readonly fault: Fault | null
}

const asked = new Cell<ReadonlyMap<AlertId, Asked>>(new Map())

export function useAsked(id: AlertId): Asked | undefined {
  return useCell(asked).get(id)
}

function note(id: AlertId, now: Asked | null): void {
  const next = new Map(asked.get())
  if (now === null) next.delete(id)
  else next.set(id, now)
  asked.set(next)
}

/** Never optimistic: the alert changes when the app says so. Resolves whether it did. */
export async function perform<A extends Act>(
  client: Client,
  act: A,
  input: Input<`alerts.${A}`> & { readonly id: AlertId },
): Promise<boolean> {
  if (asked.get().get(input.id)?.fault === null) return false
  note(input.id, { act, fault: null })
  try {
    await client.call(`alerts.${act}`, input)
    note(input.id, null)
    return true
  } catch (error) {
    note(input.id, { act, fault: asFault(error) })
    return false
  }
}

/** At once on this screen's side; a few at a time on the app's, however many sound. */
export async function silenceAll(client: Client, ids: readonly AlertId[]): Promise<void> {
  const rest = ids.values()
  const some = async () => {
    for (const id of rest) await perform(client, 'silence', { id })
  }
  await Promise.all([some(), some(), some(), some()])
}

export function forgetFault(id: AlertId): void {
  if (asked.get().get(id)?.fault) note(id, null)
}

/** The one dialog that may be open, opened by a button or a key. */
export type AlertDialog = { readonly act: 'acknowledge' | 'shelve' | 'close' | 'note'; readonly alert: Alert }

const dialog = new Cell<AlertDialog | null>(null)

export function useAlertDialog(): AlertDialog | null {
  return useCell(dialog)
}

export function isAlertDialogOpen(): boolean {
  return dialog.get() !== null
}

export function openAlertDialog(next: AlertDialog | null): void {
  dialog.set(next)
}

/** A key or a button: does what needs no question, asks where one is needed. */
export function begin(client: Client, act: Act, alert: Alert, site: Site | undefined): void {
  if (!allowedActs(alert).has(act)) return
  forgetFault(alert.id)
  if (act === 'acknowledge' && !needsNote(alert, site)) void perform(client, 'acknowledge', { id: alert.id })
  else if (act === 'silence') void perform(client, 'silence', { id: alert.id })
  else if (act === 'unshelve') void perform(client, 'unshelve', { id: alert.id })
  else openAlertDialog({ act, alert })
}
