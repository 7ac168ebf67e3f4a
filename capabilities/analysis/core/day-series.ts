import { dateOfDay } from '../../../foundation/core/day.ts'
import { seededChance } from '../../../foundation/core/chance.ts'
import type { Position } from '../../../foundation/core/geo.ts'
import { positionOn } from '../../../solvers/density/plane.ts'
import type { KnoxMap } from '../../../solvers/interaction/knox.ts'
import type { CircumstanceEvidence } from '../../../solvers/interaction/series.ts'
import { clockOfDay } from './daily.ts'
import type { IncidentHistory } from './history.ts'
import { nextWindow, type NextWindow } from './next-window.ts'
import {
  affordablePermutations,
  findSeries,
  incidentsOf,
  mapNearRepeats,
  SERIES_RULES,
  showsNearRepeats,
  type CategoryIncidents,
  type Circumstances,
  type IncidentSeries,
  type SeriesRules,
  type SeriesState,
} from './series.ts'

/** An incident of a series: where, when and in which circumstances, and what ties it to an earlier one. */
export interface SeriesMember {
  /** Which incident of those looked at; whoever gave them knows its number. */
  readonly incident: number
  /** The wall clock, or its date alone where no hour is known. */
  readonly clock: string
  readonly position: Position
  /** Codes by name; what is not known is not there. */
  readonly circumstances: Readonly<Record<string, string>>
  /** Null for the first. */
  readonly link: MemberLink | null
}

export interface MemberLink {
  /** Position of the earlier incident among the members. */
  readonly to: number
  readonly distanceMetres: number
  readonly daysBetween: number
  readonly timesChance: number
  readonly circumstances: readonly CircumstanceEvidence[]
  readonly belief: number
}

/** A series as it stands at the beginning of a day. */
export interface FoundSeries {
  readonly category: string
  readonly state: SeriesState
  /** In the order of time. */
  readonly members: readonly SeriesMember[]
  readonly middle: Position
  readonly radiusMetres: number
  readonly firstDate: string
  readonly lastDate: string
  readonly usual: number
  readonly chance: number
  readonly closesInDays: number
  /** Null once it is closed. */
  readonly next: NextWindow | null
}

/** The significance map of a category, and from when to when it was learned. */
export interface CategoryKnox extends KnoxMap {
  readonly category: string
  readonly fromDate: string
  readonly untilDate: string
}

export interface DaySeries {
  readonly series: readonly FoundSeries[]
  readonly knox: readonly CategoryKnox[]
  /** Series beyond those kept, the least surprising. */
  readonly seriesLeftOut: number
}

/** What each incident was like, a column a circumstance, by the rows of the history. */
export interface KnownCircumstances extends Circumstances {
  /** For each column, the code that each of its numbers stands for. */
  readonly codes: readonly (readonly string[])[]
}

export const NO_KNOWN_CIRCUMSTANCES: KnownCircumstances = { names: [], values: [], codes: [] }

/** A map needs pairs; with fewer incidents there are none to speak of. */
const LEAST_INCIDENTS = 50
/** A closed series is shown for so long, so that its end is seen. */
const CLOSED_SHOWN_DAYS = 14
/** A series that is open now began at most so long before what the map is learned from. */
const BEFORE_LEARNING_DAYS = 120
const MOST_SERIES = 100
/** The same cards are dealt each day, so that a map changes by what happened and not by chance. */
const SEED = 20_160_101

/** Series of all categories at the beginning of `atDay`, the most surprising first. Nothing from `atDay` on is looked at. */
export function findDaySeries(
  history: IncidentHistory,
  row: Int32Array,
  atDay: number,
  {
    circumstances = NO_KNOWN_CIRCUMSTANCES,
    leaveOut = new Set(),
    rules = SERIES_RULES,
  }: {
    readonly circumstances?: KnownCircumstances
    /** Places that are none, such as where a geocoder puts what it cannot find. */
    readonly leaveOut?: ReadonlySet<number>
    readonly rules?: SeriesRules
  } = {},
): DaySeries {
  const learnFrom = atDay - rules.learnDays
  // A map is learned anew each week: from day to day series then stay what they were.
  const learnUntil = Math.floor(atDay / 7) * 7
  const categories = history.categories
    .map((category) => {
      const incidents = incidentsOf(history, category, learnFrom - BEFORE_LEARNING_DAYS, atDay, {
        circumstances,
        leaveOut,
      })
      return { category, incidents, learned: between(incidents, learnFrom, learnUntil) }
    })
    .filter(({ learned }) => learned.row.length >= LEAST_INCIDENTS)
  const permutations = affordablePermutations(
    categories.map(({ learned }) => learned),
    rules,
  )
  const knox: CategoryKnox[] = []
  const all: FoundSeries[] = []
  for (const { category, incidents, learned } of categories) {
    const map = mapAsFarAsNeeded(learned, { ...rules, permutations })
    knox.push({
      category,
      fromDate: dateOfDay(Math.max(learnFrom, learned.day[0]!)),
      untilDate: dateOfDay(learnUntil - 1),
      ...map,
    })
    if (!showsNearRepeats(map)) continue
    for (const series of findSeries(incidents, map, rules, atDay))
      if (series.closesInDays > 0 || series.closedForDays <= CLOSED_SHOWN_DAYS)
        all.push(described(series, { history, row, circumstances, incidents, map, rules, atDay }))
  }
  all.sort((a, b) => Number(a.state === 'closed') - Number(b.state === 'closed') || a.chance - b.chance)
  return { series: all.slice(0, MOST_SERIES), knox, seriesLeftOut: Math.max(0, all.length - MOST_SERIES) }
}

/** With so many permutations it is seen which categories may repeat at all. */
const FIRST_PERMUTATIONS = 19

/**
 * Most categories of a district do not repeat, which a few permutations show: only the others are given all (Besag and
 * Clifford 1991, Sequential Monte Carlo p-values, Biometrika 78). A category that would pass with all of them is left at
 * the few in one case of twenty at most.
 */
function mapAsFarAsNeeded(learned: CategoryIncidents, rules: SeriesRules): KnoxMap {
  const first = Math.min(FIRST_PERMUTATIONS, rules.permutations)
  const map = mapNearRepeats(learned, { ...rules, permutations: first }, seededChance(SEED))
  const mayRepeat = showsNearRepeats(map, 2 / (first + 1))
  return mayRepeat && first < rules.permutations ? mapNearRepeats(learned, rules, seededChance(SEED)) : map
}

function between(incidents: CategoryIncidents, fromDay: number, untilDay: number): CategoryIncidents {
  const { day } = incidents
  let [from, until] = [0, day.length]
  while (from < day.length && day[from]! < fromDay) from++
  while (until > from && day[until - 1]! >= untilDay) until--
  return {
    ...incidents,
    row: incidents.row.subarray(from, until),
    east: incidents.east.subarray(from, until),
    north: incidents.north.subarray(from, until),
    day: day.subarray(from, until),
    circumstances: {
      names: incidents.circumstances.names,
      values: incidents.circumstances.values.map((column) => column.subarray(from, until)),
    },
  }
}

interface Surroundings {
  readonly history: IncidentHistory
  readonly row: Int32Array
  readonly circumstances: KnownCircumstances
  readonly incidents: CategoryIncidents
  readonly map: KnoxMap
  readonly rules: SeriesRules
  readonly atDay: number
}

function described(
  series: IncidentSeries,
  { history, row, circumstances, incidents, map, rules, atDay }: Surroundings,
): FoundSeries {
  const { plane, places, day, hourKnown, place } = history
  const positionInSeries = new Map(series.rows.map((of, member) => [of, member]))
  const linkOf = new Map(series.links.map((link) => [incidents.row[link.later]!, link]))
  const members = series.rows.map((of): SeriesMember => {
    const link = linkOf.get(of)
    const given = row[of]!
    return {
      incident: given,
      clock: hourKnown[of] === 1 ? clockOfDay(day[of]!) : dateOfDay(day[of]!),
      position: positionOn(plane, places.east[place[of]!]!, places.north[place[of]!]!),
      circumstances: Object.fromEntries(
        circumstances.names.flatMap((name, c) => {
          const code = circumstances.codes[c]![circumstances.values[c]![of]!]
          return code === undefined ? [] : [[name, code]]
        }),
      ),
      link: link
        ? {
            to: positionInSeries.get(incidents.row[link.earlier]!)!,
            distanceMetres: link.distanceMetres,
            daysBetween: link.daysBetween,
            timesChance: link.timesChance,
            circumstances: link.circumstances,
            belief: link.belief,
          }
        : null,
    }
  })
  const { category, state, middle, radiusMetres, firstDay, lastDay, usual, chance, closesInDays } = series
  return {
    category,
    state,
    members,
    middle,
    radiusMetres,
    firstDate: dateOfDay(firstDay),
    lastDate: dateOfDay(lastDay),
    usual,
    chance,
    closesInDays,
    next:
      state === 'closed'
        ? null
        : nextWindow(map, rules.linking, {
            atDay,
            lastDay,
            hours: series.rows.filter((of) => hourKnown[of] === 1).map((of) => (day[of]! % 1) * 24),
          }),
  }
}
