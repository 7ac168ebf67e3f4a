import type { ResultsBody } from './result-shown.ts'

const COLUMNS = [
  'place',
  'place_kind',
  'category',
  'from',
  'last',
  'days',
  'count',
  'comparison',
  'compared_from',
  'compared_last',
  'compared_days',
  'before',
  'expected',
  'change_percent',
  'low_percent',
  'high_percent',
  'p',
  'false_share',
  'verdict',
  'two_counts_alone_percent',
  'two_counts_alone_p',
  'compared_places',
  'compared_square_metres_side',
  'displacement_quotient',
] as const

/** One row a comparison, for a spreadsheet: UTF-8 with a mark, or spreadsheets read Chinese wrongly. */
export function resultsCsv({ counted, places, rows }: ResultsBody): string {
  const placeOf = new Map(places.map((place) => [place.id, place]))
  const lines = rows.flatMap((row) =>
    row.compared.map(({ comparison, span, before, verdict, judged }) => {
      const place = placeOf.get(row.placeId)!
      const values: Record<(typeof COLUMNS)[number], string | number | null | undefined> = {
        place: place.name || place.kind,
        place_kind: place.kind,
        category: row.category ?? 'all',
        from: counted.from,
        last: counted.last,
        days: counted.days,
        count: row.count,
        comparison,
        compared_from: span.from,
        compared_last: span.last,
        compared_days: span.days,
        before,
        expected: judged?.expected,
        change_percent: judged?.change.changePercent,
        low_percent: judged?.change.lowPercent,
        high_percent: judged?.change.highPercent,
        p: judged?.change.p,
        false_share: judged?.falseShare,
        verdict,
        two_counts_alone_percent: judged?.naive.changePercent,
        two_counts_alone_p: judged?.naive.p,
        compared_places: judged?.comparedWith,
        compared_square_metres_side: judged?.comparedMetres,
        displacement_quotient: judged?.displacement?.quotient,
      }
      return COLUMNS.map((column) => cell(values[column])).join(',')
    }),
  )
  return `\ufeff${[COLUMNS.join(','), ...lines].join('\r\n')}\r\n`
}

/** A name is what somebody typed: quoted where it would break the row, and never read as a formula. */
function cell(value: string | number | null | undefined): string {
  if (value === null || value === undefined) return ''
  if (typeof value === 'number') return String(value)
  const harmless = /^[=+\-@\t\r]/.test(value) ? `'${value}` : value
  return /[",\r\n]/.test(harmless) ? `"${harmless.replaceAll('"', '""')}"` : harmless
}
