/** What is on its way to a device, what arrived, and what was refused with the device's own words. */
import { useTranslation } from 'react-i18next'
import type { OutboxRow } from '../../../contract/orders.ts'
import { useAction } from '../../data/action.ts'
import { useNow } from '../../data/now.ts'
import { useOrders } from '../../data/orders.ts'
import { useMay } from '../../data/site.ts'
import { useTimes } from '../../data/times.ts'
import { Button } from '../../ui/button.tsx'
import { Empty } from '../../ui/empty.tsx'
import { FaultNote } from '../../ui/fault-note.tsx'
import { Lamp, type LampShape } from '../../ui/lamp.tsx'
import { VirtualList } from '../../ui/virtual-list.tsx'
import styles from './overview.module.css'

const lamps: Record<OutboxRow['state'], LampShape> = { waiting: 'idle', delivered: 'good', parked: 'trouble' }

export function OrdersPane() {
  const { t } = useTranslation('overview')
  const orders = useOrders()
  if (orders === undefined) return <Empty title={t('waiting')} />
  if (orders.length === 0) return <Empty title={t('noOrdersTitle')} hint={t('noOrdersHint')} />
  return (
    <VirtualList
      items={orders}
      keyOf={(order) => order.id}
      estimatedHeightPx={46}
      label={t('paneOrders')}
      render={(order) => <Order order={order} />}
    />
  )
}

function Order({ order }: { readonly order: OutboxRow }) {
  const { t } = useTranslation(['overview', 'common'])
  const times = useTimes()
  const now = useNow()
  const mayRetry = useMay('operator')
  const mayDiscard = useMay('admin')
  const retry = useAction('orders.retry')
  const discard = useAction('orders.discard')
  const fault = retry.fault ?? discard.fault
  return (
    <div className={styles.order}>
      <Lamp shape={lamps[order.state]} />
      <div>
        <p>
          {order.target}: {order.text}
        </p>
        <p className={styles.orderState}>
          {t(`order-${order.state}`)}
          {order.settledAt === null ? '' : ` ${times.clockOrDate(order.settledAt, now)}`}
          {order.attempts > 1 ? `, ${t('orderAttempts', { count: order.attempts })}` : ''},{' '}
          {times.ago(now - order.createdAt)}
          {order.reason === null ? '' : `: ${order.reason}`}
        </p>
        {fault ? <FaultNote fault={fault} /> : null}
      </div>
      {order.state === 'parked' && mayRetry ? (
        <Button busy={retry.asking && t('common:asked')} onClick={() => void retry.ask({ id: order.id })}>
          {t('retry')}
        </Button>
      ) : null}
      {order.state === 'parked' && mayDiscard ? (
        <Button busy={discard.asking && t('common:asked')} onClick={() => void discard.ask({ id: order.id })}>
          {t('discard')}
        </Button>
      ) : null}
    </div>
  )
}
