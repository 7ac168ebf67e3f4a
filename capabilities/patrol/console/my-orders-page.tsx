import { useQuery, useQueryClient } from '@tanstack/react-query'
import { Button } from 'antd'
import { useEffect, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { api } from '../../../foundation/ui/api/client.ts'
import { useCommand } from '../../../foundation/ui/api/use-command.ts'
import { live } from '../../../foundation/ui/live/live.ts'
import { useMay } from '../../../foundation/ui/session/session.tsx'
import { Empty, Shown, Stale } from '../../../foundation/ui/states/states.tsx'
import { AgeText, DurationText } from '../../../foundation/ui/time/age-text.tsx'
import { useNow } from '../../../foundation/ui/time/clock.ts'
import { useFormat } from '../../../foundation/ui/time/format.ts'
import { ComplianceBars, OutcomeText } from './compliance-bars.tsx'
import { sortOrders, wayTo, type SortedOrder, type When } from './my-orders.ts'
import { myOrdersQuery, type MyOrders } from './orders-api.ts'
import { useOrderWords } from './order-words.ts'
import './orders.css'
import './my-orders.css'

/** Three readings missed. */
const OLD_MILLISECONDS = 65_000

/** What a crew is sent to do, on a phone held in one hand. */
export function MyOrdersPage() {
  const { t } = useTranslation('patrol')
  const query = useQuery(myOrdersQuery)
  const now = useNow()
  // Without a network nothing fails, nothing is asked: what is shown grows old all the same.
  const readAt = query.dataUpdatedAt + api.clockOffset.get()
  const isOld = query.dataUpdatedAt > 0 && (query.isError || now - readAt > OLD_MILLISECONDS)
  return (
    <div className="my-orders">
      <div className="my-orders-head">
        <h1>{t('mine.title')}</h1>
        {query.data?.unit && <strong>{query.data.unit.callSign}</strong>}
        {query.dataUpdatedAt > 0 && (
          <span className="muted push">
            {t('mine.read')} <AgeText at={readAt} />
          </span>
        )}
      </div>
      {isOld && !query.isError && <Stale at={readAt} retry={() => void query.refetch()} />}
      <RecallNote />
      <Shown query={query} rows={8}>
        {(mine) =>
          mine.unit === null ? <Empty text={t('mine.no-unit')} /> : <Sorted mine={mine} isOld={isOld} />
        }
      </Shown>
    </div>
  )
}

/** An order that is taken back is gone at once, before anything is read again, and says so. */
function RecallNote() {
  const { t } = useTranslation('patrol')
  const queries = useQueryClient()
  const [gone, setGone] = useState<{ number: string; state: string } | null>(null)
  useEffect(
    () =>
      live.listen({
        event({ topic, subjectId, data }) {
          if (topic !== 'patrol-order.recalled') return
          const mine = queries.getQueryData(myOrdersQuery.queryKey)
          const told = data as { unitId: string; number: string; state: string }
          if (mine?.unit?.unitId !== told.unitId) return
          queries.setQueryData(myOrdersQuery.queryKey, {
            ...mine,
            orders: mine.orders.filter(({ id }) => id !== subjectId),
          })
          setGone({ number: told.number, state: told.state })
        },
      }),
    [queries],
  )
  if (gone === null) return null
  return (
    <p className="my-orders-gone" role="alert">
      <span aria-hidden>✕</span>{' '}
      {t(gone.state === 'withdrawn' ? 'mine.withdrawn' : 'mine.expired', { number: gone.number })}
      <Button type="text" aria-label={t('ui:action.close')} onClick={() => setGone(null)}>
        <span aria-hidden>×</span>
      </Button>
    </p>
  )
}

const GROUPS: readonly When[] = ['now', 'next', 'later']

function Sorted({ mine, isOld }: { mine: MyOrders; isOld: boolean }) {
  const { t } = useTranslation('patrol')
  const now = useNow()
  const sorted = sortOrders(mine.orders, now)
  if (sorted.length === 0) return <Empty text={t(isOld ? 'mine.none-offline' : 'mine.none')} />
  return GROUPS.map((when) => {
    const group = sorted.filter((one) => one.when === when)
    return (
      group.length > 0 && (
        <section key={when} aria-label={t(`mine.${when}`)}>
          <h2>
            {t(`mine.${when}`)} <span className="muted">{group.length}</span>
          </h2>
          {group.map((one) => (
            <OrderCard key={one.order.id} sorted={one} mine={mine} now={now} />
          ))}
        </section>
      )
    )
  })
}

function OrderCard({ sorted, mine, now }: { sorted: SortedOrder; mine: MyOrders; now: number }) {
  const { t } = useTranslation('patrol')
  const may = useMay()
  const words = useOrderWords()
  const { order, occurrence, when } = sorted
  const [isOpen, setIsOpen] = useState(false)
  const read = useCommand<object, object>({
    run: (_input, idempotencyKey) => api.post(`/api/patrol-orders/${order.id}/read`, {}, { idempotencyKey }),
    refresh: [myOrdersQuery.queryKey],
  })
  const mayRead = may('patrol.answer-order') && order.readAt === null
  const confirm = () => mayRead && !read.isPending && read.mutate({})
  return (
    <article className="my-order" data-when={when} data-read={order.readAt !== null}>
      <button
        type="button"
        className="my-order-top"
        aria-expanded={isOpen}
        onClick={() => {
          setIsOpen(!isOpen)
          if (!isOpen) confirm()
        }}
      >
        <span className="my-order-number mono">
          {order.number}
          {order.readAt === null && <em>{t('mine.unread')}</em>}
        </span>
        <strong>{order.place.label || t('order.unnamed')}</strong>
        <Distance mine={mine} sorted={sorted} />
        <span className="my-order-when">{words.band(order.band)}</span>
      </button>
      {occurrence && (
        <div className="my-order-progress">
          <Timing occurrence={occurrence} now={now} />
          <ComplianceBars {...occurrence} />
          {occurrence.visits > occurrence.ownVisits && (
            <p className="muted">{t('mine.with-others', { own: occurrence.ownVisits })}</p>
          )}
        </div>
      )}
      {isOpen && <Details sorted={sorted} />}
      {mayRead ? (
        <Button type="primary" size="large" block loading={read.isPending} onClick={confirm}>
          {t('mine.confirm')}
        </Button>
      ) : (
        order.readAt !== null && (
          <p className="my-order-read">
            <span aria-hidden>✓</span> {t('mine.read-by')} <AgeText at={order.readAt} />
          </p>
        )
      )}
    </article>
  )
}

function Distance({ mine: { position }, sorted: { order } }: { mine: MyOrders; sorted: SortedOrder }) {
  const { t } = useTranslation('patrol')
  const format = useFormat()
  if (position === null) return <span className="my-order-way muted">{t('mine.no-position')}</span>
  const way = wayTo(position, order.place)
  return (
    <span className="my-order-way" data-here={way === null}>
      {way === null
        ? t('mine.here')
        : t('mine.way', { wind: t(`wind.${way.wind}`), distance: format.distance(way.metres) })}
    </span>
  )
}

function Timing({
  occurrence: { startsAt, endsAt, outcome },
  now,
}: {
  occurrence: NonNullable<SortedOrder['occurrence']>
  now: number
}) {
  const { t } = useTranslation('patrol')
  const begins = Date.parse(startsAt)
  return (
    <p className="my-order-timing">
      {begins > now ? (
        <>
          {t('mine.begins-in')} <DurationText seconds={(begins - now) / 1000} />
        </>
      ) : (
        <>
          <OutcomeText outcome={outcome === 'upcoming' ? 'under-way' : outcome} /> · {t('mine.left')}{' '}
          <DurationText seconds={(Date.parse(endsAt) - now) / 1000} />
        </>
      )}
    </p>
  )
}

function Details({ sorted: { order } }: { sorted: SortedOrder }) {
  const { t } = useTranslation('patrol')
  const format = useFormat()
  const words = useOrderWords()
  return (
    <dl className="facts my-order-facts">
      <dt>{t('field.reason')}</dt>
      <dd>{order.reason}</dd>
      <dt>{t('field.dosage')}</dt>
      <dd>{words.dosage(order.dosage)}</dd>
      {order.evidence.length > 0 && (
        <>
          <dt>{t('field.evidence')}</dt>
          <dd>
            {order.evidence.map((one) => (
              <div key={JSON.stringify(one)}>{words.evidence(one)}</div>
            ))}
          </dd>
        </>
      )}
      <dt>{t('field.radius')}</dt>
      <dd>{t('order.radius', { metres: order.place.radiusMetres })}</dd>
      <dt>{t('field.expires')}</dt>
      <dd>{format.short(order.expiresAt)}</dd>
    </dl>
  )
}
