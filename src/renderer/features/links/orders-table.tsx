/** The outbox: what devices still have to be told, what one refused, and the last that were told. */
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { Link } from '../../../contract/links.ts'
import type { OutboxRow } from '../../../contract/orders.ts'
import { useAction } from '../../data/action.ts'
import { useNow } from '../../data/now.ts'
import { useOrders } from '../../data/orders.ts'
import { useMay } from '../../data/site.ts'
import { useTimes } from '../../data/times.ts'
import { Button } from '../../ui/button.tsx'
import { Dialog } from '../../ui/dialog.tsx'
import { FaultNote } from '../../ui/fault-note.tsx'
import { Lamp, type LampShape } from '../../ui/lamp.tsx'
import styles from './links.module.css'

const states = ['all', 'waiting', 'parked', 'delivered'] as const
const lamps: Record<OutboxRow['state'], LampShape> = { waiting: 'idle', parked: 'bad', delivered: 'good' }
/** What needs a person comes first. */
const urgency: Record<OutboxRow['state'], number> = { parked: 0, waiting: 1, delivered: 2 }
const mostShown = 200

export function OrdersTable({ links }: { readonly links: readonly Link[] }) {
  const { t } = useTranslation('links')
  const orders = useOrders()
  const [only, setOnly] = useState<(typeof states)[number]>('all')
  const count = (state: (typeof states)[number]): number =>
    orders?.filter((row) => state === 'all' || row.state === state).length ?? 0
  const shown = (orders ?? [])
    .filter((row) => only === 'all' || row.state === only)
    .toSorted((one, other) => urgency[one.state] - urgency[other.state] || other.seq - one.seq)
    .slice(0, mostShown)
  return (
    <section className={styles.orders} aria-label={t('orders')}>
      <header className={styles.head}>
        <h3>{t('orders')}</h3>
        {states.map((state) => (
          <Button key={state} aria-pressed={only === state} onClick={() => setOnly(state)}>
            {state === 'all' ? t('ordersAll') : t(`order-${state}`)} {count(state)}
          </Button>
        ))}
        <span className={styles.hintLine} title={t('ordersHint')}>
          {orders?.length === 0 ? t('ordersEmpty') : t('ordersHint')}
        </span>
      </header>
      {shown.length > 0 ? (
        // biome-ignore lint/a11y/noNoninteractiveTabindex: a scrolling region must be reachable by keyboard
        <div className={styles.tableBox} tabIndex={0}>
          <table className={styles.table}>
            <thead>
              <tr>
                <th>{t('orderState')}</th>
                <th>{t('orderTarget')}</th>
                <th>{t('orderText')}</th>
                <th>{t('orderAttempts')}</th>
                <th>{t('orderCreated')}</th>
                <th>{t('orderSettled')}</th>
                <th>{t('orderReason')}</th>
                <th />
              </tr>
            </thead>
            <tbody>
              {shown.map((row) => (
                <Row key={row.id} row={row} link={links.find((link) => link.id === row.link)} />
              ))}
            </tbody>
          </table>
        </div>
      ) : null}
    </section>
  )
}

function Row({ row, link }: { readonly row: OutboxRow; readonly link: Link | undefined }) {
  const { t } = useTranslation('links')
  const times = useTimes()
  const now = useNow()
  const mayRetry = useMay('operator')
  const mayDiscard = useMay('admin')
  const retry = useAction('orders.retry')
  const [discarding, setDiscarding] = useState(false)
  return (
    <tr data-order={row.state}>
      <td>
        <Lamp shape={lamps[row.state]} /> {t(`order-${row.state}`)}
      </td>
      <td>
        {row.target}{' '}
        <span className={styles.soft}>{link ? t('viaLink', { link: link.name }) : t('linkGone')}</span>
      </td>
      <td>{row.text}</td>
      <td className={styles.figure}>{row.attempts}</td>
      <td>
        <time>{times.clockOrDate(row.createdAt, now)}</time>
      </td>
      <td>
        {row.settledAt === null ? (
          <span className={styles.soft}>{times.duration(now - row.createdAt)}</span>
        ) : (
          <time>{times.clockOrDate(row.settledAt, now)}</time>
        )}
      </td>
      <td className={styles.reason}>{row.reason ?? ''}</td>
      <td className={styles.rowButtons}>
        {row.state === 'delivered' ? null : (
          <>
            <Button
              disabled={!mayRetry}
              busy={retry.asking && '…'}
              onClick={() => void retry.ask({ id: row.id })}
            >
              {t('orderRetry')}
            </Button>
            <Button disabled={!mayDiscard} onClick={() => setDiscarding(true)}>
              {t('orderDiscard')}
            </Button>
          </>
        )}
        {retry.fault ? <FaultNote fault={retry.fault} /> : null}
        {discarding ? <DiscardDialog row={row} onClose={() => setDiscarding(false)} /> : null}
      </td>
    </tr>
  )
}

function DiscardDialog({ row, onClose }: { readonly row: OutboxRow; readonly onClose: () => void }) {
  const { t } = useTranslation('links')
  const discard = useAction('orders.discard')
  return (
    <Dialog
      title={t('discardTitle')}
      onClose={onClose}
      submitLabel={t('orderDiscard')}
      danger
      busy={discard.asking}
      fault={discard.fault}
      onSubmit={() => void discard.ask({ id: row.id }).then((done) => done && onClose())}
    >
      <p>{t('discardText', { text: row.text, target: row.target })}</p>
    </Dialog>
  )
}
