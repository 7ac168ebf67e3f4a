import type { BackTest, BackTestOptions } from '../../../capabilities/analysis/core/index.ts'

const DAY_MS = 86_400_000

/** A date or minute of the file's wall clock as days since 1970-01-01; null where it is none. */
export function dayOf(text: string): number | null {
  if (!/^\d{4}-\d{2}-\d{2}(T\d{2}:\d{2})?$/.test(text)) return null
  const at = Date.parse(text.length === 10 ? `${text}T00:00Z` : `${text}Z`)
  return Number.isFinite(at) && clockOf(at / DAY_MS).startsWith(text) ? at / DAY_MS : null
}

/** `2018-01-01T00:00` in the file's own wall clock. */
export function clockOf(day: number): string {
  return new Date(Math.round(day * 1440) * 60_000).toISOString().slice(0, 16)
}

/**
 * The JSON in pieces, one period a line: a year of shifts is more than one text can hold.
 * docs/forecast-evaluation.md describes every field.
 */
export function* backTestJson(
  result: BackTest,
  options: Omit<BackTestOptions, 'onProgress'>,
  source: string,
): Generator<string> {
  const head = {
    discRadiusMetres: options.discRadiusMetres,
    source,
    trainUntil: clockOf(options.trainUntilDay),
    testFrom: clockOf(options.testFromDay),
    testTo: clockOf(options.testToDay),
    lagDays: options.lagDays,
    seed: options.seed,
    categories: options.subjects.map(({ name, categories }) => ({ name, sumOf: categories })),
    area: result.area,
    tuned: result.tuned,
    calibration: result.calibration,
  }
  yield `${JSON.stringify(head).slice(0, -1)},"periods":[\n`
  let before = ''
  for (const { method, category, fromDay, toDay, stops, caught, incidents, ...rest } of result.periods) {
    if (!options.stopCounts.includes(rest.stopCount)) continue
    const period = {
      method,
      category,
      from: clockOf(fromDay),
      to: clockOf(toDay),
      stops,
      caught,
      incidents,
      ...rest,
    }
    yield before + JSON.stringify(period)
    before = ',\n'
  }
  yield `\n],\n"summary":${JSON.stringify(result.summary)}}\n`
}
