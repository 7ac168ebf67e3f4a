import type { Position } from '../../../foundation/core/geo.ts'
import type { FoundWarning, KeptFindings, KeptSeries } from '../core/index.ts'
import type { Run } from './run.ts'

type Cell = string | number | boolean | null
type Row = Readonly<Record<string, Cell>>

/** One row an incident of a series, or a warning, for a spreadsheet. */
export function findingsCsv(what: 'series' | 'warnings', run: Run, findings: KeptFindings): string {
  const rows =
    what === 'series'
      ? findings.series.flatMap((series) => membersOf(run, series))
      : findings.warnings.map((warning) => warningOf(run, warning))
  const columns = what === 'series' ? SERIES_COLUMNS : WARNING_COLUMNS
  const lines = rows.map((row) => columns.map((column) => quoted(row[column] ?? null)).join(','))
  return `\ufeff${[columns.join(','), ...lines].join('\r\n')}\r\n`
}

/** Series as lines in the order of time with a point an incident; warnings as points where most of the week lies. */
export function findingsGeoJson(what: 'series' | 'warnings', run: Run, findings: KeptFindings): object {
  const feature = (geometry: object, properties: Row) => ({ type: 'Feature', geometry, properties })
  const point = ({ lon, lat }: Position) => ({
    type: 'Point',
    coordinates: [rounded(lon, 6), rounded(lat, 6)],
  })
  return {
    type: 'FeatureCollection',
    features:
      what === 'series'
        ? findings.series.flatMap((series) => [
            feature(
              {
                type: 'LineString',
                coordinates: series.members.map(({ position }) => point(position).coordinates),
              },
              seriesOf(run, series),
            ),
            ...membersOf(run, series).map((row, n) => feature(point(series.members[n]!.position), row)),
          ])
        : findings.warnings.map((warning) =>
            feature(point(warning.densest.position), warningOf(run, warning)),
          ),
  }
}

const SERIES_COLUMNS = [
  ...[
    'day',
    'series',
    'since',
    'category',
    'state',
    'incidents',
    'first_date',
    'last_date',
    'usual',
    'chance',
  ],
  ...['radius_metres', 'next_from', 'next_until', 'next_from_hour', 'next_until_hour'],
  ...['member', 'source', 'number', 'clock', 'lon', 'lat', 'target', 'entry', 'object', 'danger'],
  ...['linked_to', 'distance_metres', 'days_between', 'times_chance', 'belief'],
] as const

function seriesOf({ day }: Run, series: KeptSeries): Row {
  const { next } = series
  return {
    day,
    series: series.id,
    since: series.since,
    category: series.category,
    state: series.state,
    incidents: series.members.length,
    first_date: series.firstDate,
    last_date: series.lastDate,
    usual: rounded(series.usual, 4),
    chance: series.chance,
    radius_metres: rounded(series.radiusMetres, 1),
    next_from: next?.fromDate ?? null,
    next_until: next?.untilDate ?? null,
    next_from_hour: next?.hours?.fromHour ?? null,
    next_until_hour: next?.hours?.untilHour ?? null,
  }
}

function membersOf(run: Run, series: KeptSeries): Row[] {
  return series.members.map(({ incident, clock, position, circumstances, link }, n) => ({
    ...seriesOf(run, series),
    member: n + 1,
    source: incident.kind === 'call' ? incident.source : 'xunfang',
    number: incident.kind === 'call' ? incident.externalId : incident.number,
    clock,
    lon: rounded(position.lon, 6),
    lat: rounded(position.lat, 6),
    ...circumstances,
    linked_to: link && link.to + 1,
    distance_metres: link && rounded(link.distanceMetres, 1),
    days_between: link && link.daysBetween,
    times_chance: link && rounded(link.timesChance, 2),
    belief: link && rounded(link.belief, 3),
  }))
}

const WARNING_COLUMNS = [
  ...['day', 'warning', 'outcome', 'category', 'area_kind', 'area', 'from_date', 'last_date'],
  ...['observed', 'expected', 'low', 'high', 'alarms_from', 'times_expected', 'p', 'false_discovery_rate'],
  ...['ears_c1', 'ears_c2', 'ears_c3', 'lon', 'lat', 'densest_holds'],
] as const

function warningOf({ day }: Run, warning: FoundWarning): Row {
  const { judged, densest } = warning
  return {
    day,
    warning: warning.id,
    outcome: warning.outcome,
    category: warning.category,
    area_kind: warning.areaKind,
    area: warning.areaName,
    from_date: warning.fromDate,
    last_date: warning.lastDate,
    observed: warning.observed,
    expected: rounded(judged.expected, 2),
    low: warning.low,
    high: warning.high,
    alarms_from: judged.alarmsFrom,
    times_expected: rounded(judged.timesExpected, 2),
    p: judged.p,
    false_discovery_rate: judged.falseDiscoveryRate,
    ears_c1: judged.ears?.c1.alarms ?? null,
    ears_c2: judged.ears?.c2.alarms ?? null,
    ears_c3: judged.ears?.c3.alarms ?? null,
    lon: rounded(densest.position.lon, 6),
    lat: rounded(densest.position.lat, 6),
    densest_holds: densest.holds,
  }
}

/** A text that a spreadsheet would take for a formula is told to be one by an apostrophe. */
function quoted(cell: Cell): string {
  if (cell === null) return ''
  if (typeof cell !== 'string') return String(cell)
  const safe = /^[=+\-@\t\r]/.test(cell) ? `'${cell}` : cell
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe
}

const rounded = (value: number, digits: number) => Math.round(value * 10 ** digits) / 10 ** digits
