import { useRouter } from '@tanstack/react-router'
import { Button } from 'antd'
import { useTranslation } from 'react-i18next'
import { useMay } from '../../../foundation/ui/session/session.tsx'
import { serverNow } from '../../../foundation/ui/time/clock.ts'
import { useFormat } from '../../../foundation/ui/time/format.ts'
import { useTypeName } from '../../incident/console/index.tsx'
import type { KeptFindings } from '../core/index.ts'
import type { RunRow, ShiftShown } from './analysis-api.ts'
import type { Picked } from './picked.ts'
import { newOrders } from './publish.ts'
import { useShiftHours } from './shift-picker.tsx'
import { useWarningName } from './warnings-panel.tsx'

/** What is chosen, and the way to the page where it becomes orders. */
export function PublishBar({
  picked,
  run,
  shifts,
  findings,
}: {
  picked: Picked
  run: RunRow
  shifts: readonly ShiftShown[]
  findings: KeptFindings | null
}) {
  const { t } = useTranslation('analysis')
  const format = useFormat()
  const typeName = useTypeName()
  const warningName = useWarningName()
  const hours = useShiftHours()
  const may = useMay()
  const { history } = useRouter()
  if (picked.list.length === 0) return null
  const publish = () => {
    const orders = newOrders(picked.list, {
      runId: run.id,
      timeZone: run.parameters.timeZone,
      now: serverNow(),
      discRadiusMetres: run.parameters.discRadiusMetres,
      shifts,
      series: findings?.series ?? [],
      warnings: findings?.warnings ?? [],
      words: {
        stop: (stop, shift) => t('publish.stop', { rank: stop.rank, hours: hours(shift) }),
        stopOf: ({ category, stretch, plan, stop }) => {
          const name = category === null ? t('choice.all') : typeName(category)
          return {
            label: t('publish.stop-of', { rank: stop.rank, name, stretch: t(`choice.${stretch}`) }),
            text: t('publish.stop-of-reason', {
              ...{ day: run.day, name, rank: stop.rank },
              ...{ from: format.short(plan.fromAt), until: format.short(plan.untilAt) },
              ...{ expected: format.number(stop.expected, 2) },
              ...{ low: format.number(stop.low), high: format.number(stop.high) },
            }),
          }
        },
        series: ({ category, members, radiusMetres, firstDate, lastDate }) => ({
          label: t('publish.series', { name: typeName(category) }),
          reason: t('publish.series-reason', {
            name: typeName(category),
            count: members.length,
            first: firstDate,
            last: lastDate,
            metres: format.number(radiusMetres),
          }),
        }),
        warning: (warning) => ({
          label: t('publish.warning', { name: warningName(warning) }),
          reason: t('publish.warning-reason', {
            name: warningName(warning),
            from: warning.fromDate,
            last: warning.lastDate,
            observed: format.number(warning.observed),
            expected: format.number(warning.judged.expected, 1),
          }),
        }),
      },
    })
    history.push(`/orders?new=${encodeURIComponent(orders)}`)
  }
  return (
    <div className="analysis-publish" role="region" aria-label={t('publish.title')}>
      <span>{t('publish.chosen', { count: picked.list.length })}</span>
      <Button onClick={picked.clear}>{t('publish.clear')}</Button>
      <Button
        type="primary"
        disabled={!may('patrol.propose-order')}
        title={may('patrol.propose-order') ? '' : t('publish.may-not')}
        onClick={publish}
      >
        {t('publish.do')}
      </Button>
    </div>
  )
}
