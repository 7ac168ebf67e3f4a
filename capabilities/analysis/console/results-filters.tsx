import { dateOfDay, findDayNumber } from '../../../foundation/core/day.ts'
import { Button, Checkbox, Input, Segmented, Select } from 'antd'
import { useTranslation } from 'react-i18next'
import { useTypeName } from '../../incident/console/index.tsx'
import { PERIOD_KINDS, periodAt, type PeriodKind } from '../core/periods.ts'
import type { ResultPlaceShown, ResultsAsked } from './results-api.ts'

/** The same kind of period so many earlier or later. */
export function stepped(asked: ResultsAsked, by: 1 | -1): ResultsAsked {
  const from = findDayNumber(asked.from)!
  if (asked.period !== 'custom') {
    const { fromDay, untilDay } = periodAt(asked.period, from)
    return { ...asked, from: dateOfDay(by > 0 ? untilDay : fromDay - 1) }
  }
  const until = findDayNumber(asked.until ?? asked.from)!
  const days = by * (until - from + 1)
  return { ...asked, from: dateOfDay(from + days), until: dateOfDay(until + days) }
}

/** A kind of period around what is shown now. */
function ofKind(asked: ResultsAsked, period: PeriodKind): ResultsAsked {
  if (period !== 'custom') {
    const { until, ...rest } = asked
    return { ...rest, period, from: until ?? asked.from }
  }
  if (asked.period === 'custom') return asked
  const { fromDay, untilDay } = periodAt(asked.period, findDayNumber(asked.from)!)
  return { ...asked, period, from: dateOfDay(fromDay), until: dateOfDay(untilDay - 1) }
}

/** Which period, which rows, which place and category. */
export function ResultsFilters({
  asked,
  places,
  categories,
  onChange,
}: {
  asked: ResultsAsked
  places: readonly ResultPlaceShown[]
  categories: readonly string[]
  onChange: (asked: ResultsAsked) => void
}) {
  const { t } = useTranslation('analysis')
  const typeName = useTypeName()
  const isByCategory = asked.by === 'category'
  const { place, category, by, ...rest } = asked
  const placeName = ({ kind, name }: ResultPlaceShown) =>
    kind === 'district' ? t('results.district') : `${name} · ${t(`results.kind.${kind}`)}`
  return (
    <div className="results-filters">
      <Segmented
        aria-label={t('results.period.label')}
        value={asked.period}
        options={PERIOD_KINDS.map((kind) => ({ value: kind, label: t(`results.period.${kind}`) }))}
        onChange={(kind) => onChange(ofKind(asked, kind))}
      />
      <span className="results-step">
        <Button aria-label={t('results.earlier')} onClick={() => onChange(stepped(asked, -1))}>
          ‹
        </Button>
        <Input
          type="date"
          aria-label={t(asked.period === 'custom' ? 'results.from' : 'results.day')}
          value={asked.from}
          onChange={({ target }) =>
            findDayNumber(target.value) !== null && onChange({ ...asked, from: target.value })
          }
        />
        {asked.period === 'custom' && (
          <Input
            type="date"
            aria-label={t('results.until')}
            value={asked.until ?? ''}
            onChange={({ target }) =>
              findDayNumber(target.value) !== null && onChange({ ...asked, until: target.value })
            }
          />
        )}
        <Button aria-label={t('results.later')} onClick={() => onChange(stepped(asked, 1))}>
          ›
        </Button>
      </span>
      <Segmented
        aria-label={t('results.by.label')}
        value={by ?? 'place'}
        options={(['place', 'category'] as const).map((value) => ({
          value,
          label: t(`results.by.${value}`),
        }))}
        onChange={(value) => onChange(value === 'category' ? { ...rest, by: 'category' } : rest)}
      />
      {isByCategory ? (
        <Select
          aria-label={t('results.place')}
          value={place ?? 'district'}
          showSearch
          optionFilterProp="label"
          popupMatchSelectWidth={false}
          options={places.map((each) => ({ value: each.id, label: placeName(each) }))}
          onChange={(value) => onChange({ ...asked, place: value })}
        />
      ) : (
        <Select
          aria-label={t('results.category')}
          value={category ?? ''}
          showSearch
          optionFilterProp="label"
          popupMatchSelectWidth={false}
          options={[
            { value: '', label: t('results.all-categories') },
            ...categories.map((code) => ({ value: code, label: typeName(code) })),
          ]}
          onChange={(value) =>
            onChange({ ...rest, ...(by ? { by } : {}), ...(value === '' ? {} : { category: value }) })
          }
        />
      )}
      <Checkbox
        checked={asked.chosen === true}
        title={t('results.chosen-why')}
        onChange={({ target }) => {
          const { chosen: _, ...others } = asked
          onChange(target.checked ? { ...others, chosen: true } : others)
        }}
      >
        {t('results.chosen')}
      </Checkbox>
    </div>
  )
}
