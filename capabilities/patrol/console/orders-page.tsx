import { useQuery } from '@tanstack/react-query'
import { useNavigate, useSearch } from '@tanstack/react-router'
import { Button, Select } from 'antd'
import { useEffect, useEffectEvent, useMemo, useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useShortcuts } from '../../../foundation/ui/keys/shortcuts.tsx'
import { fitTo, MapView, type MapHandle } from '../../../foundation/ui/map/map-view.tsx'
import { useMay } from '../../../foundation/ui/session/session.tsx'
import { Empty, Shown } from '../../../foundation/ui/states/states.tsx'
import { useUnits } from '../../force/console/index.tsx'
import { UnitsLayer } from '../../location/console/index.tsx'
import { ORDER_RULES, type OrderStateKind } from '../core/index.ts'
import { useBulkApproval } from './bulk-approval.ts'
import { rounded } from './new-orders.ts'
import { OrderDetail } from './order-detail.tsx'
import { ChangeOrderForm, NewOrdersForm } from './order-form.tsx'
import { OrderItem } from './order-item.tsx'
import {
  endedOrdersQuery,
  openOrdersQuery,
  orderRulesQuery,
  type ContentRow,
  type OrderRow,
} from './orders-api.ts'
import { DraggablePlace, OrdersLayer, type DrawnOrder } from './orders-layer.tsx'
import { useNewOrders } from './use-new-orders.ts'
import './orders.css'

const TABS = ['proposed', 'issued', 'draft', 'ended'] as const
type Tab = (typeof TABS)[number]

const tabOf = (state: OrderStateKind): Tab =>
  state === 'proposed' || state === 'issued'
    ? state
    : state === 'draft' || state === 'returned'
      ? 'draft'
      : 'ended'

const ALL = ''

/** Directed patrol: what waits for approval, what is in force and how it is kept, on one list and one map. */
export function OrdersPage() {
  const { t } = useTranslation('patrol')
  const may = useMay()
  const navigate = useNavigate()
  const { order: orderId } = useSearch({ from: '/shell/orders' })
  const open = useQuery(openOrdersQuery)
  const [tab, setTab] = useState<Tab>('proposed')
  const ended = useQuery({ ...endedOrdersQuery, enabled: tab === 'ended' })
  const rules = useQuery(orderRulesQuery).data ?? ORDER_RULES
  const units = useUnits()
  const [unitId, setUnitId] = useState(ALL)
  const [editing, setEditing] = useState<{ order: OrderRow; content: ContentRow } | null>(null)
  const map = useRef<MapHandle | null>(null)
  const drafts = useNewOrders(rules)
  const query = tab === 'ended' ? ended : open

  const all = useMemo(
    () => [...(open.data?.orders ?? []), ...(tab === 'ended' ? (ended.data?.orders ?? []) : [])],
    [open.data, ended.data, tab],
  )
  const ofTab = all.filter(({ state }) => tabOf(state) === tab)
  const list = ofTab.filter((order) => unitId === ALL || order.unitIds.includes(unitId))
  const bulk = useBulkApproval(tab === 'proposed' ? list : [])
  const select = (id?: string) =>
    void navigate({ to: '/orders', search: id === undefined ? {} : { order: id }, replace: true })
  const show = (order: OrderRow) => {
    setEditing(null)
    drafts.leave()
    select(order.id)
    if (map.current) fitTo(map.current.map, [order.place])
  }
  const step = (by: number) => {
    const at = list.findIndex(({ id }) => id === orderId)
    const next = list[Math.min(list.length - 1, Math.max(0, at + by))]
    if (next) show(next)
  }
  const mayPropose = may('patrol.propose-order')
  const startNew = () => {
    setEditing(null)
    select()
    const { lng, lat } = map.current?.map.getCenter() ?? { lng: 0, lat: 0 }
    drafts.add({ lon: lng, lat })
  }
  const group = 'patrol:keys.group'
  useShortcuts([
    { keys: 'j', label: 'patrol:keys.next', group, run: () => step(1) },
    { keys: 'k', label: 'patrol:keys.previous', group, run: () => step(-1) },
    ...(mayPropose ? [{ keys: 'c', label: 'patrol:keys.new', group, run: startNew }] : []),
    { keys: 'f', label: 'patrol:keys.fit', group, run: () => fitAll() },
    { keys: 'escape', label: 'patrol:keys.clear', group, run: () => (editing ? setEditing(null) : select()) },
  ])
  const fitAll = () =>
    map.current &&
    fitTo(
      map.current.map,
      list.map(({ place }) => place),
    )

  const set = drafts.selected?.content ?? editing?.content ?? null
  const setContent = (content: ContentRow) =>
    drafts.selected
      ? drafts.change(drafts.selected.key, content)
      : editing && setEditing({ ...editing, content })
  // A draft that is chosen is seen, and those beside it where it is not.
  const see = useEffectEvent(() => {
    const handle = map.current
    const place = drafts.selected?.content.place
    if (handle && place && !handle.map.getBounds().contains([place.lon, place.lat]))
      fitTo(handle.map, [place])
  })
  const draftKey = drafts.selected?.key
  useEffect(() => see(), [draftKey])
  const setPlace = (position: { lon: number; lat: number }) =>
    set && setContent({ ...set, place: { ...set.place, ...rounded(position) } })
  const drawn = useMemo<DrawnOrder[]>(
    () => [
      ...list
        .filter(({ id }) => id !== editing?.order.id)
        .map(({ id, place, state, number }) => ({
          id,
          place,
          state,
          title: `${number ?? ''} ${place.label}`.trim(),
        })),
      ...drafts.list
        .filter(({ key }) => key !== drafts.selected?.key)
        .map(({ key, content: { place } }) => ({
          id: key,
          place,
          state: 'new' as const,
          title: place.label,
        })),
    ],
    [list, drafts.list, drafts.selected, editing],
  )

  return (
    <div className="orders" data-side={set !== null || orderId !== undefined}>
      <section className="orders-list" aria-label={t('list.title')}>
        <div className="orders-head">
          <h1>{t('title')}</h1>
          {mayPropose && (
            <Button type="primary" onClick={startNew}>
              {t('list.new')}
            </Button>
          )}
        </div>
        <div className="orders-tabs" role="group" aria-label={t('list.filter')}>
          {TABS.map((each) => (
            <button key={each} type="button" aria-pressed={tab === each} onClick={() => setTab(each)}>
              {t(`tab.${each}`)}
              {each !== 'ended' && (
                <b>{(open.data?.orders ?? []).filter(({ state }) => tabOf(state) === each).length}</b>
              )}
            </button>
          ))}
        </div>
        <Select
          className="orders-unit"
          aria-label={t('list.of-unit')}
          showSearch
          optionFilterProp="label"
          value={unitId}
          onChange={setUnitId}
          options={[
            { value: ALL, label: t('list.all-units') },
            ...[...units.values()]
              .map(({ id, callSign }) => ({ value: id, label: callSign }))
              .toSorted((a, b) => a.label.localeCompare(b.label, 'zh-CN')),
          ]}
        />
        {drafts.fault !== null && (
          <p className="order-warning" role="alert">
            {t(`editor.${drafts.fault}`)}
          </p>
        )}
        {drafts.list.length > 0 && (
          <button type="button" className="orders-unsaved" onClick={() => drafts.select(drafts.list[0]!.key)}>
            <span aria-hidden>✎</span> {t('list.unsaved', { count: drafts.list.length })}
          </button>
        )}
        {bulk.mayApprove && list.length > 0 && tab === 'proposed' && (
          <div className="orders-bulk">
            <Button size="small" onClick={bulk.toggleAll}>
              {t(bulk.areAll ? 'list.choose-none' : 'list.choose-all')}
            </Button>
            <Button
              size="small"
              type="primary"
              disabled={bulk.count === 0}
              loading={bulk.isPending}
              onClick={bulk.approve}
            >
              {t('list.approve-chosen', { count: bulk.count })}
            </Button>
          </div>
        )}
        <div className="orders-scroll">
          <Shown
            query={query}
            rows={8}
            isEmpty={() => list.length === 0}
            empty={
              <Empty
                text={t(ofTab.length > 0 ? 'empty.of-unit' : `empty.${tab}`)}
                {...(ofTab.length > 0
                  ? { action: <Button onClick={() => setUnitId(ALL)}>{t('list.all-units')}</Button> }
                  : {})}
              />
            }
          >
            {() =>
              list.map((order) => (
                <OrderItem
                  key={order.id}
                  order={order}
                  selected={order.id === orderId}
                  checked={bulk.mayApprove && tab === 'proposed' ? bulk.isChosen(order.id) : undefined}
                  onSelect={() => show(order)}
                  onCheck={(chosen) => bulk.choose(order.id, chosen)}
                />
              ))
            }
          </Shown>
        </div>
      </section>

      <section className="orders-map">
        <MapView
          label={t('map')}
          onReady={(handle) => {
            map.current = handle
            const places = set ? [set.place] : list.map(({ place }) => place)
            fitTo(handle.map, places)
          }}
          {...(set === null ? {} : { onPick: setPlace, isField: true })}
        >
          <OrdersLayer
            orders={drawn}
            selectedId={orderId ?? null}
            onSelect={(id) => {
              if (drafts.list.some(({ key }) => key === id)) return drafts.select(id)
              const found = all.find((order) => order.id === id)
              // While a place is being set a click sets it.
              if (found && set === null) show(found)
            }}
          />
          <UnitsLayer units={units} labels selectedId={null} onSelect={() => {}} visible />
          {set && <DraggablePlace place={set.place} onMove={setPlace} />}
        </MapView>
      </section>

      {drafts.selected ? (
        <NewOrdersForm
          drafts={drafts.list}
          selectedKey={drafts.selected.key}
          rules={rules}
          onChange={drafts.change}
          onSelect={drafts.select}
          onDrop={drafts.drop}
          onStored={(stored) => {
            drafts.clear()
            setTab(tabOf(stored[0]!.state))
            select(stored[0]!.id)
          }}
        />
      ) : editing ? (
        <ChangeOrderForm
          key={editing.order.id}
          order={editing.order}
          content={editing.content}
          rules={rules}
          onChange={setContent}
          onDone={() => setEditing(null)}
        />
      ) : (
        orderId !== undefined && (
          <OrderDetail
            id={orderId}
            onEdit={(order) => setEditing({ order, content: contentOf(order) })}
            onCopy={(order) => {
              select()
              drafts.copy(contentOf(order))
            }}
            onClose={() => select()}
          />
        )
      )}
    </div>
  )
}

function contentOf(order: OrderRow): ContentRow {
  const { place, category, startsAt, expiresAt, band, dosage, reason, evidence, unitIds } = order
  return { place, category, startsAt, expiresAt, band, dosage, reason, evidence, unitIds }
}
