import { useInfiniteQuery, useQuery } from '@tanstack/react-query'
import { Button } from 'antd'
import { useDeferredValue, useEffect, useMemo, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { MapView } from '../../../foundation/ui/map/map-view.tsx'
import { Empty, Failure, Loading } from '../../../foundation/ui/states/states.tsx'
import { useStore } from '../../../foundation/ui/store/store.ts'
import { serverNow } from '../../../foundation/ui/time/clock.ts'
import { districtTimeZone, useFormat } from '../../../foundation/ui/time/format.ts'
import { TimeSlider, type TimeMark } from '../../../foundation/ui/time/time-slider.tsx'
import { momentOfWall, wallText } from '../../../foundation/ui/time/wall-text.ts'
import { useNavigate } from '@tanstack/react-router'
import {
  IncidentItem,
  incidentPagesQuery,
  IncidentsLayer,
  useTypeName,
} from '../../incident/console/index.tsx'
import { KeyPlacesLayer, keyPlacesQuery, replayQuery } from '../../location/console/index.tsx'
import { assignmentsBetweenQuery } from './dispatch-api.ts'
import { columnsOf, unitsAt } from './replay-frames.ts'
import { ReplayedUnitsLayer } from './replayed-units-layer.tsx'
import './replay-page.css'

const HOUR = 3_600_000

interface Span {
  readonly from: number
  readonly until: number
}

/** Everything that moved and happened in a span of time, on the map, at any speed. */
export function ReplayPage() {
  const { t } = useTranslation('dispatch')
  const [span, setSpan] = useState<Span | null>(null)
  const zone = useStore(districtTimeZone)
  // The wall clocks that the bar offers hang in the district's zone, so it waits until that is known.
  if (zone === undefined) return <Loading />
  return (
    <div className="replay">
      <SpanBar zone={zone} onLoad={setSpan} />
      {span === null ? (
        <Empty text={t('replay.empty')} />
      ) : (
        <Replay key={`${span.from}-${span.until}`} span={span} />
      )}
    </div>
  )
}

/** Chooses the span: the last hours by one click, or two wall clocks of the district. */
function SpanBar({ zone, onLoad }: { zone: string; onLoad: (span: Span) => void }) {
  const { t } = useTranslation('dispatch')
  const [from, setFrom] = useState(() => wallText(serverNow() - HOUR, zone))
  const [until, setUntil] = useState(() => wallText(serverNow(), zone))
  const [wrong, setWrong] = useState(false)

  const last = (hours: number) => {
    const now = serverNow()
    setFrom(wallText(now - hours * HOUR, zone))
    setUntil(wallText(now, zone))
    onLoad({ from: now - hours * HOUR, until: now })
  }
  const load = () => {
    const asked = { from: momentOfWall(from, zone), until: momentOfWall(until, zone) }
    const isSpan = asked.from !== null && asked.until !== null && asked.until > asked.from
    setWrong(!isSpan)
    if (isSpan) onLoad(asked as Span)
  }

  return (
    <form
      className="replay-bar"
      onSubmit={(event) => {
        event.preventDefault()
        load()
      }}
    >
      <h1>{t('replay.title')}</h1>
      <span className="replay-quick" role="group" aria-label={t('replay.date')}>
        {[1, 4, 12, 24].map((hours) => (
          <Button key={hours} onClick={() => last(hours)}>
            {t('replay.last', { hours })}
          </Button>
        ))}
      </span>
      <label>
        {t('replay.from')}{' '}
        <input
          type="datetime-local"
          value={from}
          step={60}
          onChange={(event) => setFrom(event.target.value)}
        />
      </label>
      <label>
        {t('replay.until')}{' '}
        <input
          type="datetime-local"
          value={until}
          step={60}
          onChange={(event) => setUntil(event.target.value)}
        />
      </label>
      <Button type="primary" htmlType="submit">
        {t('replay.load')}
      </Button>
      {wrong && (
        <span role="alert" className="replay-wrong">
          {t('replay.wrong')}
        </span>
      )}
      <span className="muted push">{t('replay.audited')}</span>
    </form>
  )
}

function Replay({ span }: { span: Span }) {
  const { t } = useTranslation('dispatch')
  const navigate = useNavigate()
  const format = useFormat()
  const typeName = useTypeName()
  const [at, setAt] = useState(span.from)
  // The slider stays quick under the hand; the map follows as fast as it can draw.
  const shownAt = useDeferredValue(at)
  const from = new Date(span.from).toISOString()
  const until = new Date(span.until).toISOString()

  const replay = useQuery(replayQuery(from, until, stepFor(span)))
  const places = useQuery(keyPlacesQuery).data?.states ?? []
  const assignments = useQuery(assignmentsBetweenQuery(from, until)).data
  const pages = useInfiniteQuery(incidentPagesQuery({ from, until }))
  const { hasNextPage, isFetchingNextPage, fetchNextPage } = pages
  useEffect(() => {
    if (hasNextPage && !isFetchingNextPage) void fetchNextPage()
  }, [hasNextPage, isFetchingNextPage, fetchNextPage])

  const incidents = useMemo(() => pages.data?.pages.flatMap((page) => page.incidents) ?? [], [pages.data])
  const columns = useMemo(() => columnsOf(replay.data ?? []), [replay.data])
  const units = useMemo(() => unitsAt(columns, assignments ?? [], shownAt), [columns, assignments, shownAt])
  const open = useMemo(
    () =>
      incidents.filter(
        ({ openedAt, closedAt, status }) =>
          Date.parse(openedAt) <= shownAt &&
          (closedAt === null ? status === 'open' : Date.parse(closedAt) > shownAt),
      ),
    [incidents, shownAt],
  )
  const marks = useMemo<readonly TimeMark[]>(
    () =>
      incidents.map(({ openedAt, level, typeCode }) => ({
        at: Date.parse(openedAt),
        label: typeName(typeCode),
        tone: level === 'major' ? 'danger' : level === 'complex' ? 'warn' : 'info',
      })),
    [incidents, typeName],
  )

  if (replay.isPending) {
    return (
      <div className="page">
        <p className="muted">{t('replay.loading')}</p>
        <Loading rows={8} />
      </div>
    )
  }
  if (replay.data === undefined) return <Failure error={replay.error} retry={() => void replay.refetch()} />
  return (
    <div className="replay-stage">
      <div className="replay-map">
        <MapView label={t('replay.map')}>
          <KeyPlacesLayer places={places.map((place) => ({ ...place, state: 'not-required' as const }))} />
          <IncidentsLayer
            incidents={open}
            onSelect={(incidentId) => void navigate({ to: '/incidents/$incidentId', params: { incidentId } })}
          />
          <ReplayedUnitsLayer units={units} />
        </MapView>
        {columns.length === 0 && <div className="map-note">{t('replay.none')}</div>}
      </div>
      <aside className="panel replay-list" aria-label={t('live.incidents')}>
        <div className="panel-head">
          <h2>{format.moment(shownAt)}</h2>
          <span className="muted push">
            {t('replay.units', { count: units.length })} · {t('replay.incidents', { count: open.length })}
          </span>
        </div>
        <div className="live-scroll">
          {open.map((incident) => (
            <IncidentItem
              key={incident.id}
              incident={incident}
              onSelect={() => setAt(Date.parse(incident.openedAt))}
              onOpen={() =>
                void navigate({ to: '/incidents/$incidentId', params: { incidentId: incident.id } })
              }
            />
          ))}
        </div>
      </aside>
      <div className="replay-slider">
        <TimeSlider
          from={span.from}
          until={span.until}
          at={at}
          onChange={setAt}
          marks={marks}
          stepSeconds={5}
        />
      </div>
    </div>
  )
}

/** Fine steps for an hour, coarse ones for a day: the answer stays a few megabytes. */
function stepFor({ from, until }: Span): number {
  const hours = (until - from) / HOUR
  return hours <= 2 ? 5 : hours <= 12 ? 10 : hours <= 48 ? 30 : 120
}
