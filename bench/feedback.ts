import {
  FEEDBACK_MEASURED,
  simulateFeedback,
  type FeedbackQuestion,
} from '../capabilities/analysis/core/index.ts'
import { loadRow, percentile, type Row } from './product/figures.ts'

/** Two equal areas, patrol following the forecast for a year: how far the forecast's share leaves one half, in how many years. */
const YEARS = FEEDBACK_MEASURED.years
const ALLOWED = 0.05

export async function measure(): Promise<Row[]> {
  return [loadRow(), ...rowsOf('guarded'), ...rowsOf('naive')]
}

function rowsOf(model: FeedbackQuestion['model']): Row[] {
  const years = Array.from({ length: YEARS }, (_, n) => simulateFeedback({ seed: n + 1, model }))
  const farthest = years.map((steps) =>
    Math.max(...steps.map(({ forecastShare }) => Math.abs(forecastShare - 0.5))),
  )
  const patrol = years.map((steps) =>
    Math.abs(steps.reduce((sum, { patrolShare }) => sum + patrolShare, 0) / steps.length - 0.5),
  )
  // What the page tells of it.
  const told = model === 'guarded' ? FEEDBACK_MEASURED.guardedWithin : FEEDBACK_MEASURED.naiveWithin
  const within = farthest.filter((each) => each <= ALLOWED).length
  return [
    {
      measure: `${model}: years in which the share stays at 50 ± 5 %`,
      value: within,
      unit: `of ${YEARS}`,
      target: String(told),
      reached: within === told,
      note: `farthest in a year: median ${(100 * percentile(farthest, 0.5)).toFixed(1)}, worst ${(100 * Math.max(...farthest)).toFixed(1)} points; the year's patrol, worst ${(100 * Math.max(...patrol)).toFixed(1)}`,
    },
  ]
}
