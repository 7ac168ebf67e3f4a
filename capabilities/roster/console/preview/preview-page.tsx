import { useQuery } from '@tanstack/react-query'
import { Button, Select } from 'antd'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { addDays, findDayNumber, getDayNumber, weekdayOfDay } from '../../../../foundation/core/day.ts'
import { Empty, Shown } from '../../../../foundation/ui/states/states.tsx'
import { useFormat } from '../../../../foundation/ui/time/format.ts'
import { useOrganisationName } from '../../../force/console/index.tsx'
import { patternsQuery, schemesQuery, type PatternRow, type SchemeRow } from '../patterns/patterns-api.ts'
import { useToday } from '../today.ts'
import { PairChart } from './pair-chart.tsx'
import { previewQuery, type PreviewAnswer, type PreviewAsked } from './preview-api.ts'
import { PreviewTable } from './preview-table.tsx'
import { binned, pairBars } from './preview-figures.ts'
import { WeekHeat } from './week-heat.tsx'
import '../roster.css'
import './preview.css'

const WEEKS = [4, 8, 16, 32, 52] as const
const USUAL_WEEKS = 16

/** Before anything changes: two patterns on the same officers, and what each would mean for them and for the street. */
export function PreviewPage() {
  const { t } = useTranslation('roster')
  const patterns = useQuery(patternsQuery)
  const schemes = useQuery(schemesQuery)
  const today = useToday()
  const all = {
    data:
      patterns.data && schemes.data && today !== null
        ? { patterns: patterns.data, schemes: schemes.data, today }
        : undefined,
    error: patterns.error ?? schemes.error,
    isPending: patterns.isPending || schemes.isPending || today === null,
    dataUpdatedAt: Math.min(patterns.dataUpdatedAt, schemes.dataUpdatedAt),
    refetch() {
      void patterns.refetch()
      void schemes.refetch()
    },
  }
  return (
    <div className="page preview">
      <Shown query={all} rows={12}>
        {(data) =>
          data.schemes.length === 0 ? (
            <>
              <div className="page-head">
                <h1>{t('preview.title')}</h1>
              </div>
              <Empty text={t('preview.no-schemes')} />
            </>
          ) : (
            <Comparing {...data} />
          )
        }
      </Shown>
    </div>
  )
}

/** The Monday after a date, from which whole weeks are counted. */
const nextMonday = (date: string): string => addDays(date, 8 - weekdayOfDay(getDayNumber(date)))

/** What most organisations follow today, and what it is held against first. */
function firstPair(patterns: readonly PatternRow[], schemes: readonly SchemeRow[]) {
  const counts = new Map<string, number>()
  for (const { patternCode } of schemes) counts.set(patternCode, (counts.get(patternCode) ?? 0) + 1)
  const left = [...counts].toSorted((a, b) => b[1] - a[1])[0]?.[0] ?? patterns[0]?.code ?? ''
  const right =
    ['four-plus-one', 'three-shift'].find(
      (code) => code !== left && patterns.some((each) => each.code === code),
    ) ??
    patterns.find(({ code }) => code !== left)?.code ??
    left
  return { left, right }
}

function Comparing({
  patterns,
  schemes,
  today,
}: {
  patterns: readonly PatternRow[]
  schemes: readonly SchemeRow[]
  today: string
}) {
  const { t, i18n } = useTranslation('roster')
  const organisationName = useOrganisationName()
  const organisations = [...new Set(schemes.map(({ organisationId }) => organisationId))]
  const [pair, setPair] = useState(() => firstPair(patterns, schemes))
  const [chosen, setChosen] = useState<readonly string[]>([])
  const [fromDate, setFrom] = useState(() => nextMonday(today))
  const [weeks, setWeeks] = useState<number>(USUAL_WEEKS)
  const asked: PreviewAsked = {
    organisationIds: chosen.length > 0 ? chosen : organisations,
    left: { patternCode: pair.left },
    right: { patternCode: pair.right },
    fromDate,
    days: weeks * 7,
  }
  const answer = useQuery({ ...previewQuery(asked), enabled: findDayNumber(fromDate) !== null })
  const nameOf = (code: string) => {
    const pattern = patterns.find((each) => each.code === code)
    return pattern ? (i18n.language === 'en' ? pattern.nameEn : pattern.nameZh) : code
  }
  const options = patterns.map(({ code }) => ({ value: code, label: nameOf(code) }))
  const query = new URLSearchParams({
    left: pair.left,
    right: pair.right,
    fromDate,
    days: String(weeks * 7),
    lang: i18n.language === 'en' ? 'en' : 'zh-CN',
  })
  for (const id of asked.organisationIds) query.append('organisationIds', id)
  return (
    <>
      <div className="page-head">
        <h1>{t('preview.title')}</h1>
        <span className="muted preview-lead">{t('preview.lead')}</span>
        <span className="push roster-actions preview-controls">
          <Button size="small" onClick={() => window.print()}>
            {t('page.print')}
          </Button>
          <Button size="small" href={`/api/roster-previews/preview.xlsx?${query}`} download>
            {t('page.excel')}
          </Button>
        </span>
      </div>
      <div className="preview-controls preview-form" role="group" aria-label={t('preview.form')}>
        <label data-side="left">
          <span>{t('preview.left')}</span>
          <Select
            value={pair.left}
            options={options}
            aria-label={t('preview.left')}
            style={{ minWidth: 210 }}
            onChange={(left) => setPair({ ...pair, left })}
          />
        </label>
        <Button
          aria-label={t('preview.exchange')}
          title={t('preview.exchange')}
          onClick={() => setPair({ left: pair.right, right: pair.left })}
        >
          ⇄
        </Button>
        <label data-side="right">
          <span>{t('preview.right')}</span>
          <Select
            value={pair.right}
            options={options}
            aria-label={t('preview.right')}
            style={{ minWidth: 210 }}
            onChange={(right) => setPair({ ...pair, right })}
          />
        </label>
        <label>
          <span>{t('filter.organisation')}</span>
          <Select
            mode="multiple"
            allowClear
            maxTagCount={1}
            style={{ minWidth: 180 }}
            aria-label={t('filter.organisation')}
            placeholder={t('preview.all')}
            value={[...chosen]}
            options={organisations.map((id) => ({ value: id, label: organisationName(id) }))}
            onChange={(ids: string[]) => setChosen(ids)}
          />
        </label>
        <label>
          <span>{t('preview.from')}</span>
          <input type="date" value={fromDate} onChange={(event) => setFrom(event.target.value)} />
        </label>
        <label>
          <span>{t('preview.weeks')}</span>
          <Select
            value={weeks}
            aria-label={t('preview.weeks')}
            options={WEEKS.map((value) => ({ value, label: t('preview.week-count', { count: value }) }))}
            onChange={setWeeks}
          />
        </label>
      </div>
      <Shown query={answer} rows={12}>
        {(data) => (
          <div className="preview-result" data-old={answer.isPlaceholderData} aria-busy={answer.isFetching}>
            <Result answer={data} nameOf={nameOf} />
          </div>
        )}
      </Shown>
    </>
  )
}

function Result({ answer, nameOf }: { answer: PreviewAnswer; nameOf: (code: string) => string }) {
  const { t } = useTranslation('roster')
  const format = useFormat()
  const { left, right, officers, days, fromDate } = answer
  const names = { left: nameOf(left.patternCode), right: nameOf(right.patternCode) }
  const hours = (side: typeof left) => side.minutesPerWeek.byOfficer.map((minutes) => minutes / 60)
  return (
    <>
      <p className="preview-names">
        <b data-side="left">■ {names.left}</b> <b data-side="right">▨ {names.right}</b>{' '}
        <span className="muted">
          {t('preview.basis', { officers: officers.length, days, from: fromDate })}
        </span>
      </p>
      <PreviewTable left={left} right={right} names={names} rates={answer.rates} />
      <div className="preview-charts">
        <PairChart
          title={t('preview.chart.hours')}
          axis={t('preview.axis.hours')}
          unit={t('preview.unit.officers')}
          bars={binned(hours(left), hours(right), 1)}
          names={names}
        />
        <PairChart
          title={t('preview.chart.draws')}
          axis={t('preview.axis.draws')}
          unit={t('preview.unit.officers')}
          bars={binned(left.draws.byOfficer, right.draws.byOfficer, 1)}
          names={names}
          note={[left, right]
            .map((side) =>
              side.draws.officerDays === 0
                ? t('preview.no-draws', { name: nameOf(side.patternCode) })
                : t('preview.draws-note', {
                    name: nameOf(side.patternCode),
                    gini: format.number(side.draws.gini, 3),
                    least: side.draws.least,
                    most: side.draws.most,
                    between: format.number(side.draws.meanDaysBetween, 1),
                  }),
            )
            .join('；')}
        />
        <PairChart
          title={t('preview.chart.rest')}
          axis={t('preview.axis.days')}
          unit={t('preview.unit.times')}
          bars={pairBars(left.restRuns, right.restRuns)}
          names={names}
        />
        <PairChart
          title={t('preview.chart.between')}
          axis={t('preview.axis.days')}
          unit={t('preview.unit.times')}
          bars={pairBars(left.betweenDuties, right.betweenDuties)}
          names={names}
        />
      </div>
      <WeekHeat left={left} right={right} names={names} />
    </>
  )
}
