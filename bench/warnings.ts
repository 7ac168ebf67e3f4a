import { WARNING_RULES, watchCounts, type CountSeries } from '../capabilities/analysis/core/index.ts'
import { seededChance } from '../foundation/core/chance.ts'
import { upperMidP } from '../solvers/surveillance/count-tail.ts'
import { drawCounts } from '../solvers/surveillance/drawn-counts.ts'
import { earsSignals } from '../solvers/surveillance/ears.ts'
import { expectNext, SEASONAL_SETTINGS, seasonalDesign } from '../solvers/surveillance/seasonal-counts.ts'
import { readStLouis, ST_LOUIS, type StLouis } from './analysis/st-louis.ts'
import { loadRow, type Row } from './product/figures.ts'

/**
 * Warnings: how often quiet counts alarm, how large a surge must be to be seen, and what share of warnings is by chance
 * when many series are watched. EARS beside it. Real data is left out, saying so, where it is not.
 */
const RATES = [0.01, 0.05]
const SURGES = [2, 4, 6, 8, 10]
/** Four years of history. 2016-01-04, a Monday, is the first week that is judged; 2018-12-31 is where the data ends. */
const WEEKS = 208
const FIRST_JUDGED = 16_804
const DATA_ENDS = 17_896
/** Series that thin say nothing by the week. */
const LEAST_WEEKLY_MEAN = 0.25

export async function measure(): Promise<Row[]> {
  return [
    loadRow(),
    ...measureMadeUp('week', 7),
    ...measureMadeUp('day', 1),
    measureDiscoveries(),
    ...measureStLouis(),
  ]
}

interface Tally {
  tests: number
  readonly alarms: number[]
  readonly ears: { c1: number; c2: number; c3: number }
  readonly seen: number[]
}

const emptyTally = (): Tally => ({
  tests: 0,
  alarms: RATES.map(() => 0),
  ears: { c1: 0, c2: 0, c3: 0 },
  seen: SURGES.map(() => 0),
})

function judge(tally: Tally, counts: Float64Array, fromDay: number, periodDays: 1 | 7): void {
  const expected = expectNext(counts, designOf(counts.length - 1, periodDays, fromDay), SEASONAL_SETTINGS)
  const observed = counts.at(-1)!
  tally.tests++
  const p = upperMidP(observed, expected)
  RATES.forEach((rate, r) => (tally.alarms[r]! += p <= rate ? 1 : 0))
  SURGES.forEach((surge, s) => (tally.seen[s]! += upperMidP(observed + surge, expected) <= RATES[0]! ? 1 : 0))
  const ears = earsSignals(counts)!
  if (ears.c1.alarms) tally.ears.c1++
  if (ears.c2.alarms) tally.ears.c2++
  if (ears.c3.alarms) tally.ears.c3++
}

const designs = new Map<string, ReturnType<typeof seasonalDesign>>()
function designOf(periods: number, periodDays: number, fromDay: number) {
  const key = `${periods} ${periodDays} ${fromDay}`
  let design = designs.get(key)
  if (design === undefined)
    designs.set(key, (design = seasonalDesign(periods, periodDays, fromDay, SEASONAL_SETTINGS)))
  return design
}

function rowsOf(name: string, { tests, alarms, ears, seen }: Tally): Row[] {
  const percent = (count: number) => ((100 * count) / tests).toFixed(2)
  return [
    ...RATES.map((rate, r): Row => {
      const share = alarms[r]! / tests
      return {
        measure: `${name}: alarms at a nominal ${rate * 100} %`,
        value: 100 * share,
        unit: '%',
        target: `${75 * rate} to ${125 * rate}`,
        reached: share >= 0.75 * rate && share <= 1.25 * rate,
        note: `${tests.toLocaleString('en')} tests${r === 0 ? `; EARS C1 ${percent(ears.c1)}, C2 ${percent(ears.c2)}, C3 ${percent(ears.c3)} %` : ''}`,
      }
    }),
    {
      measure: `${name}: surges of ${SURGES[2]} seen at 1 %`,
      value: (100 * seen[2]!) / tests,
      unit: '%',
      note: SURGES.map((surge, s) => `+${surge}: ${((100 * seen[s]!) / tests).toFixed(0)} %`).join(', '),
    },
  ]
}

/** Trends, seasons and dispersions of many kinds; means as in a district's areas. */
function measureMadeUp(period: string, periodDays: 1 | 7): Row[] {
  const chance = seededChance(21)
  const tally = emptyTally()
  const [runs, periods] = periodDays === 7 ? [16_000, WEEKS] : [4_000, 730]
  for (let run = 0; run < runs; run++) {
    const truth = {
      mean: 0.4 * 25 ** chance.next(),
      dispersion: 0.15 * chance.next(),
      trendPerYear: 0.3 * chance.next() - 0.15,
      seasonSwing: 0.5 * chance.next(),
      weekendSwing: 0.5 * chance.next(),
    }
    const fromDay = FIRST_JUDGED + 7 * chance.below(52) + (periodDays === 1 ? chance.below(7) : 0)
    judge(tally, drawCounts(truth, periods + 1, periodDays, fromDay, chance), fromDay, periodDays)
  }
  return rowsOf(`generated, by ${period}`, tally)
}

/** A surge in one area of twenty, a hundred areas, many weeks: what share of what is called a warning is not one. */
function measureDiscoveries(): Row {
  const chance = seededChance(22)
  const weeks = 80
  let [falseShare, seen, surges] = [0, 0, 0]
  for (let week = 0; week < weeks; week++) {
    const series = Array.from({ length: 100 }, (_, n): CountSeries => {
      const truth = {
        mean: 1 + 6 * chance.next(),
        dispersion: 0.05,
        trendPerYear: 0,
        seasonSwing: 0.2,
        weekendSwing: 0,
      }
      const counts = drawCounts(truth, WEEKS + 1, 7, FIRST_JUDGED, chance)
      if (n < 5) counts[WEEKS]! += 10
      return { category: 'any', area: String(n), counts }
    })
    const called = watchCounts(series, { fromDay: FIRST_JUDGED, periodDays: 7 }).filter(
      ({ outcome }) => outcome === 'warning',
    )
    const right = called.filter(({ area }) => Number(area) < 5).length
    seen += right
    surges += 5
    falseShare += called.length > 0 ? (called.length - right) / called.length / weeks : 0
  }
  return {
    measure: 'generated: warnings that are by chance',
    value: 100 * falseShare,
    unit: '%',
    target: `≤ ${100 * WARNING_RULES.falseDiscovery}`,
    reached: falseShare <= WARNING_RULES.falseDiscovery,
    note: `100 series, 5 of them + 10 a week: ${((100 * seen) / surges).toFixed(0)} % of the surges are warnings`,
  }
}

function measureStLouis(): Row[] {
  const read = readStLouis()
  if (read === null)
    return [
      { measure: 'St. Louis warnings', value: null, unit: '', note: `${ST_LOUIS} is not here: left out` },
    ]
  const tally = emptyTally()
  const series = weeklySeries(read)
  let [warnings, noted, weeks] = [0, 0, 0]
  for (let week = WEEKS; (week + 1) * 7 <= DATA_ENDS - (FIRST_JUDGED - 7 * WEEKS); week++) {
    const fromDay = FIRST_JUDGED + 7 * (week - WEEKS)
    const histories = series.map(({ counts, ...key }) => ({
      ...key,
      counts: (counts as Float64Array).subarray(week - WEEKS, week + 1),
    }))
    weeks++
    if (week % 2 === 0) for (const { counts } of histories) judge(tally, counts, fromDay, 7)
    if (week % 8 !== 0) continue
    const watched = watchCounts(histories, { fromDay, periodDays: 7 })
    warnings += watched.filter(({ outcome }) => outcome === 'warning').length
    noted += watched.filter(({ outcome }) => outcome === 'noted').length
  }
  const looked = Math.ceil(weeks / 8)
  return [
    ...rowsOf('St. Louis 2016 to 2018, by week', tally),
    {
      measure: 'St. Louis: warnings a week',
      value: warnings / looked,
      unit: '',
      note: `${(noted / looked).toFixed(1)} more noted, of ${series.length} series of category and neighbourhood`,
    },
  ]
}

/** Category × neighbourhood by week from four years before the first week judged; thin ones by those years are left out. */
function weeklySeries(read: StLouis): CountSeries[] {
  const firstDay = FIRST_JUDGED - 7 * WEEKS
  const width = Math.floor((DATA_ENDS - firstDay) / 7)
  const counts = new Map<string, Float64Array>()
  read.day.forEach((day, i) => {
    const week = Math.floor((day - firstDay) / 7)
    if (week < 0 || week >= width || read.neighbourhood[i]! <= 0) return
    const key = `${read.category[i]}|${read.neighbourhood[i]}`
    if (!counts.has(key)) counts.set(key, new Float64Array(width))
    counts.get(key)![week]!++
  })
  return [...counts]
    .filter(
      ([, each]) => each.subarray(WEEKS - 52, WEEKS).reduce((a, b) => a + b, 0) >= 52 * LEAST_WEEKLY_MEAN,
    )
    .map(([key, each]) => ({ category: key.split('|')[0]!, area: key.split('|')[1]!, counts: each }))
}
