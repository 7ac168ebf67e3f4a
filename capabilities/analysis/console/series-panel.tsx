import { useEffect, useRef } from 'react'
import { useTranslation } from 'react-i18next'
import { Empty } from '../../../foundation/ui/states/states.tsx'
import { useFormat } from '../../../foundation/ui/time/format.ts'
import { useTypeName } from '../../incident/console/index.tsx'
import type { CategoryKnox, KeptFindings, KeptSeries } from '../core/index.ts'
import { useCircumstanceText } from './circumstance-text.ts'
import { KnoxChart } from './knox-chart.tsx'
import { PickBox } from './pick-box.tsx'
import type { Picked } from './picked.ts'

const MARKS = { growing: '▲', open: '●', closed: '○' } as const

/** The series of the day, the most surprising first; opened, a series shows its incidents and what ties them. */
export function SeriesPanel({
  findings,
  shownId,
  picked,
  onToggle,
}: {
  findings: KeptFindings
  shownId: string | null
  picked: Picked
  onToggle: (id: string) => void
}) {
  const { t } = useTranslation('analysis')
  const { series, seriesLeftOut, knox } = findings
  const searched = knox.length
  return (
    <>
      <p className="muted analysis-lead">
        {t('series.lead', { date: findings.atDate, categories: searched })}
        {seriesLeftOut > 0 && ` ${t('series.left-out', { count: seriesLeftOut })}`}
      </p>
      {series.length === 0 ? (
        <Empty text={t('series.none')} />
      ) : (
        <ol className="analysis-stops">
          {series.map((each) => (
            <SeriesRow
              key={each.id}
              series={each}
              knox={knox.find(({ category }) => category === each.category)}
              isOpen={each.id === shownId}
              picked={picked}
              onToggle={() => onToggle(each.id)}
            />
          ))}
        </ol>
      )}
    </>
  )
}

function SeriesRow({
  series,
  knox,
  isOpen,
  picked,
  onToggle,
}: {
  series: KeptSeries
  knox: CategoryKnox | undefined
  isOpen: boolean
  picked: Picked
  onToggle: () => void
}) {
  const { t } = useTranslation('analysis')
  const format = useFormat()
  const typeName = useTypeName()
  const row = useRef<HTMLLIElement>(null)
  useEffect(() => {
    if (isOpen) row.current?.scrollIntoView({ block: 'nearest' })
  }, [isOpen])
  const id = `series-${series.id}`
  const name = typeName(series.category)
  return (
    <li ref={row} className="analysis-stop" data-open={isOpen}>
      <PickBox pick={{ kind: 'series', id: series.id }} picked={picked} name={name} />
      <button type="button" aria-expanded={isOpen} aria-controls={id} onClick={onToggle}>
        <span className="analysis-state" data-state={series.state} aria-hidden>
          {MARKS[series.state]}
        </span>
        <span>
          <strong>{name}</strong> {t('series.incidents', { count: series.members.length })}
          <span className="muted analysis-line">
            {t(`series-state.${series.state}`)} · {series.firstDate.slice(5)} – {series.lastDate.slice(5)}
          </span>
        </span>
        <span className="muted nowrap">
          {t('series.radius', { metres: format.number(series.radiusMetres) })}
        </span>
      </button>
      {isOpen && (
        <div id={id} className="analysis-why">
          <SeriesDetail series={series} />
          {knox && <KnoxChart knox={knox} />}
        </div>
      )}
    </li>
  )
}

function SeriesDetail({ series }: { series: KeptSeries }) {
  const { t } = useTranslation('analysis')
  const format = useFormat()
  const text = useCircumstanceText()
  const { next } = series
  const hour = (value: number) => `${String(value % 24).padStart(2, '0')}:00`
  return (
    <>
      <p>
        {t('series.why', {
          count: series.members.length,
          usual:
            series.usual < 0.01
              ? `< ${format.number(0.01, 2)}`
              : format.number(series.usual, series.usual < 1 ? 2 : 1),
          chance: chanceText(series.chance),
        })}{' '}
        {series.since < series.lastDate && t('series.since', { date: series.since })}
      </p>
      {next ? (
        <p className="analysis-next">
          {t('series.next', { until: next.untilDate })}{' '}
          {next.hours
            ? t('series.next-hours', {
                from: hour(next.hours.fromHour),
                until: hour(next.hours.untilHour),
                holds: next.hours.holds,
                of: next.hours.of,
              })
            : t('series.next-any-hour')}{' '}
          {t('series.closes', { days: series.closesInDays })}
        </p>
      ) : (
        <p className="muted">{t('series.closed')}</p>
      )}
      <h3>{t('series.members')}</h3>
      <ol className="analysis-members">
        {series.members.map((member, n) => {
          const { incident, clock, link } = member
          const circumstances = text.ofMember(member)
          return (
            <li key={n}>
              <span className="analysis-rank">{n + 1}</span>
              <div>
                <span className="nowrap">{clock.replace('T', ' ')}</span>{' '}
                <span className="mono faint">
                  {incident.kind === 'incident' ? incident.number : incident.externalId}
                </span>
                {circumstances !== '' && <div>{circumstances}</div>}
                {link && <div className="muted">{text.ofLink(link)}</div>}
              </div>
            </li>
          )
        })}
      </ol>
    </>
  )
}

/** Small chances by their power: one in so many. */
function chanceText(chance: number): string {
  return chance > 0 ? `1/${Math.round(1 / chance).toLocaleString('en')}` : '0'
}
