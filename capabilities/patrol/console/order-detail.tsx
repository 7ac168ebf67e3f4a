import { useQuery } from '@tanstack/react-query'
import { Button } from 'antd'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useMay } from '../../../foundation/ui/session/session.tsx'
import { Shown } from '../../../foundation/ui/states/states.tsx'
import { DurationText } from '../../../foundation/ui/time/age-text.tsx'
import { useFormat } from '../../../foundation/ui/time/format.ts'
import { useOrganisationName } from '../../force/console/index.tsx'
import { ComplianceBars, OutcomeText } from './compliance-bars.tsx'
import { OrderActions } from './order-actions.tsx'
import { StateText } from './order-item.tsx'
import {
  orderQuery,
  orderTimelineQuery,
  orderVisitsQuery,
  type OrderRow,
  type OrderWithOccurrences,
} from './orders-api.ts'
import { useOrderWords } from './order-words.ts'

/** One order: what it says, who answers for it, who has read it, and what was done each time its band came round. */
export function OrderDetail({
  id,
  onEdit,
  onCopy,
  onClose,
}: {
  id: string
  onEdit: (order: OrderRow) => void
  onCopy: (order: OrderRow) => void
  onClose: () => void
}) {
  const { t } = useTranslation('patrol')
  const order = useQuery(orderQuery(id))
  return (
    <section className="order-detail" aria-label={t('detail.title')}>
      <Shown query={order} rows={10}>
        {(shown) => (
          <>
            <div className="order-detail-head">
              <div>
                <span className="mono">{shown.number ?? t('detail.unnumbered')}</span>{' '}
                <StateText state={shown.state} />
                <h2>{shown.place.label || t('order.unnamed')}</h2>
              </div>
              <Button type="text" aria-label={t('ui:action.close')} onClick={onClose}>
                <span aria-hidden>×</span>
              </Button>
            </div>
            <OrderActions order={shown} onEdit={() => onEdit(shown)} onCopy={() => onCopy(shown)} />
            <Facts order={shown} />
            <Units order={shown} />
            {shown.occurrences.length > 0 && <Occurrences order={shown} />}
            <Course id={id} />
          </>
        )}
      </Shown>
    </section>
  )
}

function Facts({ order }: { order: OrderRow }) {
  const { t } = useTranslation('patrol')
  const format = useFormat()
  const words = useOrderWords()
  const organisationName = useOrganisationName()
  return (
    <dl className="facts">
      <dt>{t('field.reason')}</dt>
      <dd>{order.reason || '—'}</dd>
      {order.returnReason !== null && (
        <>
          <dt>{t('field.return-reason')}</dt>
          <dd className="order-warning">{order.returnReason}</dd>
        </>
      )}
      {order.endReason !== null && (
        <>
          <dt>{t('field.end-reason')}</dt>
          <dd>{order.endReason}</dd>
        </>
      )}
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
      <dt>{t('field.band')}</dt>
      <dd>{words.band(order.band)}</dd>
      <dt>{t('field.dosage')}</dt>
      <dd>{words.dosage(order.dosage)}</dd>
      <dt>{t('field.period')}</dt>
      <dd>
        {format.short(order.startsAt)} – {format.short(order.expiresAt)}
      </dd>
      <dt>{t('field.place')}</dt>
      <dd>
        {organisationName(order.organisationId)} · {t('order.radius', { metres: order.place.radiusMetres })}
      </dd>
      <dt>{t('field.drafted')}</dt>
      <dd>{order.draftedBy}</dd>
      {order.approvedBy !== null && (
        <>
          <dt>{t('field.approved')}</dt>
          <dd>
            {order.approvedBy} · {format.short(order.issuedAt)}
            {order.isOwnProposal && <div className="order-warning">{t('detail.own-proposal')}</div>}
          </dd>
        </>
      )}
    </dl>
  )
}

function Units({ order }: { order: OrderRow }) {
  const { t } = useTranslation('patrol')
  const format = useFormat()
  const organisationName = useOrganisationName()
  if (order.units.length === 0) return <p className="muted">{t('list.no-units')}</p>
  return (
    <ul className="order-units" aria-label={t('field.units')}>
      {order.units.map((unit) => (
        <li key={unit.unitId}>
          <strong>{unit.callSign}</strong>
          <span className="muted">{organisationName(unit.organisationId)}</span>
          <span className="order-receipts" data-all={unit.readAt !== null}>
            {unit.readAt !== null
              ? t('detail.read-at', { at: format.short(unit.readAt) })
              : unit.sentAt !== null
                ? t('detail.sent-at', { at: format.short(unit.sentAt) })
                : t('detail.not-sent')}
          </span>
        </li>
      ))}
    </ul>
  )
}

function Occurrences({ order }: { order: OrderWithOccurrences }) {
  const { t } = useTranslation('patrol')
  const format = useFormat()
  return (
    <>
      <h3>{t('detail.compliance')}</h3>
      <ol className="order-occurrences">
        {order.occurrences.map((one) => (
          <li key={one.startsAt}>
            <span className="order-occurrence-head">
              <span>
                {format.short(one.startsAt)}–{endOf(format.clock(one.endsAt))}
              </span>
              <OutcomeText outcome={one.outcome} />
            </span>
            {one.outcome !== 'upcoming' && (
              <>
                <ComplianceBars {...one} />
                {one.unknownSeconds >= 60 && (
                  <span className="muted">
                    {t('compliance.unknown', { minutes: Math.round(one.unknownSeconds / 60) })}
                  </span>
                )}
                {one.otherVisits > 0 && (
                  <span className="muted">{t('compliance.others', { count: one.otherVisits })}</span>
                )}
              </>
            )}
          </li>
        ))}
      </ol>
      <Visits id={order.id} />
    </>
  )
}

/** Midnight at the end of a day is its 24:00. */
function endOf(clock: string): string {
  return clock.startsWith('00:00') ? '24:00' : clock.slice(0, 5)
}

function Visits({ id }: { id: string }) {
  const { t } = useTranslation('patrol')
  const may = useMay()
  const format = useFormat()
  const [asked, setAsked] = useState<string | null>(null)
  const visits = useQuery({ ...orderVisitsQuery(id), enabled: asked === id })
  if (!may('patrol.read-visits')) return null
  if (asked !== id)
    return (
      <Button size="small" onClick={() => setAsked(id)}>
        {t('detail.show-visits')}
      </Button>
    )
  return (
    <Shown query={visits} rows={3}>
      {({ visits: rows }) =>
        rows.length === 0 ? (
          <p className="muted">{t('detail.no-visits')}</p>
        ) : (
          <table className="order-visits">
            <thead>
              <tr>
                <th>{t('field.unit')}</th>
                <th>{t('field.arrived')}</th>
                <th>{t('field.left')}</th>
                <th>{t('field.stayed')}</th>
              </tr>
            </thead>
            <tbody>
              {rows.map((row) => (
                <tr key={row.unitId + row.arrivedAt} data-counts={row.counts && row.isAddressed}>
                  <td>
                    {row.callSign}
                    {!row.isAddressed && <em> {t('detail.not-addressed')}</em>}
                  </td>
                  <td>{format.short(row.arrivedAt)}</td>
                  <td>{format.clock(row.leftAt).slice(0, 5)}</td>
                  <td>
                    <DurationText seconds={row.seconds} />
                    {!row.counts && <em> {t('detail.too-short')}</em>}
                  </td>
                </tr>
              ))}
            </tbody>
          </table>
        )
      }
    </Shown>
  )
}

function Course({ id }: { id: string }) {
  const { t } = useTranslation('patrol')
  const format = useFormat()
  const course = useQuery(orderTimelineQuery(id))
  return (
    <>
      <h3>{t('detail.course')}</h3>
      <Shown query={course} rows={3}>
        {({ timeline, receipts }) => (
          <ol className="order-course">
            {[
              ...timeline.map(({ sequence, at, accountName, type, data }) => ({
                key: `event-${sequence}`,
                at,
                text: t(`event.${type}`, { name: accountName || t('detail.clock') }),
                reason: typeof data['reason'] === 'string' ? data['reason'] : null,
              })),
              ...receipts.map(({ unitId, callSign, accountName, readAt }) => ({
                key: `receipt-${unitId}-${accountName}`,
                at: readAt,
                text: t('event.read', { unit: callSign, name: accountName }),
                reason: null,
              })),
            ]
              .toSorted((a, b) => (a.at < b.at ? -1 : 1))
              .map(({ key, at, text, reason }) => (
                <li key={key}>
                  <time dateTime={at}>{format.short(at)}</time>
                  <span>
                    {text}
                    {reason && <span className="muted"> {t('detail.because', { reason })}</span>}
                  </span>
                </li>
              ))}
          </ol>
        )}
      </Shown>
    </>
  )
}
