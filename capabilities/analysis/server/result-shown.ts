import { dateOfDay } from '../../../foundation/core/day.ts'
import type { Static } from 'typebox'
import {
  type Displacement,
  type Judged,
  type RateRatio,
  type ResultDetail,
  type ResultRow,
  type Span,
} from '../core/index.ts'
import type {
  ChangeShown,
  DisplacementShown,
  JudgedShown,
  ResultDetailShown,
  ResultRowShown,
  ResultsShown,
} from './result-schemas.ts'
import type { ResultsAnswered } from './results.ts'

export type ResultsBody = Static<typeof ResultsShown>
export type RowBody = Static<typeof ResultRowShown>

export function shownResults({ answer, places }: ResultsAnswered): ResultsBody {
  return {
    period: answer.asked.kind,
    asked: shownSpan(answer.asked),
    counted: shownSpan(answer.part),
    notes: answer.notes.map(({ note, ...values }) => ({ note, values })),
    tests: answer.tests,
    categories: [...answer.categories],
    places: places.map(({ id, kind, name }) => ({ id, kind, name })),
    rows: answer.rows.map((row) => shownRow(row, answer.part)),
  }
}

export function shownRow({ placeId, category, count, compared }: ResultRow, part: Span): RowBody {
  return {
    placeId,
    category,
    count,
    perDay: rounded(count / (part.untilDay - part.fromDay), 3),
    compared: compared.map(({ comparison, span, before, key, judged }) => ({
      comparison,
      span: shownSpan(span),
      before,
      verdict: key,
      judged: judged ? shownJudged(judged) : null,
    })),
  }
}

function shownJudged(judged: Judged): Static<typeof JudgedShown> {
  const { caution } = judged
  return {
    expected: rounded(judged.figures.expected, 1),
    change: shownChange(judged.adjusted),
    falseShare: rounded(judged.falseShare, 4),
    naive: shownChange(judged.naive),
    comparedWith: judged.comparedWith,
    comparedMetres: judged.comparedMetres === null ? null : Math.round(judged.comparedMetres),
    quietPercent: rounded(100 * (Math.exp(judged.quietDeviation) - 1), 1),
    quietPairs: judged.quietPairs,
    caution: caution && {
      expectedFallPercent: rounded(caution.expectedFallPercent, 1),
      expectedByChance: rounded(caution.expectedByChance, 1),
    },
    displacement: judged.displacement && shownDisplacement(judged.displacement),
  }
}

export function shownChange({ ratio, low, high, p }: RateRatio): Static<typeof ChangeShown> {
  const percent = (of: number) => rounded(100 * (of - 1), 1)
  return {
    changePercent: ratio === null ? null : percent(ratio),
    lowPercent: percent(low),
    highPercent: Number.isFinite(high) ? percent(high) : null,
    p: rounded(p, 5),
  }
}

export function shownDisplacement({
  quotient,
  interval,
  prevented,
}: Displacement): Static<typeof DisplacementShown> {
  return {
    quotient: quotient === null ? null : rounded(quotient, 2),
    low: interval ? rounded(interval.low, 2) : null,
    high: interval ? rounded(interval.high, 2) : null,
    prevented: {
      value: rounded(prevented.value, 1),
      low: rounded(prevented.low, 1),
      high: rounded(prevented.high, 1),
    },
  }
}

export function shownDetail(
  row: ResultRow,
  part: Span,
  detail: ResultDetail,
): Static<typeof ResultDetailShown> {
  return {
    row: shownRow(row, part),
    ringMetres: Math.round(detail.ringMetres),
    months: detail.months.map(({ span, count, beside }) => ({
      month: dateOfDay(span.fromDay).slice(0, 7),
      days: span.untilDay - span.fromDay,
      count,
      beside: beside === null ? null : rounded(beside, 1),
    })),
    comparedWith: detail.comparedWith.map(({ comparison, squares }) => ({
      comparison,
      squares: squares.map(({ ring, before, after }) => ({
        ring: ring.map(([lon, lat]) => [lon, lat]),
        before,
        after,
      })),
    })),
  }
}

export const shownSpan = ({ fromDay, untilDay }: Span) => ({
  from: dateOfDay(fromDay),
  last: dateOfDay(untilDay - 1),
  days: untilDay - fromDay,
})

const rounded = (value: number, digits: number) => Math.round(value * 10 ** digits) / 10 ** digits
