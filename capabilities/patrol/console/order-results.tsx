import { queryOptions, useQuery } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import { api } from '../../../foundation/ui/api/client.ts'
import { useMay } from '../../../foundation/ui/session/session.tsx'
import { Empty, Shown } from '../../../foundation/ui/states/states.tsx'
import { useFormat } from '../../../foundation/ui/time/format.ts'
import {
  ChangeBar,
  DisplacementInWords,
  NaiveInWords,
  QuietInWords,
  type ChangeShown,
  type DisplacementShown,
} from '../../analysis/console/index.tsx'
import { verdictWording, type VerdictKey } from '../../analysis/core/index.ts'

interface EffectShown {
  readonly verdict: VerdictKey
  readonly before: number
  readonly after: number
  readonly expected: number
  readonly change: ChangeShown
  readonly naive: ChangeShown
  readonly caution: { readonly expectedFallPercent: number; readonly expectedByChance: number }
  readonly displacement: DisplacementShown
  readonly quietPercent: number
  readonly quietPairs: number
  readonly comparedWith: number
  readonly timesAsLong: number
  readonly ringMetres: number
}

interface OrderCounted {
  readonly id: string
  readonly number: string
  readonly label: string
  readonly before: number | null
  readonly after: number | null
  readonly visits: number
  readonly askedVisits: number
  readonly seconds: number
  readonly askedSeconds: number
}

interface OrderResultsShown {
  readonly none: string | null
  readonly effect: EffectShown | null
  readonly orders: readonly OrderCounted[]
}

const MINUTES_FRESH = 10 * 60_000
const SECONDS_A_MINUTE = 60

const orderResultsQuery = (from: string, until: string) =>
  queryOptions({
    queryKey: ['patrol-order-results', from, until],
    queryFn: ({ signal }) => api.get<OrderResultsShown>('/api/patrol-order-results', { from, until }, signal),
    staleTime: MINUTES_FRESH,
  })

/** What the orders of a period did, all together, and beside it what each was done. */
export function OrderResults({ from, until }: { from: string; until: string }) {
  const { t } = useTranslation('patrol')
  const may = useMay()
  const results = useQuery({ ...orderResultsQuery(from, until), enabled: may('patrol.read-results') })
  if (!may('patrol.read-results')) return null
  return (
    <section className="panel" aria-label={t('results.title')}>
      <div className="panel-head">
        <h2>{t('results.title')}</h2>
      </div>
      <div className="panel-body">
        <p className="muted">{t('results.intro')}</p>
        <Shown query={results} rows={4}>
          {({ none, effect, orders }) => (
            <>
              {none !== null && <Empty text={t(`results.none.${none}`)} />}
              {effect && <Effect effect={effect} orders={orders.length} />}
              {orders.length > 0 && <Orders orders={orders} />}
            </>
          )}
        </Shown>
      </div>
    </section>
  )
}

function Effect({ effect, orders }: { effect: EffectShown; orders: number }) {
  const { t } = useTranslation('patrol')
  const { t: analysis } = useTranslation('analysis')
  const { number } = useFormat()
  const whole = Math.round(effect.before)
  const { key, values } = verdictWording(
    { verdict: effect.verdict, before: whole, count: effect.after, tests: 1, judged: effect },
    number,
  )
  const tone =
    effect.verdict === 'result-fell' ? 'fell' : effect.verdict === 'result-rose' ? 'rose' : 'neither'
  return (
    <div className="results-detail">
      <p className="results-verdict">
        {analysis(key, values)} <ChangeBar change={effect.change} tone={tone} />
      </p>
      <p className="results-caution">
        <span aria-hidden>▲</span>{' '}
        {analysis('caution.regression-to-mean', {
          expectedFallPercent: number(Math.round(effect.caution.expectedFallPercent)),
          expectedByChance: number(Math.round(effect.caution.expectedByChance)),
        })}
      </p>
      {effect.verdict !== 'result-too-few' && (
        <DisplacementInWords displacement={effect.displacement} ringMetres={effect.ringMetres} />
      )}
      <p>
        {t('results.how', {
          orders: number(orders),
          places: number(effect.comparedWith),
          times: number(effect.timesAsLong),
        })}
      </p>
      <QuietInWords quietPairs={effect.quietPairs} quietPercent={effect.quietPercent} />
      <NaiveInWords naive={effect.naive} verdict={effect.verdict} />
    </div>
  )
}

function Orders({ orders }: { orders: readonly OrderCounted[] }) {
  const { t } = useTranslation('patrol')
  const { number } = useFormat()
  const minutes = (seconds: number) => number(Math.round(seconds / SECONDS_A_MINUTE))
  return (
    <table className="results-table results-orders" aria-label={t('results.table')}>
      <thead>
        <tr>
          {['order', 'before', 'after', 'done'].map((name) => (
            <th key={name} scope="col">
              {t(`results.${name}`)}
            </th>
          ))}
        </tr>
      </thead>
      <tbody>
        {orders.map((order) => (
          <tr key={order.id}>
            <th scope="row">
              <span className="mono">{order.number}</span> {order.label}
            </th>
            <td data-label={t('results.before')}>{number(order.before, 1)}</td>
            <td data-label={t('results.after')}>{number(order.after)}</td>
            <td data-label={t('results.done')}>
              {t('results.dosage', {
                minutes: minutes(order.seconds),
                asked: minutes(order.askedSeconds),
                visits: number(order.visits),
                askedVisits: number(order.askedVisits),
              })}
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  )
}
