/** Where this screen is: the view, the alert in focus, and what History was asked to show. Survives a reload. */
import type { AlertId } from '../../contract/alerts.ts'
import { Cell, useCell } from './cell.ts'
import { oneOf, remembered } from './remembered.ts'

export const views = [
  'overview',
  'cameras',
  'faces',
  'blue-alerts',
  'vehicles',
  'history',
  'links',
  'rules',
  'settings',
] as const
export type View = (typeof views)[number]

/** What History should do when it is opened from elsewhere. `asked` grows, so the same wish can be made twice. */
export interface HistoryWish {
  readonly asked: number
  readonly at: number | null
  readonly search: boolean
  readonly alert: AlertId | null
}

const view = remembered<View>('view', 'overview', oneOf(...views))
const focusedAlert = new Cell<AlertId | null>(null)
const historyWish = new Cell<HistoryWish>({ asked: 0, at: null, search: false, alert: null })
const before: View[] = []

export function useView(): View {
  return useCell(view)
}

export function go(to: View): void {
  if (to === view.get()) return
  before.push(view.get())
  if (before.length > 20) before.shift()
  view.set(to)
}

/** Esc: back to what the operator was doing. */
export function goBack(): void {
  view.set(before.pop() ?? 'overview')
}

export function useFocusedAlert(): AlertId | null {
  return useCell(focusedAlert)
}

export function currentFocusedAlert(): AlertId | null {
  return focusedAlert.get()
}

export function focusAlert(id: AlertId | null): void {
  focusedAlert.set(id)
}

export function useHistoryWish(): HistoryWish {
  return useCell(historyWish)
}

export function openHistory(wish: { at?: number; search?: boolean; alert?: AlertId }): void {
  historyWish.set({
    asked: historyWish.get().asked + 1,
    at: wish.at ?? null,
    search: wish.search ?? false,
    alert: wish.alert ?? null,
  })
  go('history')
}
