import { Checkbox } from 'antd'
import { useTranslation } from 'react-i18next'
import { useFormat } from '../../../foundation/ui/time/format.ts'
import type { OrderStateKind } from '../core/index.ts'
import { ComplianceBars, OutcomeText } from './compliance-bars.tsx'
import type { OrderRow } from './orders-api.ts'
import { useOrderWords } from './order-words.ts'

const SIGNS: Readonly<Record<OrderStateKind, string>> = {
  draft: '✎',
  proposed: '◇',
  returned: '↩',
  discarded: '×',
  issued: '◆',
  withdrawn: '⊘',
  expired: '○',
}

/** Where an order has got to: a sign and a word. */
export function StateText({ state }: { state: OrderStateKind }) {
  const { t } = useTranslation('patrol')
  return (
    <span className="order-state" data-state={state}>
      <span aria-hidden>{SIGNS[state]}</span> {t(`state.${state}`)}
    </span>
  )
}

/** One order in the list. */
export function OrderItem({
  order,
  selected,
  checked,
  onSelect,
  onCheck,
}: {
  order: OrderRow
  selected: boolean
  /** Undefined where nothing can be done with many at once. */
  checked: boolean | undefined
  onSelect: () => void
  onCheck: (checked: boolean) => void
}) {
  const { t } = useTranslation('patrol')
  const words = useOrderWords()
  const format = useFormat()
  const title = order.place.label || t('order.unnamed')
  const read = order.units.filter(({ readAt }) => readAt !== null).length
  return (
    <div className="order-item" data-selected={selected}>
      {checked !== undefined && (
        <Checkbox
          checked={checked}
          aria-label={t('list.choose', { title })}
          onChange={({ target }) => onCheck(target.checked)}
        />
      )}
      <button type="button" aria-pressed={selected} onClick={onSelect}>
        <span className="order-item-head">
          <span className="mono">{order.number ?? <StateText state={order.state} />}</span>
          {order.number !== null && order.state !== 'issued' && <StateText state={order.state} />}
          {order.state === 'issued' && (
            <span className="order-receipts" data-all={read === order.units.length}>
              {t('list.read', { read, units: order.units.length })}
            </span>
          )}
        </span>
        <strong>{title}</strong>
        <span className="muted">
          {words.band(order.band)} · {words.dosage(order.dosage)}
        </span>
        <span className="muted">
          {order.units.length === 0
            ? t('list.no-units')
            : order.units.map(({ callSign }) => callSign).join(t('ui:list-separator'))}{' '}
          · {t('list.until', { at: format.short(order.expiresAt) })}
        </span>
        {order.progress?.current && order.state === 'issued' && (
          <>
            <OutcomeText outcome={order.progress.current.outcome} />
            <ComplianceBars {...order.progress.current} />
          </>
        )}
        {order.state !== 'issued' && order.progress && order.progress.occurrences > 0 && (
          <ComplianceBars {...order.progress} />
        )}
      </button>
    </div>
  )
}
