/** How a person finds things on the screen: by role and name, never by class. One place to change when words change. */
import { expect, type Locator, type Page } from '@playwright/test'

export type View = 'Overview' | 'Blue alerts' | 'History' | 'Links' | 'Settings'

export async function go(page: Page, view: View): Promise<void> {
  await page.getByRole('navigation', { name: 'Views' }).getByRole('button', { name: view }).click()
}

/** The card of a device's alert in the open list. Its name holds priority, title and state. */
export function card(page: Page, device: string, state?: RegExp): Locator {
  const cards = page.getByRole('article').filter({ hasText: device })
  return state === undefined ? cards : cards.and(page.getByRole('article', { name: state }))
}

/** Moves the keyboard to an alert, as a person does who presses Tab or J until it is framed. */
export async function focus(alert: Locator): Promise<void> {
  await alert.getByRole('button').first().focus()
  await expect(alert).toHaveAttribute('aria-current', 'true')
}

export function act(alert: Locator, name: string): Locator {
  return alert.getByRole('button', { name, exact: true })
}

/** A row of History. */
export function row(page: Page, text: string | RegExp): Locator {
  return page
    .getByRole('listbox', { name: 'Alerts, newest first' })
    .getByRole('option')
    .filter({ hasText: text })
}
