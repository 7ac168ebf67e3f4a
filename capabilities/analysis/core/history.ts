import { ORIGINS, type Origin } from '../../incident/core/index.ts'
import type { Position } from '../../../foundation/core/geo.ts'
import { wallDays } from './daily.ts'
import { eastMetres, northMetres, planeAt, type Plane } from '../../../solvers/density/plane.ts'

/**
 * Incidents as columns, in any order. `day` is the wall clock of the district as days since 1970-01-01 with the hour as
 * its fraction (so that a daylight-saving day has 24 hours here as well); where `hourKnown` is 0 the fraction is 0.
 * A place that is missing is NaN.
 */
export interface IncidentColumns {
  readonly day: Float64Array
  readonly hourKnown: Uint8Array
  readonly lon: Float64Array
  readonly lat: Float64Array
  /** Position in `categories`. */
  readonly category: Uint16Array
  readonly categories: readonly string[]
  /** Position in ORIGINS. */
  readonly origin: Uint8Array
}

/** The same with moments in milliseconds in place of the wall clock. */
export type MomentColumns = Omit<IncidentColumns, 'day'> & { readonly at: Float64Array }

/** What a forecast learns from: placed, in order of time, without what patrol found itself. */
export interface IncidentHistory {
  readonly plane: Plane
  readonly day: Float64Array
  readonly hourKnown: Uint8Array
  /** Position in `places`, which are numbered in the order in which they first occur. */
  readonly place: Int32Array
  readonly category: Uint16Array
  readonly categories: readonly string[]
  readonly places: { readonly east: Float64Array; readonly north: Float64Array }
  /** Places at the police's own addresses: what is reported at the counter is entered there. */
  readonly ownPlaces: ReadonlySet<number>
  readonly left: LeftOut
}

/** Incidents that a forecast does not learn from, by cause. */
export interface LeftOut {
  readonly foundByPatrol: number
  readonly withoutPlace: number
  readonly withoutTime: number
  readonly farAway: number
}

/**
 * What lies farther from the middle than so many times the distance within which nine of the first thousand lie is a
 * slip of the geocoder. A district reaches 5 km and 150 km at the least and the most.
 */
const FARTHEST_TIMES = 5
const LEAST_REACH_METRES = 5_000
const MOST_REACH_METRES = 150_000
const MIDDLE_OF = 1_000
/** Places are the same when they agree to a decimetre. */
const PLACE_DECIMETRES = 10
/** A geocoder's point for a house and a surveyor's differ by about the width of its yard. */
const OWN_ADDRESS_METRES = 40

/**
 * Sorts and places incidents. The same incidents in another order give the same history, and incidents after a moment
 * change nothing about those before it: the map's origin is taken from the first incidents only.
 */
export function openHistory(
  columns: IncidentColumns,
  origins: readonly Origin[],
  ownAddresses: readonly Position[] = [],
): IncidentHistory {
  return openHistoryByRow(columns, origins, ownAddresses).history
}
/** Opens columns of moments by the wall clock of a zone; dates without an hour are kept as days. */
export function openByWallClock(
  { at, ...columns }: MomentColumns,
  timeZone: string,
  ownAddresses: readonly Position[] = [],
): ReturnType<typeof openHistoryByRow> & { readonly columns: IncidentColumns } {
  const clocks = wallDays(at, timeZone)
  const asRead: IncidentColumns = {
    ...columns,
    day: clocks.map((clock, i) => (columns.hourKnown[i] === 1 ? clock : Math.floor(clock))),
  }
  return { ...openHistoryByRow(asRead, ORIGINS, ownAddresses), columns: asRead }
}

/** The same, and for each incident of the history the row of the columns that it was. */
export function openHistoryByRow(
  columns: IncidentColumns,
  origins: readonly Origin[],
  ownAddresses: readonly Position[] = [],
): { readonly history: IncidentHistory; readonly row: Int32Array } {
  const { lon, lat } = columns
  const patrol = origins.indexOf('patrol')
  const left = { foundByPatrol: 0, withoutPlace: 0, withoutTime: 0, farAway: 0 }
  const kept: number[] = []
  for (let i = 0; i < columns.day.length; i++) {
    if (columns.origin[i] === patrol) left.foundByPatrol++
    else if (!Number.isFinite(columns.day[i])) left.withoutTime++
    else if (!isOnEarth(lon[i]!, lat[i]!)) left.withoutPlace++
    else kept.push(i)
  }
  const inOrder = Int32Array.from(kept).sort(
    (a, b) =>
      columns.day[a]! - columns.day[b]! ||
      lon[a]! - lon[b]! ||
      lat[a]! - lat[b]! ||
      columns.category[a]! - columns.category[b]! ||
      columns.hourKnown[a]! - columns.hourKnown[b]!,
  )
  const plane = planeAt(middleOfFirst(inOrder, lon, lat))
  const reach = reachOfFirst(inOrder, plane, columns)
  const near = inOrder.filter((i) => {
    const east = eastMetres(plane, lon[i]!)
    const north = northMetres(plane, lat[i]!)
    return Math.hypot(east, north) <= reach
  })
  left.farAway = inOrder.length - near.length
  const numberOf = new Map<number, number>()
  const placeEast: number[] = []
  const placeNorth: number[] = []
  const place = Int32Array.from(near, (i) => {
    const east = Math.round(eastMetres(plane, lon[i]!) * PLACE_DECIMETRES)
    const north = Math.round(northMetres(plane, lat[i]!) * PLACE_DECIMETRES)
    const key = (east + 2 ** 22) * 2 ** 23 + (north + 2 ** 22)
    let number = numberOf.get(key)
    if (number === undefined) {
      number = placeEast.length
      numberOf.set(key, number)
      placeEast.push(eastMetres(plane, lon[i]!))
      placeNorth.push(northMetres(plane, lat[i]!))
    }
    return number
  })
  const history = {
    plane,
    day: Float64Array.from(near, (i) => columns.day[i]!),
    hourKnown: Uint8Array.from(near, (i) => columns.hourKnown[i]!),
    place,
    category: Uint16Array.from(near, (i) => columns.category[i]!),
    categories: columns.categories,
    places: { east: Float64Array.from(placeEast), north: Float64Array.from(placeNorth) },
    ownPlaces: new Set(
      ownAddresses.flatMap((address) => {
        const [east, north] = [eastMetres(plane, address.lon), northMetres(plane, address.lat)]
        return placeEast.flatMap((each, place) =>
          Math.hypot(each - east, placeNorth[place]! - north) <= OWN_ADDRESS_METRES ? [place] : [],
        )
      }),
    ),
    left,
  }
  return { history, row: near }
}

function isOnEarth(lon: number, lat: number): boolean {
  return Math.abs(lon) <= 180 && Math.abs(lat) <= 85 && (Math.abs(lon) > 0.01 || Math.abs(lat) > 0.01)
}

/** The median of the first thousand: one slip among them does not move it. */
function middleOfFirst(
  inOrder: Int32Array,
  lon: Float64Array,
  lat: Float64Array,
): { lon: number; lat: number } {
  const first = inOrder.subarray(0, MIDDLE_OF)
  if (first.length === 0) return { lon: 0, lat: 0 }
  const median = (of: Float64Array) => Float64Array.from(first, (i) => of[i]!).sort()[first.length >> 1]!
  return { lon: median(lon), lat: median(lat) }
}

function reachOfFirst(inOrder: Int32Array, plane: Plane, { lon, lat }: IncidentColumns): number {
  const distances = Float64Array.from(inOrder.subarray(0, MIDDLE_OF), (i) =>
    Math.hypot(eastMetres(plane, lon[i]!), northMetres(plane, lat[i]!)),
  ).sort()
  const most = distances[Math.floor(0.9 * distances.length)] ?? 0
  return Math.min(MOST_REACH_METRES, Math.max(LEAST_REACH_METRES, FARTHEST_TIMES * most))
}
