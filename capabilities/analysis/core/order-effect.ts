import { measureDisplacement, type Displacement } from '../../../solvers/comparison/displacement.ts'
import { placesOfLevel } from '../../../solvers/comparison/matched-places.ts'
import { learnQuietChange, meanVariance, type Pair } from '../../../solvers/comparison/quiet-change.ts'
import { compareRates, type RateRatio } from '../../../solvers/comparison/rate-ratio.ts'
import {
  fitMeans,
  judgeAgainTogether,
  learnFallBack,
  spreadAgain,
  type Again,
} from '../../../solvers/comparison/regression-to-mean.ts'
import type { Position } from '../../../foundation/core/geo.ts'
import type { IncidentHistory } from './history.ts'
import type { Span } from './periods.ts'
import {
  AROUND,
  INSIDE,
  layOut,
  OUTSIDE,
  ringMetres,
  squaresBeside,
  cutIntoSquares,
  type Squares,
} from './result-ground.ts'
import {
  RESULT_RULES,
  verdictOf,
  type ChoiceCaution,
  type ResultRules,
  type VerdictFigures,
  type VerdictKey,
} from './results.ts'

/** A place to which patrol was sent, on which days and in which part of them. */
export interface TreatedPlace {
  readonly id: string
  readonly centre: Position
  readonly radiusMetres: number
  /** Null is all incidents. */
  readonly category: string | null
  /** Whole days that are over. */
  readonly span: Span
  /** Minutes of the day by the wall clock; `untilMinute` over 1440 is past midnight. No weekdays: every day. */
  readonly band: {
    readonly fromMinute: number
    readonly untilMinute: number
    readonly weekdays: readonly number[]
  }
}

export interface OrderEffect {
  readonly key: VerdictKey
  readonly figures: VerdictFigures
  readonly caution: ChoiceCaution
  readonly adjusted: RateRatio
  readonly naive: RateRatio
  readonly quietDeviation: number
  readonly quietPairs: number
  /** Comparison squares of each place. */
  readonly comparedWith: number
  readonly displacement: Displacement
  /** The counts before are of so many times as long a time. */
  readonly timesAsLong: number
  readonly places: readonly {
    readonly id: string
    /** Per as long a time as after. */
    readonly before: number
    readonly after: number
    readonly ringMetres: number
  }[]
}

/** How many stretches of the order's length before it are the comparison in time; enough that they are not one week's chance. */
const BEFORE = 4
/** Earlier stretches, from which the usual change of such places is learnt. */
const EARLIER = 12
const COMPARED_WITH = 20
const LEAST_COMPARED = 3
const MOST_QUIET_PAIRS = 150
const PAST_PAIRS = 3
const MINUTES_A_DAY = 1440
const WEEK = 7

/**
 * What happened at the places of directed patrol orders, before and during, beside squares of like level in the same
 * bands: all orders together, because of one alone hardly anything can be told. The places were chosen for what was
 * expected there, so that their falling back by itself is always told apart. `others` are places under orders that are
 * not asked about: they are compared with nothing. Null where the history does not reach back far enough.
 */
export function judgeOrders(
  history: IncidentHistory,
  orders: readonly TreatedPlace[],
  others: readonly TreatedPlace[] = [],
  rules: ResultRules = RESULT_RULES,
): OrderEffect | null {
  const firstDay = history.day.length > 0 ? Math.ceil(history.day[0]!) : Infinity
  const stretches = Math.min(...orders.map((order) => stretchesOf(order, firstDay)))
  if (orders.length === 0 || stretches < BEFORE + PAST_PAIRS + 2) return null
  const desk = openGround(history, [...orders, ...others])
  const each = orders.map((order) => countsOf(history, desk, order, stretches))
  const besides = dealOut(orders, each)
  const compared = besides.length
  if (compared < LEAST_COMPARED) return null
  const after = stretches - 1
  const target = sumOf(each.map(({ own }) => own))
  const ring = sumOf(each.map(({ around }) => around))
  const rows = besides.map(sumOf)
  const pair = pairOf(target, rows, after)
  const pairs = quietPairsOf(rows, after)
  const quiet = learnQuietChange(pairs)
  const variance = meanVariance(quiet)
  const adjusted = compareRates(pair, quiet)
  const choice = weighChoice(each, target, rows, after, variance)
  const percent = (ratio: number) => 100 * (ratio - 1)
  const figures: VerdictFigures = {
    incidents: pair.before + pair.after,
    before: pair.before / BEFORE,
    after: pair.after,
    expected: Math.min(choice.expected, pair.before * pair.expectedRatio),
    changePercent: adjusted.ratio === null ? null : percent(adjusted.ratio),
    lowPercent: percent(adjusted.low),
    highPercent: Number.isFinite(adjusted.high) ? percent(adjusted.high) : null,
  }
  const comparison = sumOf(rows)
  return {
    key: verdictOf(figures, adjusted, choice, rules),
    figures,
    caution: choice.caution,
    adjusted,
    naive: compareRates({ ...pair, expectedRatio: 1 / BEFORE, ratioVariance: 0 }),
    quietDeviation: Math.sqrt(variance),
    quietPairs: pairs.length,
    comparedWith: compared,
    displacement: measureDisplacement(
      {
        target: beforeAndAfter(target, after),
        ring: beforeAndAfter(ring, after),
        comparison: beforeAndAfter(comparison, after),
      },
      variance,
    ),
    timesAsLong: BEFORE,
    places: orders.map((order, n) => ({
      id: order.id,
      before: beforeAndAfter(each[n]!.own, after).before / BEFORE,
      after: each[n]!.own[after]!,
      ringMetres: ringMetres(discOf(order), history.plane),
    })),
  }
}

/** Whole weeks apart, so that each weekday stands beside itself. */
const stepOf = ({ span }: TreatedPlace) => Math.ceil((span.untilDay - span.fromDay) / WEEK) * WEEK

function stretchesOf(order: TreatedPlace, firstDay: number): number {
  const back = Math.floor((order.span.fromDay - firstDay) / stepOf(order))
  return Math.max(0, Math.min(BEFORE + EARLIER, back)) + 1
}

const discOf = ({ centre, radiusMetres }: TreatedPlace) => ({ of: 'disc', centre, radiusMetres }) as const

/** What lies in or around any place under an order; nothing there is compared with. */
function openGround(history: IncidentHistory, all: readonly TreatedPlace[]) {
  const byMetres = new Map<number, Squares>()
  const touched = new Uint8Array(history.places.east.length)
  const inside = new Uint8Array(history.places.east.length)
  for (const order of all)
    layOut(history, discOf(order)).forEach((how, p) => {
      if (how !== OUTSIDE) touched[p] = AROUND
      if (how === INSIDE) inside[p] = 1
    })
  return {
    touched,
    inside,
    squaresOf(metres: number) {
      const key = Math.round(metres)
      if (!byMetres.has(key)) byMetres.set(key, cutIntoSquares(history, metres))
      return byMetres.get(key)!
    },
  }
}

interface OrderCounts {
  /** By stretch, the last during the order. */
  readonly own: Float64Array
  readonly around: Float64Array
  /** Squares that might have been chosen instead, those of likest level first. */
  readonly candidates: readonly { readonly square: string; readonly counts: Float64Array }[]
}

/**
 * Rows of comparison: in each, every order has one square of like level, and none of those at the same time the same. A
 * square that stood for many orders at once would swing as many times as much as the places do.
 */
function dealOut(orders: readonly TreatedPlace[], each: readonly OrderCounts[]): Float64Array[][] {
  const taken = new Map<string, Span[]>()
  const next = each.map(() => 0)
  const rows: Float64Array[][] = []
  while (rows.length < COMPARED_WITH) {
    const row: Float64Array[] = []
    for (const [n, { candidates }] of each.entries()) {
      const span = lookedAt(orders[n]!)
      const isFree = ({ square }: { square: string }) =>
        (taken.get(square) ?? []).every(
          (other) => other.fromDay >= span.untilDay || other.untilDay <= span.fromDay,
        )
      while (next[n]! < candidates.length && !isFree(candidates[next[n]!]!)) next[n]!++
      const found = candidates[next[n]!]
      if (found === undefined) return rows
      next[n]!++
      taken.set(found.square, [...(taken.get(found.square) ?? []), span])
      row.push(found.counts)
    }
    rows.push(row)
  }
  return rows
}

const lookedAt = (order: TreatedPlace): Span => ({
  fromDay: order.span.fromDay - BEFORE * stepOf(order),
  untilDay: order.span.untilDay,
})

function countsOf(
  history: IncidentHistory,
  ground: ReturnType<typeof openGround>,
  order: TreatedPlace,
  stretches: number,
): OrderCounts {
  const disc = discOf(order)
  const laid = layOut(history, disc)
  const { squares, candidates } = squaresBeside(disc, ground.touched, history.plane, ground.squaresOf)
  const numberOf = new Int32Array(squares.count).fill(-1)
  candidates.forEach((square, n) => (numberOf[square] = n))
  const rows = Array.from(candidates, () => new Float64Array(stretches))
  const [own, around] = [new Float64Array(stretches), new Float64Array(stretches)]
  const step = stepOf(order)
  const days = order.span.untilDay - order.span.fromDay
  const first = order.span.fromDay - (stretches - 1) * step
  const category = order.category === null ? -1 : history.categories.indexOf(order.category)
  for (let i = lowerBound(history.day, first); i < history.day.length; i++) {
    const day = history.day[i]!
    if (day >= order.span.untilDay + 1) break
    if (order.category !== null && history.category[i] !== category) continue
    if (history.hourKnown[i] !== 1 && !isAllDay(order)) continue
    const onDay = dayOfBand(day, order.band)
    if (onDay === null) continue
    const stretch = Math.floor((onDay - first) / step)
    if (stretch < 0 || stretch >= stretches || onDay - first - stretch * step >= days) continue
    const where = history.place[i]!
    if (laid[where] === INSIDE) own[stretch]!++
    // A ring may hold another order's place: what falls there is that order's.
    else if (laid[where] === AROUND && ground.inside[where] === 0) around[stretch]!++
    const row = numberOf[squares.of[where]!]!
    if (row >= 0) rows[row]![stretch]!++
  }
  return {
    own,
    around,
    candidates: placesOfLevel([own, ...rows], 0, stretches - 2, rows.length, new Set()).map((n) => ({
      square: `${Math.round(squares.metres)} ${candidates[n - 1]!}`,
      counts: rows[n - 1]!,
    })),
  }
}

const isAllDay = ({ band }: TreatedPlace) => band.untilMinute - band.fromMinute >= MINUTES_A_DAY

/** The day on which the band began that a moment lies in, or null where it lies in none. */
export function dayOfBand(
  day: number,
  { fromMinute, untilMinute, weekdays }: TreatedPlace['band'],
): number | null {
  const date = Math.floor(day)
  const minute = (day - date) * MINUTES_A_DAY
  for (const [began, at] of [
    [date, minute],
    [date - 1, minute + MINUTES_A_DAY],
  ] as const) {
    // 1970-01-01 was a Thursday.
    const weekday = ((((began + 3) % WEEK) + WEEK) % WEEK) + 1
    if (at >= fromMinute && at < untilMinute && (weekdays.length === 0 || weekdays.includes(weekday)))
      return began
  }
  return null
}

function beforeAndAfter(counts: ArrayLike<number>, after: number): { before: number; after: number } {
  let before = 0
  for (let t = after - BEFORE; t < after; t++) before += counts[t]!
  return { before, after: counts[after]! }
}

function pairOf(own: ArrayLike<number>, rows: readonly ArrayLike<number>[], after: number): Pair {
  const mine = beforeAndAfter(own, after)
  let [before, now] = [0.5 * BEFORE, 0.5]
  for (const row of rows) {
    const counted = beforeAndAfter(row, after)
    before += counted.before
    now += counted.after
  }
  return { ...mine, expectedRatio: now / before, ratioVariance: 1 / now + 1 / before }
}

/** What such squares did beside each other before the orders, when nothing was done. */
function quietPairsOf(rows: readonly ArrayLike<number>[], after: number): Pair[] {
  const pairs: Pair[] = []
  for (let end = after - 1; end - BEFORE >= 0; end--)
    for (const row of rows) {
      if (pairs.length >= MOST_QUIET_PAIRS) return pairs
      pairs.push(
        pairOf(
          row,
          rows.filter((other) => other !== row),
          end,
        ),
      )
    }
  return pairs
}

function weighChoice(
  each: readonly OrderCounts[],
  target: ArrayLike<number>,
  rows: readonly ArrayLike<number>[],
  after: number,
  variance: number,
): { caution: ChoiceCaution; expected: number; p: number } {
  // All that is known from before: a place was not chosen for its last weeks alone.
  const long = after - PAST_PAIRS
  const sumBefore = (counts: ArrayLike<number>, end: number) => {
    let sum = 0
    for (let t = end - long; t < end; t++) sum += counts[t]!
    return sum
  }
  const everywhere = sumOf(rows)
  const change = (everywhere[after]! + 0.5) / (sumBefore(everywhere, after) / long + 0.5)
  const before = (sumBefore(target, after) / long) * change
  const again: Again[] = each.map(({ own, candidates }) => {
    const all = [own, ...candidates.map(({ counts }) => counts)]
    const at = (end: number) => all.map((counts) => sumBefore(counts, end))
    const past = Array.from({ length: PAST_PAIRS }, (_, n) => after - n - 1).map((end) => ({
      before: at(end),
      after: all.map((counts) => counts[end]! * long),
    }))
    const times = (change * learnFallBack(past)) / long
    const { mean, variance: spread } = spreadAgain(sumBefore(own, after), fitMeans(at(after)))
    return { mean: mean * times, variance: spread * times * times }
  })
  const expected = again.reduce((sum, { mean }) => sum + mean, 0)
  return {
    caution: {
      key: 'regression-to-mean',
      expectedFallPercent: before > 0 ? Math.max(0, 100 * (1 - expected / before)) : 0,
      expectedByChance: expected,
    },
    expected,
    p: judgeAgainTogether(again, target[after]!, variance),
  }
}

function sumOf(rows: readonly ArrayLike<number>[]): Float64Array {
  const sum = new Float64Array(rows[0]!.length)
  for (const row of rows) for (let t = 0; t < sum.length; t++) sum[t]! += row[t]!
  return sum
}

function lowerBound(days: Float64Array, day: number): number {
  let [low, high] = [0, days.length]
  while (low < high) {
    const middle = (low + high) >> 1
    if (days[middle]! < day) low = middle + 1
    else high = middle
  }
  return low
}
