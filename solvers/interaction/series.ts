import { learnAgreement, timesAsLikely, type Agreement, type Circumstances } from './agreement.ts'
import { knoxCellOf, type KnoxCell, type KnoxMap } from './knox.ts'
import { inOrderOfDays, squaresOf, visitNearPairs, type PlacedEvents } from './near-pairs.ts'

/** When two events are linked, and which links make a series. */
export interface LinkingRule {
  /** A cell of the map links only where so few permutations have as many pairs … */
  readonly greatestP: number
  /** … and it holds at least so many pairs … */
  readonly leastPairs: number
  /** … and two events only where they rather belong together than not: at least this belief. */
  readonly leastBelief: number
  /** No event of a series is farther from its middle than so many times the farthest linking distance: no chains. */
  readonly reachTimes: number
}

/** Two events that rather belong together than not, and why. */
export interface Link {
  readonly earlier: number
  readonly later: number
  readonly distanceMetres: number
  readonly daysBetween: number
  /** The map's ratio for this distance and time. */
  readonly timesChance: number
  /** What each known circumstance says: above 1 for, below 1 against. */
  readonly circumstances: readonly CircumstanceEvidence[]
  /** Probability that the pair is more than chance: odds (ratio − 1) × what the circumstances say. */
  readonly belief: number
}

export interface CircumstanceEvidence {
  readonly name: string
  readonly agrees: boolean
  readonly timesAsLikely: number
}

/** Events in order of time; each but the first is linked to an earlier one. */
export interface LinkedSeries {
  readonly members: readonly number[]
  readonly links: readonly Link[]
  readonly east: number
  readonly north: number
}

/** The farthest distance and the longest time of any cell that can link; zeros where none can. */
export interface LinkingReach {
  readonly metres: number
  readonly days: number
}

export function linkingReach(map: KnoxMap, rule: LinkingRule): LinkingReach {
  let [metres, days] = [0, 0]
  for (const { distance, time } of linkingCells(map, rule)) {
    metres = Math.max(metres, map.bands.distanceMetres[distance]!)
    days = Math.max(days, map.bands.days[time]!)
  }
  return { metres, days }
}

/** The cells of a map whose pairs may be linked, with the positions of their bands. */
export function linkingCells(
  map: KnoxMap,
  rule: LinkingRule,
): { readonly cell: KnoxCell; readonly distance: number; readonly time: number }[] {
  return map.cells.flatMap((row, distance) =>
    row.flatMap((cell, time) => (canLink(cell, rule) ? [{ cell, distance, time }] : [])),
  )
}

const canLink = (cell: KnoxCell, rule: LinkingRule): boolean =>
  cell.p <= rule.greatestP && cell.observed >= rule.leastPairs && cell.ratio !== null && cell.ratio > 1

/** Pairs from which agreement is learned; more say nothing new. */
const MOST_LEARNING_PAIRS = 20_000

/**
 * All links of a category under its Knox map. Each link's belief compares "together" with "by chance" (Bayes): the map
 * gives ratio − 1 to 1 for a pair at this distance and time, each circumstance multiplies by how many times as likely
 * its agreement or difference is.
 */
export function linkPairs(
  events: PlacedEvents,
  circumstances: Circumstances,
  map: KnoxMap,
  rule: LinkingRule,
): Link[] {
  const reach = linkingReach(map, rule)
  if (reach.days === 0) return []
  const { order, days } = inOrderOfDays(events.day)
  const squares = squaresOf(events.east, events.north, Math.max(reach.metres, 1))
  const near: {
    earlier: number
    later: number
    distanceMetres: number
    daysBetween: number
    cell: KnoxCell
  }[] = []
  visitNearPairs(events, squares, order, days, reach.metres, reach.days, (earlier, later, apart, between) => {
    const distanceMetres = Math.sqrt(apart)
    const cell = knoxCellOf(map, distanceMetres, between)
    if (cell !== null && canLink(cell, rule))
      near.push({ earlier, later, distanceMetres, daysBetween: between, cell })
  })
  const learning = near.slice(0, MOST_LEARNING_PAIRS)
  const linkedShare = learning.reduce((sum, { cell }) => sum + (1 - 1 / cell.ratio!), 0) / learning.length
  const agreements = circumstances.values.map((values) =>
    learnAgreement(
      values,
      learning.map(({ earlier, later }) => [earlier, later] as const),
      linkedShare,
    ),
  )
  return near.flatMap(({ cell, ...pair }) => {
    const evidence = evidenceOf(circumstances, agreements, pair.earlier, pair.later)
    const odds = evidence.reduce((product, { timesAsLikely: times }) => product * times, cell.ratio! - 1)
    const belief = odds / (1 + odds)
    return belief >= rule.leastBelief
      ? [{ ...pair, timesChance: cell.ratio!, circumstances: evidence, belief }]
      : []
  })
}

function evidenceOf(
  { names, values }: Circumstances,
  agreements: readonly Agreement[],
  a: number,
  b: number,
): CircumstanceEvidence[] {
  return names.flatMap((name, c) => {
    const [one, other] = [values[c]![a]!, values[c]![b]!]
    return one < 0 || other < 0
      ? []
      : [{ name, agrees: one === other, timesAsLikely: timesAsLikely(agreements[c]!, one, other) }]
  })
}

/**
 * Grows series in the order of time: an event joins the series of the earlier event that it rather belongs to (the
 * strongest belief first), where it lies within reach of the series' middle. Under the same links, later events never
 * move an earlier one to another series, so a series that was shown yesterday is the same today.
 */
export function growSeries(
  { east, north, day }: PlacedEvents,
  links: readonly Link[],
  reachMetres: number,
): LinkedSeries[] {
  const linksOf = new Map<number, Link[]>()
  for (const link of links) {
    const known = linksOf.get(link.later)
    if (known) known.push(link)
    else linksOf.set(link.later, [link])
  }
  interface Growing {
    members: number[]
    links: Link[]
    east: number
    north: number
  }
  const seriesOf = new Map<number, Growing>()
  const all: Growing[] = []
  const laters = [...linksOf.keys()].sort((a, b) => day[a]! - day[b]! || a - b)
  for (const event of laters) {
    const strongestFirst = linksOf
      .get(event)!
      .sort((a, b) => b.belief - a.belief || a.daysBetween - b.daysBetween || a.earlier - b.earlier)
    for (const link of strongestFirst) {
      let series = seriesOf.get(link.earlier)
      if (series === undefined) {
        series = {
          members: [link.earlier],
          links: [],
          east: east[link.earlier]!,
          north: north[link.earlier]!,
        }
        seriesOf.set(link.earlier, series)
        all.push(series)
      }
      if (Math.hypot(east[event]! - series.east, north[event]! - series.north) > reachMetres) continue
      series.members.push(event)
      series.links.push(link)
      series.east += (east[event]! - series.east) / series.members.length
      series.north += (north[event]! - series.north) / series.members.length
      seriesOf.set(event, series)
      break
    }
  }
  return all.filter(({ members }) => members.length > 1)
}
