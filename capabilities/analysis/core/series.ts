import type { Chance } from '../../../foundation/core/chance.ts'
import type { Position } from '../../../foundation/core/geo.ts'
import { positionOn, type Plane } from '../../../solvers/density/plane.ts'
import type { Circumstances } from '../../../solvers/interaction/agreement.ts'
import { knoxTest, looksOfOnePass, type KnoxBands, type KnoxMap } from '../../../solvers/interaction/knox.ts'
import { poissonTail } from '../../../solvers/interaction/poisson-tail.ts'
import {
  growSeries,
  linkingReach,
  linkPairs,
  type Link,
  type LinkedSeries,
  type LinkingRule,
} from '../../../solvers/interaction/series.ts'
import type { IncidentHistory } from './history.ts'

export type { Circumstances } from '../../../solvers/interaction/agreement.ts'
export type { KnoxMap } from '../../../solvers/interaction/knox.ts'
export type { CircumstanceEvidence, Link as IncidentLink } from '../../../solvers/interaction/series.ts'

/** Incidents of one category, placed, in the order of time; `row` is their position in the history. */
export interface CategoryIncidents {
  readonly category: string
  readonly plane: Plane
  readonly row: Int32Array
  readonly east: Float64Array
  readonly north: Float64Array
  /** Whole days of the wall clock. */
  readonly day: Int32Array
  readonly circumstances: Circumstances
}

/** All numbers of the search; the district may set others. */
export interface SeriesRules {
  readonly bands: KnoxBands
  readonly permutations: number
  readonly linking: LinkingRule
  readonly leastIncidents: number
  /** The Knox map and what is usual at a place are learned from so many days. */
  readonly learnDays: number
  /** A series is reported where what is usual around it gives as many incidents with at most this probability. */
  readonly greatestChance: number
  /** Growing: at least two incidents within so many days, and more than in as many before. */
  readonly growingDays: number
}

export const SERIES_RULES: SeriesRules = {
  bands: { distanceMetres: [0.1, 100, 200, 300, 400], days: [7, 14, 21, 28] },
  permutations: 99,
  // A belief of one half is a ratio of 2: of such pairs one half is more than chance.
  linking: { greatestP: 0.05, leastPairs: 10, leastBelief: 0.5, reachTimes: 2 },
  leastIncidents: 3,
  learnDays: 730,
  greatestChance: 0.001,
  growingDays: 7,
}

/** `closed`: so long without a further incident that none could be linked any more. */
export type SeriesState = 'open' | 'growing' | 'closed'

export interface IncidentSeries {
  readonly category: string
  readonly state: SeriesState
  /** Rows of the history, the earliest first. */
  readonly rows: readonly number[]
  readonly links: readonly Link[]
  readonly middle: Position
  /** The distance of the farthest incident from the middle. */
  readonly radiusMetres: number
  readonly firstDay: number
  readonly lastDay: number
  /** Incidents that this surrounding has in so many days, by its year before; and the chance of as many as there are. */
  readonly usual: number
  readonly chance: number
  /** Days until the series closes if nothing is added; 0 when it is. */
  readonly closesInDays: number
  /** Days since then; 0 while it is open. */
  readonly closedForDays: number
}

const NO_CIRCUMSTANCES: Circumstances = { names: [], values: [] }

/** Nights, mornings, afternoons and evenings: a circumstance wherever the hour is known. */
const HOUR_BANDS = 4

const NO_PLACES: ReadonlySet<number> = new Set()

/**
 * The incidents of one category in [fromDay, untilDay), but for those at the places of the history in `leaveOut`.
 * `circumstances` has a value a row of the history; the band of the hour is added to them.
 */
export function incidentsOf(
  history: IncidentHistory,
  category: string,
  fromDay: number,
  untilDay: number,
  {
    circumstances = NO_CIRCUMSTANCES,
    leaveOut = NO_PLACES,
  }: { readonly circumstances?: Circumstances; readonly leaveOut?: ReadonlySet<number> } = {},
): CategoryIncidents {
  const number = history.categories.indexOf(category)
  const rows: number[] = []
  for (let i = 0; i < history.day.length && history.day[i]! < untilDay; i++)
    if (history.day[i]! >= fromDay && history.category[i] === number && !leaveOut.has(history.place[i]!))
      rows.push(i)
  const { east, north } = history.places
  return {
    category,
    plane: history.plane,
    row: Int32Array.from(rows),
    east: Float64Array.from(rows, (i) => east[history.place[i]!]!),
    north: Float64Array.from(rows, (i) => north[history.place[i]!]!),
    day: Int32Array.from(rows, (i) => Math.floor(history.day[i]!)),
    circumstances: {
      names: [...circumstances.names, 'hour-band'],
      values: [
        ...circumstances.values.map((column) => Int32Array.from(rows, (i) => column[i]!)),
        Int32Array.from(rows, (i) => {
          const day = history.day[i]!
          return history.hourKnown[i] === 1 ? Math.floor((day - Math.floor(day)) * HOUR_BANDS) : -1
        }),
      ],
    },
  }
}

/** A map has twenty cells, and a district forty categories: some cells are out of line by chance in most of them. */
const NEAREST_P = 0.02

/** What all permutations of a day's maps together look at: some two seconds. */
const LOOKS_AFFORDED = 60_000_000

/**
 * How many permutations the maps of these categories are given: as many as asked for, or fewer where each looks at very
 * much. It depends on the incidents alone, so that the same history always gives the same maps. Never fewer than
 * are needed to tell the p at which a category repeats.
 */
export function affordablePermutations(categories: readonly CategoryIncidents[], rules: SeriesRules): number {
  const least = Math.min(rules.permutations, Math.ceil(1 / NEAREST_P) - 1)
  const looks = categories.reduce((sum, incidents) => sum + looksOfOnePass(incidents, rules.bands), 0)
  return Math.min(rules.permutations, Math.max(least, Math.floor(LOOKS_AFFORDED / Math.max(looks, 1))))
}

/** The category's significance map: which distances and times hold more pairs than chance puts there. */
export function mapNearRepeats(incidents: CategoryIncidents, rules: SeriesRules, chance: Chance): KnoxMap {
  return knoxTest(incidents, rules.bands, { permutations: rules.permutations, chance })
}

/**
 * Whether a category repeats at all: at the same place, or within the nearest band, and within the first days. Without
 * it a cell farther off that stands out is chance, whatever its own p.
 */
export function showsNearRepeats({ cells }: KnoxMap, greatestP = NEAREST_P): boolean {
  return [cells[0]?.[0], cells[1]?.[0]].some(
    (cell) => cell !== undefined && cell.p <= greatestP && (cell.ratio ?? 0) > 1,
  )
}

/**
 * The series (串并案) of a category as they stand at the beginning of `atDay`, the most surprising first. Only incidents
 * before it are looked at. The thresholds are those of the category's own Knox map: where it shows no interaction of
 * place and time there are no series.
 */
export function findSeries(
  incidents: CategoryIncidents,
  map: KnoxMap,
  rules: SeriesRules,
  atDay: number,
): IncidentSeries[] {
  const known = incidentsBefore(incidents, atDay)
  const reach = linkingReach(map, rules.linking)
  const links = linkPairs(known, known.circumstances, map, rules.linking)
  return growSeries(known, links, reach.metres * rules.linking.reachTimes)
    .filter(({ members }) => members.length >= rules.leastIncidents)
    .map((series) => describe(known, series, { atDay, closeDays: reach.days, rules }))
    .filter(({ chance }) => chance <= rules.greatestChance)
    .sort((a, b) => a.chance - b.chance || b.lastDay - a.lastDay || a.rows[0]! - b.rows[0]!)
}

function incidentsBefore(incidents: CategoryIncidents, atDay: number): CategoryIncidents {
  let count = 0
  while (count < incidents.day.length && incidents.day[count]! < atDay) count++
  const { names, values } = incidents.circumstances
  return {
    ...incidents,
    row: incidents.row.subarray(0, count),
    east: incidents.east.subarray(0, count),
    north: incidents.north.subarray(0, count),
    day: incidents.day.subarray(0, count),
    circumstances: { names, values: values.map((column) => column.subarray(0, count)) },
  }
}

interface Standing {
  readonly atDay: number
  readonly closeDays: number
  readonly rules: SeriesRules
}

function describe(
  incidents: CategoryIncidents,
  { members, links, east, north }: LinkedSeries,
  { atDay, closeDays, rules }: Standing,
): IncidentSeries {
  const { day } = incidents
  const firstDay = day[members[0]!]!
  const lastDay = day[members.at(-1)!]!
  const radiusMetres = Math.max(
    ...members.map((e) => Math.hypot(incidents.east[e]! - east, incidents.north[e]! - north)),
  )
  const usual = usualAround(
    incidents,
    { east, north, firstDay, lastDay },
    { metres: Math.max(radiusMetres, LEAST_RADIUS_METRES), days: rules.learnDays },
  )
  const within = (from: number, until: number) =>
    members.filter((e) => day[e]! >= from && day[e]! < until).length
  const recent = within(atDay - rules.growingDays, atDay)
  const closesAtDay = lastDay + closeDays
  const closesInDays = Math.max(0, closesAtDay - atDay)
  const isGrowing = recent >= 2 && recent > within(atDay - 2 * rules.growingDays, atDay - rules.growingDays)
  return {
    category: incidents.category,
    state: closesInDays === 0 ? 'closed' : isGrowing ? 'growing' : 'open',
    rows: members.map((e) => incidents.row[e]!),
    links,
    middle: positionOn(incidents.plane, east, north),
    radiusMetres,
    firstDay,
    lastDay,
    usual,
    // The first incident says only where to look.
    chance: poissonTail(members.length - 1, usual),
    closesInDays,
    closedForDays: Math.max(0, atDay - closesAtDay),
  }
}

/** What is usual at a single address is too little to be known. */
const LEAST_RADIUS_METRES = 50
/** One incident in the surrounding and all the days before: where nothing ever was, something may yet be. */
const LEAST_BEFORE = 1

function usualAround(
  { day, east, north }: CategoryIncidents,
  at: { readonly east: number; readonly north: number; readonly firstDay: number; readonly lastDay: number },
  around: { readonly metres: number; readonly days: number },
): number {
  const from = Math.max(at.firstDay - around.days, day[0]!)
  let before = LEAST_BEFORE
  for (let e = 0; e < day.length && day[e]! < at.firstDay; e++)
    if (day[e]! >= from && Math.hypot(east[e]! - at.east, north[e]! - at.north) <= around.metres) before++
  return (before / Math.max(around.days / 2, at.firstDay - from)) * (at.lastDay - at.firstDay + 1)
}
