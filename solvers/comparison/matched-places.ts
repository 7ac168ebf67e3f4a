import type { Pair } from './quiet-change.ts'

/** Counts by place and period: `counts[place][period]`, periods of equal length, the oldest first. */
export type Panel = readonly ArrayLike<number>[]

/** Periods to look back at when places are matched. */
const MATCH_PERIODS = 12

/**
 * The places most like one before anything happened: least sum of (√a − √b)² over the periods before and with
 * `untilPeriod`, so that level, trend and season count and a large place's noise counts no more than a small one's
 * (Anscombe 1948). `excluded` are those that the intervention may reach: the place itself, its ring.
 */
export function matchPlaces(
  panel: Panel,
  place: number,
  untilPeriod: number,
  count: number,
  excluded: ReadonlySet<number>,
): number[] {
  const from = Math.max(0, untilPeriod + 1 - MATCH_PERIODS)
  const unlikeness = panel.map((counts) => {
    let sum = 0
    for (let t = from; t <= untilPeriod; t++)
      sum += (Math.sqrt(counts[t]! + 3 / 8) - Math.sqrt(panel[place]![t]! + 3 / 8)) ** 2
    return sum
  })
  return Array.from(panel.keys())
    .filter((other) => other !== place && !excluded.has(other))
    .sort((a, b) => unlikeness[a]! - unlikeness[b]! || a - b)
    .slice(0, count)
}

/** A place before and after beside its comparison; half an event is added to the comparison, which may be empty. */
export function pairBeside(
  panel: Panel,
  place: number,
  comparison: readonly number[],
  before: number,
  after: number,
): Pair {
  let [besideBefore, besideAfter] = [0.5, 0.5]
  for (const other of comparison) {
    besideBefore += panel[other]![before]!
    besideAfter += panel[other]![after]!
  }
  return {
    before: panel[place]![before]!,
    after: panel[place]![after]!,
    expectedRatio: comparison.length > 0 ? besideAfter / besideBefore : 1,
    ratioVariance: comparison.length > 0 ? 1 / besideAfter + 1 / besideBefore : 0,
  }
}

/**
 * Past pairs of the same distance in time among a place and its comparison, each beside the others: what "nothing
 * happened" looks like here. The last begins one distance before `before`, so the time after is never looked at.
 */
export function quietPairs(
  panel: Panel,
  place: number,
  comparison: readonly number[],
  before: number,
  after: number,
): Pair[] {
  const places = [place, ...comparison]
  const distance = after - before
  const pairs: Pair[] = []
  for (let end = before; end - distance >= 0; end--)
    for (const each of places)
      pairs.push(
        pairBeside(
          panel,
          each,
          places.filter((other) => other !== each),
          end - distance,
          end,
        ),
      )
  return pairs
}
