import { measureDisplacement, type Displacement } from '../../../solvers/comparison/displacement.ts'
import {
  matchPlaces,
  placesOfLevel,
  steadied,
  pairBeside,
  quietPairs,
  type Panel,
} from '../../../solvers/comparison/matched-places.ts'
import { learnQuietChange, meanVariance } from '../../../solvers/comparison/quiet-change.ts'
import { compareRates, type RateRatio } from '../../../solvers/comparison/rate-ratio.ts'
import {
  expectAgain,
  fitMeans,
  judgeAgain,
  learnFallBack,
  type PastPeriods,
} from '../../../solvers/comparison/regression-to-mean.ts'

export type { Panel } from '../../../solvers/comparison/matched-places.ts'

/**
 * A question about one place: has its count changed? `panel` holds the counts of one category for all places by periods
 * of equal length. Year-on-year (同比) is a pair one year of periods apart, period-on-period (环比) a pair one apart.
 */
export interface ResultQuestion {
  readonly panel: Panel
  readonly place: number
  readonly before: number
  readonly after: number
  /** Places that an effect may reach; they are no comparison. */
  readonly ring: readonly number[]
  /** True where the place was chosen for its high count in the period `before`, which then falls by chance alone. */
  readonly chosenOnBaseline: boolean
  /** The length of each period, where they differ: months do. */
  readonly days?: ArrayLike<number>
  readonly rules?: ResultRules
}

export interface ResultRules {
  /** At the least, where there are so many. */
  readonly comparisonPlaces: number
  readonly significance: number
  /** Below so many incidents before and after together no change can be told. */
  readonly leastIncidents: number
}

export const RESULT_RULES: ResultRules = { comparisonPlaces: 10, significance: 0.05, leastIncidents: 10 }

export type VerdictKey =
  'result-too-few' | 'result-cannot-be-told' | 'result-explained-by-choice' | 'result-fell' | 'result-rose'

/** A verdict for both languages: its text is under `verdict.<key>`, the figures fill it in. */
export interface Verdict {
  readonly key: VerdictKey
  readonly figures: VerdictFigures
}

export interface VerdictFigures {
  /** Before and after together. */
  readonly incidents: number
  readonly before: number
  readonly after: number
  /** What `after` would be if nothing had happened here. */
  readonly expected: number
  /** Change beside the comparison, with its 95 % interval; null where there is no number. */
  readonly changePercent: number | null
  readonly lowPercent: number
  readonly highPercent: number | null
}

/** That a place chosen for a high count falls by itself, and by how much. */
export interface ChoiceCaution {
  readonly key: 'regression-to-mean'
  readonly expectedFallPercent: number
  readonly expectedByChance: number
}

export interface PlaceResult {
  readonly verdict: Verdict
  readonly caution: ChoiceCaution | null
  /** Beside matched places, widened by how much quiet places change. */
  readonly adjusted: RateRatio
  /** The two counts alone, as a plain comparison would have it: shown beside, never the verdict. */
  readonly naive: RateRatio
  readonly comparison: readonly number[]
  /** Square root of the variance by which quiet places' logarithms change beyond chance. */
  readonly quietDeviation: number
  /** From how many earlier pairs that was learned. */
  readonly quietPairs: number
  /** Only where there is a ring. */
  readonly displacement: Displacement | null
}

/** Pairs from which quiet change is learned: three years of months are enough, and more only costs. */
const MOST_QUIET_PAIRS = 150

/**
 * Places of like level from which quiet change is learned. Not from those that were matched: of all they are the ones with
 * the least noise in the periods that they were matched on.
 */
const QUIET_PLACES = 25

const MOST_BESIDE = 40
const BESIDE_TIMES = 2

/** Places of like level to match from. */
const POOL = 100

const MOST_PAST_PERIODS = 6

/** Compares a place before and after with matched places, and says so when chance explains it. */
export function judgePlace(question: ResultQuestion): PlaceResult {
  const { panel, place, before, after, ring, days, rules = RESULT_RULES } = question
  const pool = placesOfLevel(panel, place, matchedUntil(question, before), POOL, new Set(ring))
  // The place and its pool by themselves, the place first.
  const near = [place, ...pool].map((each) => panel[each]!)
  const steady = steadied(near)
  const among = Array.from(near.keys())
  const levels = near.map(cumulated)
  const match = (each: number, then: number) => {
    const until = matchedUntil(question, then)
    const likest = (count: number) => matchPlaces(steady, each, until, count, among)
    return enoughBeside(levels, each, until, likest, rules)
  }
  const matched = match(0, before)
  const earlier = quietPairs(
    near,
    among.slice(0, QUIET_PLACES),
    { before, after, most: MOST_QUIET_PAIRS, ...(days ? { days } : {}) },
    match,
  )
  const quiet = learnQuietChange(earlier)
  const pair = pairBeside(near, 0, matched, before, after, days)
  const comparison = matched.map((each) => pool[each - 1]!)
  const adjusted = compareRates(pair, quiet)
  const variance = meanVariance(quiet)
  const choice = question.chosenOnBaseline ? weighChoice(question, variance) : null
  const percent = (ratio: number) => 100 * (ratio - 1)
  const figures: VerdictFigures = {
    incidents: pair.before + pair.after,
    before: pair.before,
    after: pair.after,
    expected: choice?.expected ?? pair.before * pair.expectedRatio,
    changePercent: adjusted.ratio === null ? null : percent(adjusted.ratio),
    lowPercent: percent(adjusted.low),
    highPercent: Number.isFinite(adjusted.high) ? percent(adjusted.high) : null,
  }
  return {
    verdict: { key: verdictOf(figures, adjusted, choice, rules), figures },
    caution: choice?.caution ?? null,
    adjusted,
    naive: compareRates({
      ...pair,
      expectedRatio: days ? days[after]! / days[before]! : 1,
      ratioVariance: 0,
    }),
    comparison,
    quietDeviation: Math.sqrt(variance),
    quietPairs: earlier.length,
    displacement: ring.length > 0 ? displacementOf(question, comparison, variance) : null,
  }
}

/**
 * Places matched on the period `before` itself share its chance, and are nearer than chance would have them. A place that
 * was chosen for that very count needs it though, as then they fall with it.
 */
function matchedUntil({ chosenOnBaseline }: ResultQuestion, before: number): number {
  return chosenOnBaseline || before === 0 ? before : before - 1
}

interface Choice {
  readonly caution: ChoiceCaution
  readonly expected: number
  readonly p: number
}

/** A place chosen for its count must stand both: the choice makes nothing easier to tell. */
export function verdictOf(
  { incidents, after, expected }: VerdictFigures,
  { p, ratio }: RateRatio,
  choice: Pick<Choice, 'p'> | null,
  rules: ResultRules,
): VerdictKey {
  if (incidents < rules.leastIncidents) return 'result-too-few'
  if (p > rules.significance) return 'result-cannot-be-told'
  if (choice !== null && choice.p > rules.significance) return 'result-explained-by-choice'
  const hasFallen = ratio !== null && ratio < 1
  if (choice !== null && hasFallen !== after < expected) return 'result-explained-by-choice'
  return hasFallen ? 'result-fell' : 'result-rose'
}

/**
 * The likest places, and of those as many more as it takes to count twice as much as the place together: a whole station's
 * area beside ten small squares would be held against the chance of a handful.
 */
function enoughBeside(
  levels: readonly Float64Array[],
  place: number,
  until: number,
  likest: (count: number) => number[],
  { comparisonPlaces }: ResultRules,
): number[] {
  const wanted = BESIDE_TIMES * levels[place]![until]!
  const levelOf = (places: readonly number[]) => places.reduce((sum, each) => sum + levels[each]![until]!, 0)
  const few = likest(comparisonPlaces)
  if (few.length < comparisonPlaces || levelOf(few) >= wanted) return few
  const many = likest(MOST_BESIDE)
  let count = comparisonPlaces
  while (count < many.length && levelOf(many.slice(0, count)) < wanted) count++
  return many.slice(0, count)
}

/** Up to and with each period. */
function cumulated(counts: ArrayLike<number>): Float64Array {
  let sum = 0
  return Float64Array.from(counts, (count) => (sum += count))
}

/** The whole district is the yardstick here: a comparison chosen for the same high count falls with the place. */
function weighChoice({ panel, place, before, after }: ResultQuestion, variance: number): Choice {
  const counts = panel.map((each) => each[before]!)
  const mixture = fitMeans(counts)
  const sumOf = (period: number) =>
    panel.reduce((sum, each, p) => (p === place ? sum : sum + each[period]!), 0.5)
  const distance = after - before
  const past: PastPeriods[] = []
  for (let end = before; end - distance >= 0 && past.length < MOST_PAST_PERIODS; end--)
    past.push({
      before: panel.map((each) => each[end - distance]!),
      after: panel.map((each) => each[end]!),
    })
  const fallBack = learnFallBack(past)
  const ratio = (sumOf(after) / sumOf(before)) * fallBack
  const again = expectAgain(counts[place]!, mixture)
  return {
    caution: {
      key: 'regression-to-mean',
      expectedFallPercent: counts[place]! > 0 ? 100 * (1 - (again * fallBack) / counts[place]!) : 0,
      expectedByChance: again * ratio,
    },
    expected: again * ratio,
    p: judgeAgain(counts[place]!, panel[place]![after]!, mixture, ratio, variance),
  }
}

function displacementOf(
  { panel, place, ring, before, after }: ResultQuestion,
  comparison: readonly number[],
  variance: number,
): Displacement {
  const sumOf = (places: readonly number[]) => {
    const at = (period: number) => places.reduce((sum, each) => sum + panel[each]![period]!, 0)
    return { before: at(before), after: at(after) }
  }
  return measureDisplacement(
    { target: sumOf([place]), ring: sumOf(ring), comparison: sumOf(comparison) },
    variance,
  )
}
