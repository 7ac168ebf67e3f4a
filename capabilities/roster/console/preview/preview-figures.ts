import type { PatternPreview } from '../../core/index.ts'

/** One line of the comparison: a figure of either side, and whether less of it is better. */
export interface FigureLine {
  readonly key: string
  readonly left: number | null
  readonly right: number | null
  readonly digits: number
  /** Which change is for the better; null: neither, it depends. */
  readonly better: 'less' | 'more' | null
}

/** The mean of a histogram of lengths; null where there is none. */
export function meanLength(counts: readonly number[]): number | null {
  const all = counts.reduce((sum, count) => sum + count, 0)
  return all === 0 ? null : counts.reduce((sum, count, length) => sum + count * length, 0) / all
}

/** The figures that the two are compared by, in the order in which a chief asks. */
export function figureLines(left: PatternPreview, right: PatternPreview): readonly FigureLine[] {
  const line = (
    key: string,
    of: (side: PatternPreview) => number | null,
    digits: number,
    better: FigureLine['better'],
  ): FigureLine => ({ key, left: of(left), right: of(right), digits, better })
  return [
    line('hours-mean', (side) => side.minutesPerWeek.mean / 60, 1, null),
    line('hours-range', (side) => (side.minutesPerWeek.most - side.minutesPerWeek.least) / 60, 1, 'less'),
    line('rest-mean', (side) => meanLength(side.restRuns), 2, 'more'),
    line('between-mean', (side) => meanLength(side.betweenDuties), 2, null),
    line('draws-all', (side) => side.draws.officerDays, 0, null),
    line('draws-between', (side) => side.draws.meanDaysBetween, 1, null),
    line('draws-gini', (side) => (side.draws.officerDays === 0 ? null : side.draws.gini), 3, 'less'),
    line(
      'draws-range',
      (side) => (side.draws.officerDays === 0 ? null : side.draws.most - side.draws.least),
      0,
      'less',
    ),
    line('nights', (side) => side.nights.mean, 1, 'less'),
    line('weekends', (side) => side.weekendDays.mean, 1, 'less'),
    line('violations', (side) => side.violations.reduce((sum, { count }) => sum + count, 0), 0, 'less'),
    line('strength-least', (side) => Math.min(...side.strength.map(({ least }) => least)), 0, 'more'),
    line('overtime', (side) => side.cost.overtimeHours, 0, 'less'),
    line('cost', (side) => side.cost.weighedHours, 0, 'less'),
  ]
}

/** Whether the right side is for the better, for the worse, or neither. */
export function verdictOf({ left, right, better, digits }: FigureLine): 'better' | 'worse' | null {
  if (better === null || left === null || right === null) return null
  const change = Number((right - left).toFixed(digits))
  if (change === 0) return null
  return change < 0 === (better === 'less') ? 'better' : 'worse'
}

export interface PairBar {
  readonly label: string
  readonly left: number
  readonly right: number
}

/** Two histograms of lengths side by side; nothing below the first or above the last that either has. */
export function pairBars(left: readonly number[], right: readonly number[]): readonly PairBar[] {
  const length = Math.max(left.length, right.length)
  const has = (at: number) => (left[at] ?? 0) + (right[at] ?? 0) > 0
  const lengths = Array.from({ length }, (_, at) => at)
  const first = lengths.find(has)
  const last = lengths.findLast(has)
  if (first === undefined || last === undefined) return []
  return lengths
    .slice(first, last + 1)
    .map((at) => ({ label: String(at), left: left[at] ?? 0, right: right[at] ?? 0 }))
}

/** Values of officers in bins of one width, of both sides together. */
export function binned(left: readonly number[], right: readonly number[], width: number): readonly PairBar[] {
  const bin = (value: number) => Math.floor(value / width + 1e-9)
  const all = [...left, ...right].map(bin)
  if (all.length === 0) return []
  const [least, most] = [Math.min(...all), Math.max(...all)]
  const count = (values: readonly number[], at: number) => values.filter((value) => bin(value) === at).length
  return Array.from({ length: most - least + 1 }, (_, offset) => {
    const at = least + offset
    const from = Number((at * width).toFixed(2))
    return {
      label: width === 1 ? String(from) : `${from}–${Number(((at + 1) * width).toFixed(2))}`,
      left: count(left, at),
      right: count(right, at),
    }
  })
}
