import type { Pair } from './quiet-change.ts'

/** Counts by place and period: `counts[place][period]`, periods of equal length, the oldest first. */
export type Panel = readonly ArrayLike<number>[]

/** Periods to look back at when places are matched. */
const MATCH_PERIODS = 12

/**
 * The places whose level comes nearest to one's until a period, but for those that are `excluded`: a pool to match from.
 * From thousands of places the best match of a few periods is one of chance; from a hundred of like size it is not.
 */
export function placesOfLevel(
  panel: Panel,
  place: number,
  untilPeriod: number,
  count: number,
  excluded: ReadonlySet<number>,
): number[] {
  const levelOf = (counts: ArrayLike<number>) => {
    let sum = 0
    for (let t = 0; t <= untilPeriod; t++) sum += counts[t]!
    return Math.sqrt(sum)
  }
  const level = levelOf(panel[place]!)
  return leastOf(panel, count, (counts, other) =>
    other === place || excluded.has(other) ? Infinity : Math.abs(levelOf(counts) - level),
  )
}

/** Counts on the scale on which each has the same noise, large or small (Anscombe 1948). */
export const steadied = (panel: Panel): Float64Array[] =>
  panel.map((counts) => Float64Array.from(counts, (count) => Math.sqrt(count + 3 / 8)))

/**
 * The places most like one before anything happened: least sum of squares between `steadied` counts over the periods up
 * to and with `untilPeriod`, so that level, trend and season count and a large place's noise counts no more than a small
 * one's. `among` are those to choose from; the place itself is never chosen.
 */
export function matchPlaces(
  steady: readonly Float64Array[],
  place: number,
  untilPeriod: number,
  count: number,
  among: readonly number[],
): number[] {
  const from = Math.max(0, untilPeriod + 1 - MATCH_PERIODS)
  const mine = steady[place]!
  return leastOf(
    among.map((other) => steady[other]!),
    count,
    (counts, n, worst) => {
      if (among[n] === place) return Infinity
      let unlikeness = 0
      for (let t = from; t <= untilPeriod && unlikeness < worst; t++)
        unlikeness += (counts[t]! - mine[t]!) ** 2
      return unlikeness
    },
  ).map((n) => among[n]!)
}

/** The positions of those least in a measure, the least first; of equals the first. `worst` is what no longer helps. */
function leastOf(
  panel: Panel,
  count: number,
  measure: (counts: ArrayLike<number>, position: number, worst: number) => number,
): number[] {
  const best: { position: number; value: number }[] = []
  for (let position = 0; position < panel.length; position++) {
    const worst = best.length < count ? Infinity : (best[count - 1]?.value ?? -1)
    const value = measure(panel[position]!, position, worst)
    if (value >= worst) continue
    let at = best.length
    while (at > 0 && best[at - 1]!.value > value) at--
    best.splice(at, 0, { position, value })
    best.length = Math.min(best.length, count)
  }
  return best.map(({ position }) => position)
}

/**
 * A place before and after beside its comparison; half an event is added to the comparison. Where there is none the
 * place is expected to go on by its `days`, the length of each period, where these are given.
 */
export function pairBeside(
  panel: Panel,
  place: number,
  comparison: readonly number[],
  before: number,
  after: number,
  days?: ArrayLike<number>,
): Pair {
  let [besideBefore, besideAfter] = [0.5, 0.5]
  for (const other of comparison) {
    besideBefore += panel[other]![before]!
    besideAfter += panel[other]![after]!
  }
  return {
    before: panel[place]![before]!,
    after: panel[place]![after]!,
    expectedRatio:
      comparison.length > 0 ? besideAfter / besideBefore : days ? days[after]! / days[before]! : 1,
    ratioVariance: comparison.length > 0 ? 1 / besideAfter + 1 / besideBefore : 0,
  }
}

/**
 * Past pairs of the same distance in time among places, each beside those that it would have been matched with then: what
 * "nothing happened" looks like here, judged as the question itself is. Places matched once and for all would lie nearer
 * together in the periods they were matched on than in any other. The last pair ends with `before`, so the time after is
 * never looked at; the latest come first, `most` at the most.
 */
export function quietPairs(
  panel: Panel,
  places: readonly number[],
  { before, after, most, days }: { before: number; after: number; most: number; days?: ArrayLike<number> },
  match: (place: number, before: number) => readonly number[],
): Pair[] {
  const distance = after - before
  const pairs: Pair[] = []
  for (let end = before; end - distance >= 0; end--)
    for (const place of places) {
      if (pairs.length >= most) return pairs
      pairs.push(pairBeside(panel, place, match(place, end - distance), end - distance, end, days))
    }
  return pairs
}
