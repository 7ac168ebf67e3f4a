import { dateOfDay } from '../../../foundation/core/day.ts'
import { circleRing, isInsideRing, type Position } from '../../../foundation/core/geo.ts'
import type { Area, KeyPlace } from '../../place/core/index.ts'
import { countRange } from '../../../solvers/density/negative-binomial.ts'
import { positionOn } from '../../../solvers/density/plane.ts'
import type { IncidentHistory } from './history.ts'
import { countSeries, WARNING_RULES, watchCounts, type Judgement, type WarningRules } from './warnings.ts'

/** An area whose counts are watched. */
export interface WatchedArea {
  readonly id: string
  readonly kind: 'station' | 'key-area'
  readonly name: string
  readonly ring: readonly (readonly [lon: number, lat: number])[]
}

const CORNERS = 24

/** The areas of the register whose counts are watched: those of stations, key areas, and key places as the circles they are. */
export function watchedAreas(
  areas: readonly Pick<Area, 'id' | 'kind' | 'name' | 'ring'>[],
  keyPlaces: readonly Pick<KeyPlace, 'id' | 'name' | 'lon' | 'lat' | 'radiusMetres'>[],
): WatchedArea[] {
  return [
    ...areas.flatMap(({ id, kind, name, ring }): WatchedArea[] =>
      kind === 'station' || kind === 'key-area' ? [{ id, kind, name, ring }] : [],
    ),
    ...keyPlaces.map(({ id, name, radiusMetres, ...centre }): WatchedArea => ({
      ...{ id, kind: 'key-area', name },
      ring: circleRing(centre, radiusMetres, CORNERS),
    })),
  ]
}

/** The whole district is an area too; it has no name of its own. */
export const DISTRICT_AREA = 'district'

/** A count of the last seven days that is out of line with its history. */
export interface FoundWarning {
  /** The same category and area have the same id every day. */
  readonly id: string
  readonly category: string
  readonly areaId: string
  readonly areaKind: WatchedArea['kind'] | 'district'
  readonly areaName: string | null
  /** `noted` ones are out of line on their own; among so many counts some are by chance. */
  readonly outcome: 'warning' | 'noted'
  readonly fromDate: string
  readonly lastDate: string
  readonly observed: number
  readonly judged: Judgement
  /** Nine weeks in ten would lie within, were all as usual. */
  readonly low: number
  readonly high: number
  /** Counts of the weeks up to the judged one, which is the last. */
  readonly weeks: readonly number[]
  /** Where most of the week's incidents lie within reach of each other. */
  readonly densest: { readonly position: Position; readonly radiusMetres: number; readonly holds: number }
  readonly positions: readonly Position[]
}

export interface DayWarnings {
  readonly warnings: readonly FoundWarning[]
  readonly watched: WatchedFigures
}

/** How many counts were judged, and how many not. */
export interface WatchedFigures {
  readonly judged: number
  /** Too few incidents a week to say anything by the week. */
  readonly tooThin: number
  readonly tooShort: number
  readonly areas: number
}

const WEEK = 7
/** Four years, as the false-alarm rate was measured with. */
const WEEKS_LEARNED = 208
/** Counts as thin as this say nothing by the week; the rate was measured without them. */
const LEAST_WEEKLY_MEAN = 0.25
const SHOWN_WEEKS = 26
const MOST_POSITIONS = 200

/** What is out of line in the seven days before `atDay`, by category and area, the least likely first. */
export function watchDay(
  history: IncidentHistory,
  areas: readonly WatchedArea[],
  atDay: number,
  reachMetres: number,
  rules: WarningRules = WARNING_RULES,
): DayWarnings {
  const fromDay = atDay - WEEK
  const wholeDistrict = new Int32Array(history.places.east.length)
  const placesOf = areas.map((area) => placesWithin(history, area))
  const isPlaceIn: ((place: number) => boolean)[] = [
    () => true,
    ...placesOf.map((within) => (place: number) => within[place] === 0),
  ]
  const watchedAreas = [null, ...areas]
  const all = watchedAreas.flatMap((area, a) =>
    countSeries(history, {
      fromDay,
      periodDays: WEEK,
      periods: WEEKS_LEARNED,
      categories: history.categories,
      areas: [area?.id ?? DISTRICT_AREA],
      // Areas may lie over one another, so each is counted by itself.
      areaOfPlace: a === 0 ? wholeDistrict : placesOf[a - 1]!,
    }),
  )
  const watched = all.filter(({ counts }) => weeklyMean(counts) >= LEAST_WEEKLY_MEAN)
  const counts = new Map(watched.map((each) => [keyOf(each), each.counts]))
  const outcomes = watchCounts(watched, { fromDay, periodDays: WEEK }, rules)
  const warnings = outcomes.flatMap(
    ({ category, area: areaId, outcome, observed, judged }): FoundWarning[] => {
      if (judged === null || (outcome !== 'warning' && outcome !== 'noted')) return []
      const at = watchedAreas.findIndex((each) => (each?.id ?? DISTRICT_AREA) === areaId)
      const area = watchedAreas[at] ?? null
      const positions = positionsOf(history, category, fromDay, atDay, isPlaceIn[at]!)
      return [
        {
          id: keyOf({ category, area: areaId }),
          category,
          areaId,
          areaKind: area?.kind ?? 'district',
          areaName: area?.name ?? null,
          outcome,
          fromDate: dateOfDay(fromDay),
          lastDate: dateOfDay(atDay - 1),
          observed,
          judged,
          ...countRange(judged.expected, judged.dispersion, 0.05),
          weeks: Array.from(counts.get(keyOf({ category, area: areaId }))!).slice(-SHOWN_WEEKS),
          densest: densestOf(history, positions, reachMetres),
          positions: positions
            .slice(-MOST_POSITIONS)
            .map(([east, north]) => positionOn(history.plane, east, north)),
        },
      ]
    },
  )
  return {
    warnings,
    watched: {
      judged: outcomes.filter(({ judged }) => judged !== null).length,
      tooThin: all.length - watched.length,
      tooShort: outcomes.filter(({ judged }) => judged === null).length,
      areas: watchedAreas.length,
    },
  }
}

const keyOf = ({ category, area }: { category: string; area: string }) => `${category}|${area}`

/** A week's mean in the year before the judged week. */
function weeklyMean(counts: ArrayLike<number>): number {
  const periods = Math.min(52, counts.length - 1)
  let sum = 0
  for (let k = counts.length - 1 - periods; k < counts.length - 1; k++) sum += counts[k]!
  return periods > 0 ? sum / periods : 0
}

/** For each place 0 where the area holds it, else −1. */
function placesWithin({ plane, places }: IncidentHistory, { ring }: WatchedArea): Int32Array {
  const lons = ring.map(([lon]) => lon)
  const lats = ring.map(([, lat]) => lat)
  const [west, east, south, north] = [
    Math.min(...lons),
    Math.max(...lons),
    Math.min(...lats),
    Math.max(...lats),
  ]
  return Int32Array.from(places.east, (metres, place) => {
    const lon = plane.origin.lon + metres / plane.metresPerDegreeLon
    const lat = plane.origin.lat + places.north[place]! / plane.metresPerDegreeLat
    const isNear = lon >= west && lon <= east && lat >= south && lat <= north
    return isNear && isInsideRing(ring, { lon, lat }) ? 0 : -1
  })
}

type Point = readonly [east: number, north: number]

function positionsOf(
  { day, category, categories, place, places }: IncidentHistory,
  name: string,
  fromDay: number,
  untilDay: number,
  isIn: (place: number) => boolean,
): Point[] {
  const number = categories.indexOf(name)
  const found: Point[] = []
  for (let i = day.length - 1; i >= 0 && day[i]! >= fromDay; i--)
    if (day[i]! < untilDay && category[i] === number && isIn(place[i]!))
      found.push([places.east[place[i]!]!, places.north[place[i]!]!])
  return found.reverse()
}

function densestOf(
  { plane }: IncidentHistory,
  points: readonly Point[],
  radiusMetres: number,
): FoundWarning['densest'] {
  let best: readonly Point[] = []
  for (const [east, north] of points) {
    const near = points.filter(([e, n]) => Math.hypot(e - east, n - north) <= radiusMetres)
    if (near.length > best.length) best = near
  }
  const middle = (axis: 0 | 1) => best.reduce((sum, point) => sum + point[axis], 0) / best.length
  return { position: positionOn(plane, middle(0), middle(1)), radiusMetres, holds: best.length }
}
