import { useQuery } from '@tanstack/react-query'
import { useNavigate, useSearch } from '@tanstack/react-router'
import { Button } from 'antd'
import { useMemo, useRef, useState, type ComponentType } from 'react'
import { useTranslation } from 'react-i18next'
import type { Position } from '../../../foundation/core/geo.ts'
import { useShortcuts } from '../../../foundation/ui/keys/shortcuts.tsx'
import { live, positions } from '../../../foundation/ui/live/live.ts'
import { layerChoice, LayerSwitch, type LayerRow } from '../../../foundation/ui/map/layer-switch.tsx'
import { LinesLayer } from '../../../foundation/ui/map/lines-layer.tsx'
import { serverNow } from '../../../foundation/ui/time/clock.ts'
import { fitTo, MapView, type MapHandle } from '../../../foundation/ui/map/map-view.tsx'
import { Empty, Shown } from '../../../foundation/ui/states/states.tsx'
import { useStore } from '../../../foundation/ui/store/store.ts'
import { ActivationStrip, StrengthWidget } from '../../board/console/index.tsx'
import { useUnits } from '../../force/console/index.tsx'
import {
  byUrgency,
  IncidentItem,
  IncidentsLayer,
  LevelFilterBar,
  matchesLevel,
  openIncidentsQuery,
  type LevelFilter,
} from '../../incident/console/index.tsx'
import {
  type KeyPlaceStanding,
  KeyPlaceAlarms,
  KeyPlacesLayer,
  keyPlacesQuery,
  trackQuery,
  UnitsLayer,
} from '../../location/console/index.tsx'
import { AreasLayer } from '../../place/console/index.tsx'
import { useIncidentExtras } from './dispatch-api.ts'
import { CoverageLayer } from './coverage-layer.tsx'
import { IncidentCard, UnitCard } from './live-cards.tsx'
import { LiveSearch } from './live-search.tsx'
import { MapLegend } from './map-legend.tsx'
import { UnitList, useUnitFilter } from './unit-list.tsx'
import './live.css'

const layers = layerChoice('live', {
  units: true,
  labels: true,
  incidents: true,
  'key-places': true,
  areas: false,
  coverage: false,
})

const LAYER_ROWS = ['units', 'labels', 'incidents', 'key-places', 'areas', 'coverage'].map((id) => ({
  id,
  label: `dispatch:layer.${id}`,
}))

const TRACK_MILLISECONDS = 3_600_000
const NO_LINES: readonly [] = []
const NO_PLACES: readonly KeyPlaceStanding[] = []

/** A layer that a room further right draws on the live map; the app hands it over. */
export interface MoreLayer extends LayerRow {
  readonly Layer: ComponentType<{ visible: boolean }>
}

/** Everything that happens now, on one screen: what, who, where, and what needs somebody. */
export function LivePage({ more }: { more: readonly MoreLayer[] }) {
  const { t } = useTranslation('dispatch')
  const navigate = useNavigate()
  const { unit: unitId, incident: incidentId } = useSearch({ from: '/shell/' })
  const map = useRef<MapHandle | null>(null)
  const [filter, setFilter] = useState<LevelFilter>('all')
  const [trackOf, setTrackOf] = useState<{ readonly unitId: string; readonly until: number } | null>(null)
  const chosen = useStore(layers)
  const units = useUnits()
  const unitFilter = useUnitFilter(units)
  const incidents = useQuery(openIncidentsQuery)
  const places = useQuery(keyPlacesQuery).data?.states
  const extras = useIncidentExtras()

  const track = useQuery({
    ...trackQuery(
      trackOf?.unitId ?? '',
      new Date((trackOf?.until ?? 0) - TRACK_MILLISECONDS).toISOString(),
      new Date(trackOf?.until ?? 0).toISOString(),
    ),
    enabled: trackOf !== null,
  }).data?.segments

  const list = useMemo(
    () => (incidents.data?.incidents ?? []).filter((each) => matchesLevel(each, filter)).toSorted(byUrgency),
    [incidents.data, filter],
  )
  const incident = incidents.data?.incidents.find(({ id }) => id === incidentId)
  const unit = unitId === undefined ? undefined : units.get(unitId)

  const select = (search: { unit?: string; incident?: string }) =>
    void navigate({ to: '/', search, replace: true })
  const show = (position: Position) => map.current && fitTo(map.current.map, [position])
  const selectIncident = (id: string, move = true) => {
    select({ incident: id })
    const found = incidents.data?.incidents.find((each) => each.id === id)
    if (move && found) show(found.position)
  }
  const selectUnit = (id: string, move = true) => {
    select({ unit: id })
    const position = positions.get(id)
    if (move && position) show(position)
  }
  const step = (by: number) => {
    const index = list.findIndex(({ id }) => id === incidentId)
    const next = list[Math.min(list.length - 1, Math.max(0, index + by))]
    if (next) selectIncident(next.id)
  }

  useShortcuts([
    { keys: 'j', label: 'dispatch:keys.next', group: 'dispatch:keys.group', run: () => step(1) },
    { keys: 'k', label: 'dispatch:keys.previous', group: 'dispatch:keys.group', run: () => step(-1) },
    {
      keys: 'o',
      label: 'dispatch:keys.open',
      group: 'dispatch:keys.group',
      run: () =>
        incidentId !== undefined && void navigate({ to: '/incidents/$incidentId', params: { incidentId } }),
    },
    {
      keys: 'f',
      label: 'dispatch:keys.fit',
      group: 'dispatch:keys.group',
      run: () =>
        map.current && fitTo(map.current.map, [...positions.all(), ...list.map((each) => each.position)]),
    },
    { keys: 'escape', label: 'dispatch:keys.clear', group: 'dispatch:keys.group', run: () => select({}) },
  ])

  return (
    <div className="live">
      <section className="live-incidents" aria-label={t('live.incidents')}>
        <LevelFilterBar incidents={incidents.data?.incidents ?? []} value={filter} onChange={setFilter} />
        <div className="live-scroll">
          <Shown
            query={incidents}
            rows={8}
            isEmpty={() => list.length === 0}
            empty={
              <Empty
                text={t(filter === 'all' ? 'live.quiet' : 'live.none-of-level')}
                action={
                  filter === 'all' ? (
                    <Button onClick={() => void navigate({ to: '/intake' })}>{t('live.take')}</Button>
                  ) : (
                    <Button onClick={() => setFilter('all')}>{t('live.show-all')}</Button>
                  )
                }
              />
            }
          >
            {() =>
              list.map((each) => (
                <IncidentItem
                  key={each.id}
                  incident={each}
                  extra={extras.get(each.id)}
                  selected={each.id === incidentId}
                  onSelect={() => selectIncident(each.id)}
                  onOpen={() =>
                    void navigate({ to: '/incidents/$incidentId', params: { incidentId: each.id } })
                  }
                />
              ))
            }
          </Shown>
        </div>
      </section>

      <section className="live-map" aria-label={t('live.map')}>
        <MapView
          label={t('live.map')}
          onReady={(handle) => (map.current = handle)}
          onViewport={(bounds) => live.setViewport(widened(bounds))}
          over={
            <>
              <div className="map-over map-over-top-left">
                <LiveSearch
                  units={units}
                  incidents={incidents.data?.incidents ?? []}
                  onUnit={selectUnit}
                  onIncident={selectIncident}
                  onPlace={show}
                />
              </div>
              <div className="map-over map-over-top-right">
                <LayerSwitch choice={layers} rows={[...LAYER_ROWS, ...more]} />
              </div>
              <MapLegend coverage={chosen['coverage'] ?? false} />
              {incident && (
                <IncidentCard
                  incident={incident}
                  extra={extras.get(incident.id)}
                  onClose={() => select({})}
                />
              )}
              {!incident && unit && (
                <UnitCard
                  unit={unit}
                  track={trackOf?.unitId === unit.id}
                  onTrack={(shown) => setTrackOf(shown ? { unitId: unit.id, until: serverNow() } : null)}
                  onClose={() => select({})}
                  onIncident={selectIncident}
                />
              )}
            </>
          }
        >
          <LinesLayer id="track" lines={track ?? NO_LINES} />
          <CoverageLayer units={units} visible={chosen['coverage'] ?? false} />
          <AreasLayer visible={chosen['areas'] ?? false} />
          {more.map(({ id, isShown, Layer }) => (
            <Layer key={id} visible={chosen[id] ?? isShown ?? false} />
          ))}
          <KeyPlacesLayer places={places ?? NO_PLACES} visible={chosen['key-places'] ?? true} />
          <IncidentsLayer
            incidents={list}
            visible={chosen['incidents'] ?? true}
            selectedId={incidentId ?? null}
            onSelect={(id) => selectIncident(id, false)}
          />
          <UnitsLayer
            units={units}
            visible={chosen['units'] ?? true}
            labels={chosen['labels'] ?? true}
            shows={unitFilter.shows}
            selectedId={unitId ?? null}
            onSelect={(id) => selectUnit(id, false)}
          />
        </MapView>
      </section>

      <section className="live-force" aria-label={t('live.force')}>
        <StrengthWidget />
        <ActivationStrip />
        <div className="live-alarms">
          <KeyPlaceAlarms onSelect={show} />
        </div>
        <UnitList filter={unitFilter} selectedId={unitId ?? null} onSelect={selectUnit} />
      </section>
    </div>
  )
}

/** A fifth more on each side, so that a unit is there before the map is dragged to it. */
function widened({ west, south, east, north }: { west: number; south: number; east: number; north: number }) {
  const [width, height] = [(east - west) / 5, (north - south) / 5]
  return { west: west - width, south: south - height, east: east + width, north: north + height }
}
