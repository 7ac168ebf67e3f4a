import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { Empty, Loading, Shown } from '../../../foundation/ui/states/states.tsx'
import { AgeText } from '../../../foundation/ui/time/age-text.tsx'
import { useNow } from '../../../foundation/ui/time/clock.ts'
import { useFormat } from '../../../foundation/ui/time/format.ts'
import { dayQuery, indexQuery, type DayShown, type IndexShown } from './sync-api.ts'
import { SyncDaysChart } from './sync-days-chart.tsx'
import { SyncExplained } from './sync-explained.tsx'
import { MinutesTable, SyncFigure } from './sync-figure.tsx'
import { SyncStage } from './sync-stage.tsx'
import './sync.css'

/** How well patrol follows risk: now, by day, where and when it does not, and what the same hours could reach. */
export function SyncPage() {
  const index = useQuery(indexQuery)
  return (
    <Shown query={index} rows={12}>
      {(data) => <Sync index={data} />}
    </Shown>
  )
}

function Sync({ index }: { index: IndexShown }) {
  const { t } = useTranslation('patrol')
  const [chosen, setChosen] = useState<string | null>(null)
  const day = chosen ?? index.today
  const kept = index.days.find((each) => each.day === day)
  const computedAt = day === index.today ? index.live?.computedAt : kept?.computedAt
  const state = day === index.today ? index.live?.sinceMidnight.state : kept?.state
  const days = [index.today, ...index.days.map((each) => each.day).reverse()]
  return (
    <div className="sync">
      <div className="sync-head">
        <h1>{t('sync.title')}</h1>
        <label>
          {t('sync.day')}{' '}
          <select value={day} onChange={(event) => setChosen(event.target.value)}>
            {days.map((each) => (
              <option key={each} value={each}>
                {each === index.today ? t('sync.today', { day: each }) : each}
              </option>
            ))}
          </select>
        </label>
        <Age index={index} day={day} />
        <span className="sync-exports">
          <a href="/api/sync-index/days.csv" download>
            {t('sync.export.days')}
          </a>
          {state === 'done' && (
            <>
              <a href={`/api/sync-index/${day}/cells.csv`} download>
                {t('sync.export.csv')}
              </a>
              <a href={`/api/sync-index/${day}/cells.geojson`} download>
                {t('sync.export.geojson')}
              </a>
            </>
          )}
        </span>
      </div>
      {computedAt === undefined ? (
        <>
          <Loading rows={8} />
          <p className="sync-wait muted" role="status">
            {t('sync.reckoning')}
          </p>
        </>
      ) : (
        <Day index={index} day={day} computedAt={computedAt} onDay={setChosen} />
      )}
    </div>
  )
}

const OLD_MILLISECONDS = 15 * 60_000

/** How old what is shown is, and the fixes that it rests on. */
function Age({ index, day }: { index: IndexShown; day: string }) {
  const { t } = useTranslation('patrol')
  const format = useFormat()
  const now = useNow()
  const { live } = index
  if (day !== index.today) {
    const row = index.days.find((each) => each.day === day)
    return (
      <span className="muted">
        {row && t(row.isFinal ? 'sync.final' : 'sync.not-final', { at: format.short(row.computedAt) })}
      </span>
    )
  }
  if (live === null) return null
  const { heardAt } = live
  const isOld = heardAt !== null && now - Date.parse(heardAt) > OLD_MILLISECONDS
  return (
    <>
      <span className="muted">
        {t('sync.reckoned')} <AgeText at={live.computedAt} />
        {heardAt !== null && (
          <>
            {' · '}
            {t('sync.heard')} <AgeText at={heardAt} />
          </>
        )}
      </span>
      {isOld && (
        <span className="sync-warning" role="status">
          <span aria-hidden>▲</span> {t('sync.old-track')}
        </span>
      )}
    </>
  )
}

function Day({
  index,
  day,
  computedAt,
  onDay,
}: {
  index: IndexShown
  day: string
  computedAt: string
  onDay: (day: string) => void
}) {
  const shown = useQuery(dayQuery(day, computedAt))
  return (
    <Shown query={shown} rows={12}>
      {(data) => (
        <div className="sync-stage" data-told={data.figures !== null}>
          <section className="sync-beside">
            {data.figures && data.minutes ? (
              <SyncFigure
                figures={data.figures}
                isRunning={data.isRunning}
                lastHour={data.isRunning ? (index.live?.lastHour ?? null) : null}
              />
            ) : (
              <CannotTell data={data} />
            )}
            {data.minutes && <MinutesTable minutes={data.minutes} />}
            <SyncDaysChart index={index} day={day} onDay={onDay} />
            <SyncExplained setting={index.setting} cellMetres={data.surface?.cellMetres ?? null} />
          </section>
          {data.figures && data.surface && (
            <SyncStage key={day} figures={data.figures} surface={data.surface} setting={index.setting} />
          )}
        </div>
      )}
    </Shown>
  )
}

/** Nothing is known: that is said, and is never shown as nought. */
function CannotTell({ data }: { data: DayShown }) {
  const { t } = useTranslation('patrol')
  return (
    <section className="panel sync-cannot" aria-label={t('sync.figure')}>
      <p className="sync-number">—</p>
      <Empty text={t(`sync.${data.state}${data.isRunning ? '-yet' : ''}`)} />
    </section>
  )
}
