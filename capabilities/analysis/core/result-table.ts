import { falseDiscoveryRates } from '../../../solvers/surveillance/false-discovery.ts'
import type { IncidentHistory } from './history.ts'
import {
  comparedSpan,
  COMPARISONS,
  monthsUntil,
  periodRow,
  type Comparison,
  type Period,
  type PeriodRow,
  type Span,
} from './periods.ts'
import {
  AROUND,
  cutIntoSquares,
  INSIDE,
  layOut,
  ringMetres,
  ringOfSquare,
  squaresBeside,
  type Shape,
  type Squares,
} from './result-ground.ts'
import { judgePlace, RESULT_RULES, type PlaceResult, type ResultRules, type VerdictKey } from './results.ts'

/** A place whose results are asked for. */
export interface ResultPlace {
  readonly id: string
  readonly shape: Shape
}

export interface TableQuestion {
  readonly asked: Period
  /** The part of it that is over and known. */
  readonly part: Span
  readonly places: readonly ResultPlace[]
  /** Null is all of them together. */
  readonly categories: readonly (string | null)[]
  /** The places were chosen for their high counts, and not for another reason. */
  readonly chosenOnBaseline: boolean
  readonly rules?: ResultRules
}

/** A verdict in a table: many tests are made there, and of twenty one is called by chance. */
export type TableVerdictKey = VerdictKey | 'result-one-of-many' | 'result-no-history'

export interface Judged extends Omit<PlaceResult, 'verdict' | 'comparison'> {
  readonly figures: PlaceResult['verdict']['figures']
  /** The least share of false ones among all that would be called with this one. */
  readonly falseShare: number
  /** How many places it was compared with, and the side of each. */
  readonly comparedWith: number
  readonly comparedMetres: number | null
}

/** What stands beside a count: nothing where the history does not reach back, no test where there is too little. */
export interface Compared {
  readonly comparison: Comparison
  readonly span: Span
  /** Null where the history does not reach back so far. */
  readonly before: number | null
  readonly key: TableVerdictKey
  /** Null where there is nothing to judge: no history, or too few. */
  readonly judged: Judged | null
}

export interface ResultRow {
  readonly placeId: string
  readonly category: string | null
  readonly count: number
  readonly compared: readonly Compared[]
}

export interface ResultTable {
  readonly rows: readonly ResultRow[]
  /** How many tests were made. */
  readonly tests: number
}

/** The row's series and what it was compared with. */
export interface ResultDetail {
  /** Three years of months up to the period, the last perhaps not whole; null before the history begins. */
  readonly months: readonly {
    readonly span: Span
    readonly count: number | null
    readonly beside: number | null
  }[]
  readonly ringMetres: number
  readonly comparedWith: readonly {
    readonly comparison: Comparison
    readonly squares: readonly {
      readonly ring: readonly (readonly [number, number])[]
      readonly before: number
      readonly after: number
    }[]
  }[]
}

const MONTHS_SHOWN = 36
/** At this share of false ones among those that are called. */
const FALSE_SHARE_ALLOWED = 0.05

/** Counts of each place and category beside a year and a period earlier, each with its verdict. Deterministic. */
export function tabulate(history: IncidentHistory, question: TableQuestion): ResultTable {
  const desk = openDesk(history, question)
  const rows: ResultRow[] = question.categories.flatMap((category) =>
    question.places.map(({ id }) => ({ placeId: id, category, count: 0, compared: [] })),
  )
  const drafts = rows.map(() => [] as Draft[])
  for (const comparison of COMPARISONS) {
    const row = desk.rowOf(comparison)
    question.categories.forEach((category, c) => {
      const counted = desk.countsOf(row, category)
      question.places.forEach((place, p) =>
        drafts[c * question.places.length + p]!.push(draftOf(desk, comparison, row, counted, place)),
      )
    })
  }
  const tested = drafts.flat().filter(({ result }) => result !== null)
  const shares = falseDiscoveryRates(tested.map(({ result }) => result!.adjusted.p))
  const falseShareOf = new Map(tested.map((draft, n) => [draft, shares[n]!]))
  return {
    rows: rows.map((row, n) => ({
      ...row,
      count: drafts[n]![0]!.count,
      compared: drafts[n]!.map((draft) => comparedOf(draft, falseShareOf.get(draft) ?? 1)),
    })),
    tests: tested.length,
  }
}

/** The months of one place and category, and the squares that it was compared with. */
export function detailOf(history: IncidentHistory, question: TableQuestion): ResultDetail {
  const desk = openDesk(history, question)
  const [place, category] = [question.places[0]!, question.categories[0]!]
  const compared = COMPARISONS.map((comparison) => {
    const row = desk.rowOf(comparison)
    const draft = draftOf(desk, comparison, row, desk.countsOf(row, category), place)
    return { ...draft, row }
  })
  const spans = monthsUntil(question.part.untilDay, MONTHS_SHOWN)
  const isKnown = spans.map(({ fromDay }) => fromDay >= desk.firstDay)
  const months = desk.countsOf({ spans, before: null, after: 0 }, category)
  const own = months.inside(place)
  const beside = compared.find(({ result }) => result !== null && result.comparison.length > 0)
  const squares = beside ? months.squares(beside.squares!) : null
  const together = spans.map((_, m) =>
    squares === null ? 0 : beside!.chosen.reduce((sum, square) => sum + squares[square]![m]!, 0),
  )
  const sumKnown = (of: ArrayLike<number>) =>
    isKnown.reduce((sum, known, m) => (known ? sum + of[m]! : sum), 0)
  const scale = sumKnown(together) > 0 ? sumKnown(own) / sumKnown(together) : null
  return {
    months: spans.map((span, m) => ({
      span,
      count: isKnown[m] ? own[m]! : null,
      beside: isKnown[m] && scale !== null ? together[m]! * scale : null,
    })),
    ringMetres: ringMetres(place.shape, history.plane),
    comparedWith: compared.map(({ comparison, row, chosen, squares: cut, panel }) => ({
      comparison,
      squares: chosen.map((square, n) => ({
        ring: ringOfSquare(cut!, square, history.plane),
        before: panel[n]![row.before!]!,
        after: panel[n]![row.after]!,
      })),
    })),
  }
}

/** What one question needs again and again: where places lie, squares of each size, counts by period. */
interface Desk {
  readonly firstDay: number
  readonly question: TableQuestion
  rowOf(comparison: Comparison): PeriodRow
  countsOf(row: PeriodRow, category: string | null): Counts
  groundOf(place: ResultPlace): { laid: Uint8Array; squares: Squares; candidates: Int32Array } | null
}

/** Counts of one category by period. */
interface Counts {
  inside(place: ResultPlace): ArrayLike<number>
  around(place: ResultPlace): ArrayLike<number>
  squares(squares: Squares): readonly ArrayLike<number>[]
}

function openDesk(history: IncidentHistory, question: TableQuestion): Desk {
  const firstDay = history.day.length > 0 ? Math.floor(history.day[0]!) : Infinity
  const byMetres = new Map<number, Squares>()
  const laidOf = remember((place: ResultPlace) => layOut(history, place.shape))
  const squaresOf = (metres: number) => {
    const key = Math.round(metres)
    if (!byMetres.has(key)) byMetres.set(key, cutIntoSquares(history, metres))
    return byMetres.get(key)!
  }
  return {
    firstDay,
    question,
    rowOf: (comparison) => periodRow(question.asked, question.part, comparison, firstDay),
    groundOf: remember((place: ResultPlace) => {
      if (place.shape.of === 'district') return null
      const laid = laidOf(place)
      return { laid, ...squaresBeside(place.shape, laid, history.plane, squaresOf) }
    }),
    countsOf(row, category) {
      const { at, period } = eventsIn(history, row.spans, category)
      const periods = row.spans.length
      const sumWhere = (place: ResultPlace, how: number) => {
        const laid = laidOf(place)
        const counts = new Float64Array(periods)
        at.forEach((where, n) => {
          if (laid[where] === how) counts[period[n]!]!++
        })
        return counts
      }
      return {
        inside: (place) => sumWhere(place, INSIDE),
        around: (place) => sumWhere(place, AROUND),
        squares: remember((squares: Squares) => {
          const all = new Uint32Array(squares.count * periods)
          at.forEach((where, n) => all[squares.of[where]! * periods + period[n]!]!++)
          return Array.from({ length: squares.count }, (_, s) => all.subarray(s * periods, (s + 1) * periods))
        }),
      }
    },
  }
}

/** The incidents of a category in any of the spans: where, and in which. */
function eventsIn(
  { day, place, category, categories }: IncidentHistory,
  spans: readonly Span[],
  name: string | null,
): { at: Int32Array; period: Int32Array } {
  const first = spans[0]!.fromDay
  const periodOf = new Int32Array(spans.at(-1)!.untilDay - first).fill(-1)
  spans.forEach(({ fromDay, untilDay }, n) => periodOf.fill(n, fromDay - first, untilDay - first))
  const wanted = name === null ? -1 : categories.indexOf(name)
  const [at, period]: [number[], number[]] = [[], []]
  for (let i = 0; i < day.length; i++) {
    if (name !== null && category[i] !== wanted) continue
    const n = periodOf[Math.floor(day[i]!) - first] ?? -1
    if (n < 0) continue
    at.push(place[i]!)
    period.push(n)
  }
  return { at: Int32Array.from(at), period: Int32Array.from(period) }
}

interface Draft {
  readonly comparison: Comparison
  readonly span: Span
  readonly count: number
  readonly before: number | null
  readonly result: PlaceResult | null
  readonly squares: Squares | null
  /** The squares compared with, and their counts. */
  readonly chosen: readonly number[]
  readonly panel: readonly ArrayLike<number>[]
}

function draftOf(
  desk: Desk,
  comparison: Comparison,
  row: PeriodRow,
  counts: Counts,
  place: ResultPlace,
): Draft {
  const { asked, part, chosenOnBaseline, rules = RESULT_RULES } = desk.question
  const own = counts.inside(place)
  const draft = {
    comparison,
    span: comparedSpan(asked, part, comparison),
    count: own[row.after]!,
    before: row.before === null ? null : own[row.before]!,
    result: null,
    squares: null,
    chosen: [],
    panel: [],
  }
  if (row.before === null || own[row.before]! + own[row.after]! < rules.leastIncidents) return draft
  const ground = desk.groundOf(place)
  const squares = ground ? counts.squares(ground.squares) : []
  const candidates = ground ? ground.candidates : new Int32Array()
  const panel = [
    own,
    ...(ground ? [counts.around(place)] : []),
    ...Array.from(candidates, (s) => squares[s]!),
  ]
  const result = judgePlace({
    panel,
    place: 0,
    before: row.before,
    after: row.after,
    ring: ground ? [1] : [],
    // A whole district is nobody's choice.
    chosenOnBaseline: chosenOnBaseline && ground !== null,
    days: row.spans.map(({ fromDay, untilDay }) => untilDay - fromDay),
    rules,
  })
  return {
    ...draft,
    result,
    squares: ground?.squares ?? null,
    chosen: result.comparison.map((at) => candidates[at - 2]!),
    panel: result.comparison.map((at) => panel[at]!),
  }
}

function comparedOf({ comparison, span, before, result, squares }: Draft, falseShare: number): Compared {
  if (result === null)
    return {
      ...{ comparison, span, before, judged: null },
      key: before === null ? 'result-no-history' : 'result-too-few',
    }
  const { verdict, comparison: places, ...rest } = result
  const isCalled = verdict.key === 'result-fell' || verdict.key === 'result-rose'
  return {
    ...{ comparison, span, before },
    key: isCalled && falseShare > FALSE_SHARE_ALLOWED ? 'result-one-of-many' : verdict.key,
    judged: {
      ...rest,
      figures: verdict.figures,
      falseShare,
      comparedWith: places.length,
      comparedMetres: squares?.metres ?? null,
    },
  }
}

function remember<K, V>(of: (key: K) => V): (key: K) => V {
  const known = new Map<K, V>()
  return (key) => {
    if (!known.has(key)) known.set(key, of(key))
    return known.get(key)!
  }
}
