/** Links: what each connection is doing and why, what crossed it, how it is set up, and the orders it still has to deliver. */
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { LinkId } from '../../../contract/links.ts'
import { Cell, useCell } from '../../data/cell.ts'
import { useIsCutOff } from '../../data/health.ts'
import { useLinks } from '../../data/links.ts'
import { useMay } from '../../data/site.ts'
import { Button } from '../../ui/button.tsx'
import { Empty } from '../../ui/empty.tsx'
import { LinkDetail } from './link-detail.tsx'
import { LinkList } from './link-list.tsx'
import styles from './links.module.css'
import { NeedsRole } from './needs-role.tsx'
import { OrdersTable } from './orders-table.tsx'
import { ProfileDialog } from './profile-dialog.tsx'
import { ProfileFile } from './profile-file-buttons.tsx'

const selectedId = new Cell<LinkId | null>(null)

export function LinksView() {
  const { t } = useTranslation('links')
  const links = useLinks()
  const selected = useCell(selectedId)
  const mayEdit = useMay('admin')
  const isStale = useIsCutOff()
  const [adding, setAdding] = useState(false)
  const link = links?.find((one) => one.id === selected) ?? links?.[0]
  return (
    <div className={styles.frame}>
      <div className={styles.view} data-stale={isStale || undefined}>
        <section className={styles.side} aria-label={t('listLabel')}>
          <header className={styles.head}>
            <h2>{t('title')}</h2>
            <ProfileFile links={links ?? []} />
            <Button disabled={!mayEdit} onClick={() => setAdding(true)}>
              {t('add')}
            </Button>
          </header>
          <NeedsRole needed="admin" />
          {links === undefined ? <p className={styles.soft}>{t('loading')}</p> : null}
          {links?.length === 0 ? <Empty title={t('emptyTitle')} hint={t('emptyHint')} /> : null}
          <LinkList links={links ?? []} selected={link?.id ?? null} onSelect={(id) => selectedId.set(id)} />
        </section>
        <div className={styles.main}>
          {link ? <LinkDetail key={link.id} link={link} links={links ?? []} /> : null}
        </div>
        <OrdersTable links={links ?? []} />
      </div>
      {adding ? (
        <ProfileDialog
          links={links ?? []}
          profile={null}
          onClose={() => setAdding(false)}
          onSaved={(id) => selectedId.set(id)}
        />
      ) : null}
    </div>
  )
}
