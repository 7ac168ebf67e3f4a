import { useTranslation } from 'react-i18next'
import { useFormat } from '../../../foundation/ui/time/format.ts'
import type { DayRow, IndexShown } from './sync-api.ts'

const WIDTH = 300
const HEIGHT = 110
const LEFT = 30
const BOTTOM = 16
const TOP = 8
const DAYS = 30
const DAY_MILLISECONDS = 86_400_000

/** Thirty days as lines: the index, chance below it and better places above. A day that could not be told is a gap. */
export function SyncDaysChart({
  index,
  day,
  onDay,
}: {
  index: IndexShown
  day: string
  onDay: (day: string) => void
}) {
  const { t } = useTranslation('patrol')
  const format = useFormat()
  const last = Date.parse(index.today)
  const x = (of: string) =>
    LEFT + 4 + ((Date.parse(of) - last) / DAY_MILLISECONDS / DAYS + 1) * (WIDTH - LEFT - 10)
  const y = (share: number) => TOP + (1 - share) * (HEIGHT - TOP - BOTTOM)
  const live = index.live?.sinceMidnight
  const running: DayRow[] = live
    ? [{ ...live, day: index.today, computedAt: index.live.computedAt, isFinal: false }]
    : []
  const rows = [...index.days, ...running]
  const told = rows.filter(({ figures }) => figures !== null)
  return (
    <section className="panel" aria-label={t('sync.days.title')}>
      <div className="panel-head">
        <h2>{t('sync.days.title')}</h2>
      </div>
      <div className="panel-body">
        <figure className="sync-days">
          <svg viewBox={`0 0 ${WIDTH} ${HEIGHT}`} role="img" aria-label={summary(told)}>
            {[0, 0.25, 0.5, 0.75, 1].map((share) => (
              <g key={share}>
                <line className="sync-grid" x1={LEFT} x2={WIDTH} y1={y(share)} y2={y(share)} />
                <text x={LEFT - 4} y={y(share) + 3} textAnchor="end">
                  {format.percent(share)}
                </text>
              </g>
            ))}
            {(['random', 'bestPlaces', 'overlap'] as const).map((line) => (
              <path key={line} className="sync-line" data-line={line} d={pathOf(line)} />
            ))}
            {told.map((row) => (
              <circle
                key={row.day}
                className="sync-dot"
                data-current={row.day === day}
                data-running={row.day === index.today}
                cx={x(row.day)}
                cy={y(row.figures!.overlap)}
                r={row.day === day ? 4 : 2.6}
                onClick={() => onDay(row.day)}
              >
                <title>{`${row.day} ${format.percent(row.figures!.overlap, 1)}`}</title>
              </circle>
            ))}
            {rows
              .filter(({ figures }) => figures === null)
              .map((row) => (
                <text
                  key={row.day}
                  className="sync-none"
                  x={x(row.day)}
                  y={HEIGHT - BOTTOM - 2}
                  textAnchor="middle"
                >
                  ×<title>{`${row.day} ${t(`sync.short.${row.state}`)}`}</title>
                </text>
              ))}
            {[DAYS, DAYS / 2, 0].map((back) => {
              const date = new Date(last - back * DAY_MILLISECONDS).toISOString().slice(0, 10)
              return (
                <text
                  key={back}
                  x={x(date)}
                  y={HEIGHT - 3}
                  textAnchor={back === 0 ? 'end' : back === DAYS ? 'start' : 'middle'}
                >
                  {date.slice(5)}
                </text>
              )
            })}
          </svg>
          <figcaption>
            <span data-line="bestPlaces">┄ {t('sync.row.bestPlaces')}</span>{' '}
            <span data-line="overlap">● {t('sync.row.overlap')}</span>{' '}
            <span data-line="random">┈ {t('sync.row.random')}</span>
            {running.length > 0 && <span>○ {t('sync.days.running')}</span>}{' '}
            {rows.some(({ figures }) => figures === null) && <span> × {t('sync.days.none')}</span>}
          </figcaption>
        </figure>
        {index.days.length === 0 && <p className="muted">{t('sync.days.empty')}</p>}
      </div>
    </section>
  )

  function summary(of: readonly DayRow[]): string {
    return t('sync.days.label', {
      days: format.number(of.length),
      last: format.percent(of.at(-1)?.figures?.overlap, 1),
    })
  }

  /** Lifted where a day between two could not be told. */
  function pathOf(line: 'random' | 'overlap' | 'bestPlaces'): string {
    let d = ''
    let before: string | null = null
    // The running day is not over: its figure stands by itself.
    for (const row of told.filter((each) => each.day !== index.today)) {
      const isNext = before !== null && Date.parse(row.day) - Date.parse(before) === DAY_MILLISECONDS
      d += `${isNext ? 'L' : 'M'}${x(row.day).toFixed(1)} ${y(row.figures![line]).toFixed(1)}`
      before = row.day
    }
    return d
  }
}
