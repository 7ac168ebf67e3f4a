import { existsSync } from 'node:fs'
import { join } from 'node:path'
import {
  backTest,
  fitForecast,
  openHistory,
  planStretches,
  type BackTest,
  type ForecastSubject,
} from '../capabilities/analysis/core/index.ts'
import { makeUpHistory } from '../capabilities/analysis/core/made-up-history.ts'
import { isMapping } from '../capabilities/incident/core/import/mapping.ts'
import { ORIGINS } from '../capabilities/incident/core/index.ts'
import { loadPreset, type Preset } from '../capabilities/incident/server/import/presets.ts'
import { isRefusal } from '../foundation/core/outcome.ts'
import { projectRoot } from '../foundation/server/migrate.ts'
import { dayOf } from '../apps/cli/forecast/back-test-json.ts'
import { readIncidents } from '../apps/cli/forecast/read-incidents.ts'
import { loadRow, timed, type Row } from './product/figures.ts'

/**
 * The forecast: how much it catches per stop against the tuned decayed grid, on the year that nothing was tuned on, and
 * how long a history of 630,000 takes. Real data is left out, saying so, where it is not.
 */
const STOPS = [20, 40, 81]
const LARGE = { incidents: 630_000, days: 4_000, seed: 7, metres: 18_000 }
const VIOLENT: ForecastSubject = {
  name: 'violent',
  categories: ['homicide', 'aggravated_assault', 'robbery'],
}
const one = (category: string): ForecastSubject => ({ name: category, categories: [category] })
const ALL: ForecastSubject = { name: 'all', categories: null }
const FILES: readonly { preset: Preset; path: string; subjects: readonly ForecastSubject[] }[] = [
  {
    preset: 'stlouis',
    path: '../shared/data/stlouis/incidents-2008-2018.csv.gz',
    subjects: [ALL, one('burglary'), one('vehicle_theft'), VIOLENT],
  },
  {
    preset: 'chicago',
    path: '../shared/data/chicago-assault/incidents-2010-2018.csv.gz',
    subjects: [ALL],
  },
]
/** Of all incidents of a file; under it nothing ships. No single category may be behind the grid. */
const LEAST_RATIO = 1.2

export async function measure(): Promise<Row[]> {
  const rows = [loadRow(), ...(await measureSpeed())]
  for (const { preset, path, subjects } of FILES) rows.push(...(await measureRatios(preset, path, subjects)))
  return rows
}

async function measureSpeed(): Promise<Row[]> {
  const columns = makeUpHistory(LARGE)
  const before = process.memoryUsage().rss
  const { milliseconds: loading, gave: history } = await timed(() => openHistory(columns, ORIGINS))
  const until = history.day.at(-1)!
  const { milliseconds: fitting, gave: fitted } = await timed(() => fitForecast(history, ALL, until))
  const { milliseconds: planning, gave: plans } = await timed(() =>
    planStretches(
      history,
      fitted,
      [0, 1, 2].map((shift) => ({
        fromDay: until + shift / 3,
        toDay: until + (shift + 1) / 3,
        stopCount: 81,
        discRadiusMetres: 85,
      })),
    ),
  )
  const seconds = (measure: string, took: number, target: number, note?: string): Row => ({
    measure,
    value: took / 1000,
    unit: 's',
    target: `≤ ${target}`,
    reached: took <= target * 1000,
    ...(note ? { note } : {}),
  })
  return [
    seconds(
      '630,000 incidents: open and fit',
      loading + fitting,
      10,
      `open ${(loading / 1000).toFixed(1)} s`,
    ),
    seconds('a daily plan: 81 stops a shift, with reasons', planning, 5, `${plans.length} shifts`),
    {
      measure: 'memory at the end',
      value: process.memoryUsage().rss / 2 ** 30,
      unit: 'GiB',
      target: '≤ 1.5',
      reached: process.memoryUsage().rss <= 1.5 * 2 ** 30,
      note: `${(before / 2 ** 30).toFixed(2)} before`,
    },
  ]
}

async function measureRatios(
  preset: Preset,
  path: string,
  subjects: readonly ForecastSubject[],
): Promise<Row[]> {
  const file = join(projectRoot(), path)
  if (!existsSync(file))
    return [{ measure: preset, value: null, unit: '', note: `${path} is not here: left out` }]
  const mapping = loadPreset(preset)
  if (!isMapping(mapping)) throw new Error(`preset ${preset} has faults`)
  const read = await readIncidents(file, mapping, Date.now())
  if (isRefusal(read)) throw new Error(`${read.refused} ${JSON.stringify(read.detail)}`)
  const result = backTest(openHistory(read.columns, ORIGINS), {
    subjects,
    horizons: ['7d'],
    stopCounts: STOPS,
    discRadiusMetres: 85,
    trainUntilDay: dayOf('2018-01-01')!,
    testFromDay: dayOf('2018-01-01')!,
    testToDay: dayOf('2019-01-01')!,
    lagDays: 0,
    seed: 1,
  })
  return ratioRows(preset, result)
}

function ratioRows(preset: string, { summary }: BackTest): Row[] {
  return summary
    .filter(({ method }) => method === 'xunfang')
    .map(({ category, stopCount, ratioToGrid, hitRate, areaShare }) => ({
      measure: `${preset} 2018 weekly, ${category}, ${stopCount} stops`,
      value: ratioToGrid?.value ?? null,
      unit: '× grid',
      ...(ratioToGrid
        ? { target: `≥ ${least(category)}`, reached: ratioToGrid.value >= least(category) }
        : {}),
      note: `95 % ${ratioToGrid?.low.toFixed(2)} to ${ratioToGrid?.high.toFixed(2)}; hit rate ${(hitRate * 100).toFixed(1)} % on ${(areaShare * 100).toFixed(2)} % of the area`,
    }))
}

const least = (category: string): number => (category === 'all' ? LEAST_RATIO : 1)
