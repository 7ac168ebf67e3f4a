import { useQueries } from '@tanstack/react-query'
import { Segmented } from 'antd'
import { useEffect, useMemo, useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { positions } from '../../../foundation/ui/live/live.ts'
import { LinesLayer } from '../../../foundation/ui/map/lines-layer.tsx'
import { fitTo, MapView, type MapHandle } from '../../../foundation/ui/map/map-view.tsx'
import { useMay } from '../../../foundation/ui/session/session.tsx'
import { serverNow } from '../../../foundation/ui/time/clock.ts'
import { useFormat } from '../../../foundation/ui/time/format.ts'
import { TimeSlider, type TimeMark } from '../../../foundation/ui/time/time-slider.tsx'
import { useUnits } from '../../force/console/index.tsx'
import {
  eventText,
  IncidentsLayer,
  Timeline,
  type IncidentRow,
  type TimelineRow,
} from '../../incident/console/index.tsx'
import { trackQuery, UnitsLayer, type TrackRow } from '../../location/console/index.tsx'
import type { AssignmentRow } from './dispatch-api.ts'
import { statusAt } from './replay-frames.ts'
import { ReplayedUnitsLayer, type ReplayedUnit } from './replayed-units-layer.tsx'

/** A replay starts this much before the call, so that one sees where the units were. */
const LEAD_MILLISECONDS = 60_000

/** Where it happens, now or replayed, and the timeline beside it. */
export function ScenePanel({
  incident,
  timeline,
  assignments,
  unitId,
}: {
  incident: IncidentRow
  timeline: readonly TimelineRow[]
  assignments: readonly AssignmentRow[]
  unitId: string | null
}) {
  const { t } = useTranslation('incident')
  const may = useMay()
  const map = useRef<MapHandle | null>(null)
  const units = useUnits()
  const [mode, setMode] = useState<'live' | 'replay'>(incident.status === 'open' ? 'live' : 'replay')
  const [until, setUntil] = useState(() => serverNow())
  const [moment, setMoment] = useState<number | 'end'>(() => Date.parse(incident.openedAt))
  const from = Date.parse(incident.openedAt) - LEAD_MILLISECONDS
  // Closing lets the units go a moment later: that belongs to the story too. What was written down last need not have
  // happened last.
  const last = Math.max(...timeline.map((row) => Date.parse(row.at)), Date.parse(incident.openedAt))
  const end = incident.closedAt === null ? until : Math.max(Date.parse(incident.closedAt), last)
  // Whoever is at the end stays there when it moves on.
  const at = moment === 'end' ? end : moment
  const setAt = (next: number) => setMoment(next >= end - 1000 ? 'end' : next)
  const involved = useMemo(
    () => [...new Set(assignments.map((assignment) => assignment.unitId))],
    [assignments],
  )
  const isReplay = mode === 'replay'

  const tracks = useQueries({
    queries: involved.map((id) => ({
      ...trackQuery(id, new Date(from).toISOString(), new Date(end).toISOString()),
      enabled: isReplay && may('location.read-tracks'),
    })),
    combine: (results) => results.flatMap(({ data }) => data ?? []),
  })

  const marks = useMemo<readonly TimeMark[]>(
    () =>
      timeline.map((row) => ({
        at: Date.parse(row.at),
        label: eventText(row, t),
        tone: row.type === 'escalated' ? 'danger' : row.type.startsWith('unit-') ? 'info' : 'warn',
      })),
    [timeline, t],
  )
  const replayed = useMemo(
    () => (isReplay ? tracks.flatMap((track) => placeOf(track, at, units, assignments) ?? []) : []),
    [isReplay, tracks, at, units, assignments],
  )
  const lines = useMemo(() => tracks.flatMap(({ segments }) => segments), [tracks])
  const shows = useMemo(
    () => (unit: { id: string; status: string }) => unit.status !== 'off-duty' || involved.includes(unit.id),
    [involved],
  )

  useEffect(() => {
    const position = unitId === null ? undefined : positions.get(unitId)
    if (position && map.current) fitTo(map.current.map, [incident.position, position])
  }, [unitId, incident.position])

  return (
    <div className="scene">
      <div className="scene-map">
        <MapView
          label={t('scene.map')}
          initial={{ centre: incident.position, zoom: 14 }}
          onReady={(handle) => (map.current = handle)}
          over={
            <div className="map-over map-over-top-left">
              <Segmented<'live' | 'replay'>
                value={mode}
                onChange={(next) => {
                  setMode(next)
                  setUntil(serverNow())
                  if (next === 'replay') setAt(from)
                }}
                options={[
                  { value: 'live', label: t('scene.live') },
                  { value: 'replay', label: t('scene.replay') },
                ]}
              />
            </div>
          }
        >
          <LinesLayer id="tracks" lines={lines} visible={isReplay} />
          <IncidentsLayer incidents={useMemo(() => [incident], [incident])} selectedId={incident.id} />
          <UnitsLayer units={units} visible={!isReplay} shows={shows} selectedId={unitId} />
          <ReplayedUnitsLayer units={replayed} visible={isReplay} />
        </MapView>
      </div>
      {isReplay && (
        <TimeSlider
          from={from}
          until={Math.max(end, from + 1000)}
          at={at}
          onChange={setAt}
          marks={marks}
          stepSeconds={1}
        />
      )}
      <section className="panel scene-timeline" aria-label={t('timeline')}>
        <div className="panel-head">
          <h2>{t('timeline')}</h2>
          {isReplay && <ReplayMoment at={at} />}
        </div>
        <div className="scene-scroll">
          <Timeline timeline={timeline} {...(isReplay ? { at, onSelect: setAt } : {})} />
        </div>
      </section>
    </div>
  )
}

function ReplayMoment({ at }: { at: number }) {
  const format = useFormat()
  return <span className="mono push">{format.moment(at)}</span>
}

/** Where a unit of a track was at a moment, between the two points around it; null before the first and in a gap. */
function placeOf(
  track: TrackRow,
  at: number,
  units: ReadonlyMap<string, { callSign: string }>,
  assignments: readonly AssignmentRow[],
): ReplayedUnit | null {
  for (const segment of track.segments) {
    const next = segment.findIndex((point) => Date.parse(point.at) >= at)
    if (next < 0) continue
    const after = segment[next]!
    const before = segment[next - 1]
    if (!before)
      return Date.parse(after.at) === at
        ? { ...placed(track.unitId, at, units, assignments), ...after }
        : null
    const [fromAt, toAt] = [Date.parse(before.at), Date.parse(after.at)]
    const share = toAt > fromAt ? (at - fromAt) / (toAt - fromAt) : 1
    return {
      ...placed(track.unitId, at, units, assignments),
      lon: before.lon + (after.lon - before.lon) * share,
      lat: before.lat + (after.lat - before.lat) * share,
    }
  }
  const last = track.segments.at(-1)?.at(-1)
  return last && Date.parse(last.at) < at
    ? { ...placed(track.unitId, at, units, assignments), lon: last.lon, lat: last.lat }
    : null
}

function placed(
  unitId: string,
  at: number,
  units: ReadonlyMap<string, { callSign: string }>,
  assignments: readonly AssignmentRow[],
): Omit<ReplayedUnit, 'lon' | 'lat'> {
  return {
    id: unitId,
    callSign: units.get(unitId)?.callSign ?? '',
    status: statusAt(assignments, unitId, at),
  }
}
