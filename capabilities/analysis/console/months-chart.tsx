import { useTranslation } from 'react-i18next'
import { useFormat } from '../../../foundation/ui/time/format.ts'
import type { MonthShown, SpanShown } from './results-api.ts'

const WIDTH = 720
const HEIGHT = 190
const LEFT = 34
const BOTTOM = 24
const TOP = 32
/** Labels nearer than this to the one before go a line higher. */
const LABEL_WIDTH = 56
const DAYS = 30

export interface MarkedSpan {
  readonly label: string
  readonly span: SpanShown
}

/** Three years of months, here and beside, with the periods that are compared marked. Per 30 days, so that months are alike. */
export function MonthsChart({
  months,
  marked,
}: {
  months: readonly MonthShown[]
  marked: readonly MarkedSpan[]
}) {
  const { t } = useTranslation('analysis')
  const format = useFormat()
  const perMonth = (value: number | null, days: number) => (value === null ? null : (value * DAYS) / days)
  const here = months.map(({ count, days }) => perMonth(count, days))
  const beside = months.map(({ beside: value, days }) => perMonth(value, days))
  const most = Math.max(1, ...[...here, ...beside].filter((value) => value !== null))
  const step = stepOf(most)
  const top = Math.ceil(most / step) * step
  const x = (month: number) => LEFT + ((month + 0.5) / months.length) * (WIDTH - LEFT - 6)
  const y = (value: number) => TOP + (1 - value / top) * (HEIGHT - TOP - BOTTOM)
  const at = (date: string) => {
    const month = months.findIndex((each) => each.month === date.slice(0, 7))
    return month < 0
      ? null
      : x(month) + ((Number(date.slice(8)) - 15) / 30) * ((WIDTH - LEFT - 6) / months.length)
  }
  const marks = marked
    .flatMap(({ label, span }) => {
      const [from, until] = [at(span.from), at(span.last)]
      return from === null || until === null ? [] : [{ label, from, width: Math.max(3, until - from) }]
    })
    .sort((a, b) => a.from - b.from)
    .map((mark, n, all) => ({ ...mark, isHigher: n > 0 && mark.from - all[n - 1]!.from < LABEL_WIDTH }))
  const isPartial = (months.at(-1)?.days ?? 31) < 28
  return (
    <figure className="results-months">
      <svg viewBox={`0 0 ${WIDTH} ${HEIGHT}`} role="img" aria-label={t('results.months.label')}>
        {marks.map(({ label, from, width, isHigher }) => (
          <g key={label} className="results-months-mark">
            <rect x={from} y={TOP - 4} width={width} height={HEIGHT - TOP - BOTTOM + 4} />
            <text
              x={Math.min(WIDTH - 24, from + width / 2)}
              y={isHigher ? TOP - 20 : TOP - 7}
              textAnchor="middle"
            >
              {label}
            </text>
          </g>
        ))}
        {Array.from({ length: Math.round(top / step) + 1 }, (_, n) => n * step).map((value) => (
          <g key={value} className="results-months-grid">
            <line x1={LEFT} x2={WIDTH - 6} y1={y(value)} y2={y(value)} />
            <text x={LEFT - 5} y={y(value) + 4} textAnchor="end">
              {format.number(value)}
            </text>
          </g>
        ))}
        {months.map(({ month }, n) =>
          month.endsWith('-01') || (n === 0 && !/-(12|11)$/.test(month)) ? (
            <text key={month} className="results-months-year" x={x(n)} y={HEIGHT - 6} textAnchor="middle">
              {month}
            </text>
          ) : null,
        )}
        <path className="results-months-beside" d={pathOf(beside, x, y)} />
        <path className="results-months-here" d={pathOf(here, x, y)} />
        {here.map((value, n) =>
          value === null ? null : (
            <circle key={n} className="results-months-dot" cx={x(n)} cy={y(value)} r={2.6} />
          ),
        )}
      </svg>
      <figcaption>
        <span className="results-legend" data-line="here">
          {t('results.months.here')}
        </span>
        {beside.some((value) => value !== null) && (
          <span className="results-legend" data-line="beside">
            {t('results.months.beside')}
          </span>
        )}
        <span className="muted">
          {t('results.months.label')}
          {isPartial ? `（${t('results.months.partial')}）` : ''}
        </span>
      </figcaption>
    </figure>
  )
}

/** 1, 2 or 5 times a power of ten, so that there are three to six lines. */
function stepOf(most: number): number {
  const power = 10 ** Math.floor(Math.log10(most / 3))
  return [1, 2, 5, 10].map((times) => times * power).find((step) => most / step <= 5) ?? 10 * power
}

function pathOf(
  values: readonly (number | null)[],
  x: (n: number) => number,
  y: (value: number) => number,
): string {
  let isDrawing = false
  return values
    .map((value, n) => {
      if (value === null) {
        isDrawing = false
        return ''
      }
      const command = `${isDrawing ? 'L' : 'M'}${x(n).toFixed(1)} ${y(value).toFixed(1)}`
      isDrawing = true
      return command
    })
    .join('')
}
