import { writeFile } from 'node:fs/promises'
import { basename, resolve } from 'node:path'
import { isRefusal } from '../../../foundation/core/outcome.ts'
import {
  AREA_SHARES,
  backTest,
  HORIZONS,
  noteQuality,
  openHistory,
  type BackTest,
  type BackTestOptions,
  type ForecastSubject,
  type Horizon,
} from '../../../capabilities/analysis/core/index.ts'
import { ORIGINS } from '../../../capabilities/incident/core/index.ts'
import { mappingOf } from '../import-incidents.ts'
import { wholeNumber, type Options } from '../options.ts'
import { EXIT, tellRefusal, UsageFault, type ExitCode } from '../outcome.ts'
import { openProgress } from '../progress.ts'
import type { Words } from '../words.ts'
import { backTestJson, dayOf } from './back-test-json.ts'
import { chartOf } from './chart.ts'
import { readIncidents } from './read-incidents.ts'

const DEFAULT_SEED = 20_180_101
const DEFAULT_RADIUS_METRES = 85

/** `xunfang forecast evaluate`: the forecast against what came, beside the usual comparators. */
export async function evaluateForecast(options: Options, words: Words): Promise<ExitCode> {
  if (options.incidents === undefined) throw new UsageFault('usage.option-missing', { option: '--incidents' })
  const mapping = mappingOf(options.map, options.preset, '--map', '--preset')
  if (mapping === null) throw new UsageFault('usage.map-or-preset', { presets: 'stlouis, chicago, portland' })
  if (isRefusal(mapping)) return tellRefusal(words, mapping)
  const trainUntilDay = dayOption(options, 'train-until')
  const testFromDay = options['test-from'] === undefined ? trainUntilDay : dayOption(options, 'test-from')
  const testToDay = dayOption(options, 'test-to')
  if (testFromDay < trainUntilDay || testToDay <= testFromDay)
    throw new UsageFault('usage.test-after-training')
  const settings = {
    horizons: listOption(options.horizon ?? '7d', horizonOf),
    stopCounts: listOption(options.stops ?? '20,40,81', countOf),
    discRadiusMetres: radiusOf(options['disc-radius']),
    trainUntilDay,
    testFromDay,
    testToDay,
    lagDays: lagOf(options['lag-days']),
    seed: wholeNumber(options, 'seed', DEFAULT_SEED),
  }
  const file = await readIncidents(options.incidents, mapping, Date.now())
  if (isRefusal(file)) return tellRefusal(words, file)
  const subjects = listOption(options.category ?? 'all', (text) => subjectOf(text, file.columns.categories))
  const history = openHistory(file.columns, ORIGINS)
  const progress = openProgress()
  const result = backTest(history, {
    ...settings,
    subjects,
    onProgress: (share, what) => progress.at(share, what),
  })
  progress.end()
  words.say('forecast.read', {
    rows: file.rows,
    used: history.day.length,
    rejected: Object.values(file.rejected).reduce((sum, count) => sum + count, 0),
    duplicates: file.duplicates,
    patrol: history.left.foundByPatrol,
  })
  for (const { finding, count, share, at } of noteQuality(file.columns, history, file.clockChangeDays))
    words.say('forecast.quality', {
      finding: words.text(`forecast.finding.${finding}`, {}, ' / '),
      count,
      share: (share * 100).toFixed(2),
      at:
        at === undefined ? '' : 'category' in at ? at.category : `${at.lon.toFixed(5)}, ${at.lat.toFixed(5)}`,
    })
  tellResult(words, result, settings)
  if (options.json !== undefined) {
    const path = resolve(options.json)
    await writeFile(path, backTestJson(result, { ...settings, subjects }, basename(options.incidents)))
    words.say('forecast.json', { path })
  }
  if (options.chart !== undefined) {
    const path = resolve(options.chart)
    await writeFile(path, chartOf(result))
    words.say('forecast.chart', { path })
  }
  return EXIT.done
}

function tellResult(words: Words, result: BackTest, settings: Omit<BackTestOptions, 'subjects'>): void {
  words.say('forecast.area', {
    cells: result.area.cells,
    squareKilometres: (result.area.squareMetres / 1e6).toFixed(1),
    radius: settings.discRadiusMetres,
  })
  const heading = [
    'category',
    'horizon',
    'stops',
    'area',
    'method',
    'caught',
    'per-stop',
    'hit-rate',
    'pai',
    'pei',
    'ratio',
  ]
  const lines = [heading.map((name) => words.text(`forecast.column.${name}`, {}, '/'))]
  for (const row of result.summary)
    lines.push([
      row.category,
      row.horizon,
      String(row.stopCount),
      `${(row.areaShare * 100).toFixed(2)} %`,
      row.method,
      `${row.caught}/${row.incidents}`,
      row.caughtPerStop.toFixed(3),
      `${(row.hitRate * 100).toFixed(2)} %`,
      row.pai?.toFixed(1) ?? '–',
      row.pei?.toFixed(2) ?? '–',
      row.ratioToGrid === null
        ? '1'
        : `${row.ratioToGrid.value.toFixed(3)} [${row.ratioToGrid.low.toFixed(3)}, ${row.ratioToGrid.high.toFixed(3)}]`,
    ])
  const widths = heading.map((_, column) => Math.max(...lines.map((line) => line[column]!.length)))
  for (const line of lines)
    console.log(
      line
        .map((cell, column) => cell.padEnd(widths[column]!))
        .join('  ')
        .trimEnd(),
    )
  for (const { category, horizon, setting } of result.tuned)
    words.say('forecast.tuned', {
      category,
      horizon,
      metres: setting.deviationMetres,
      days: setting.timeConstantDays,
    })
  for (const { category, horizon, bins } of result.calibration)
    words.say('forecast.calibration', {
      category,
      horizon,
      bins: bins.map((bin) => `${bin.expected.toFixed(2)}→${bin.caught.toFixed(2)}`).join('  '),
      within: Math.round(
        (100 * bins.reduce((sum, bin) => sum + bin.withinRange, 0)) / Math.max(1, bins.length),
      ),
    })
  words.say('forecast.shares', { shares: AREA_SHARES.map((share) => `${share * 100} %`).join(', ') })
}

function dayOption(options: Options, name: 'train-until' | 'test-from' | 'test-to'): number {
  const text = options[name]
  if (text === undefined) throw new UsageFault('usage.option-missing', { option: `--${name}` })
  const day = dayOf(text)
  if (day === null) throw new UsageFault('usage.moment', { option: `--${name}`, value: text })
  return day
}

function listOption<T>(text: string, read: (part: string) => T): T[] {
  return text.split(',').map((part) => read(part.trim()))
}

function horizonOf(text: string): Horizon {
  if (!(text in HORIZONS))
    throw new UsageFault('usage.horizon', { value: text, allowed: Object.keys(HORIZONS).join(', ') })
  return text as Horizon
}

function countOf(text: string): number {
  if (!/^[1-9]\d{0,4}$/.test(text))
    throw new UsageFault('usage.not-a-number', { option: 'stops', value: text })
  return Number(text)
}

function radiusOf(text: string | undefined): number {
  if (text === undefined) return DEFAULT_RADIUS_METRES
  const metres = Number(text)
  if (!(metres >= 10 && metres <= 2_000))
    throw new UsageFault('usage.not-a-number', { option: 'disc-radius', value: text })
  return metres
}

function lagOf(text: string | undefined): number {
  if (text === undefined) return 0
  if (!/^\d{1,2}$/.test(text)) throw new UsageFault('usage.not-a-number', { option: 'lag-days', value: text })
  return Number(text)
}

/** `all`, a category of the file, several of them joined by `+`, or such a sum with a name: `violent=robbery+homicide`. */
export function subjectOf(text: string, categories: readonly string[]): ForecastSubject {
  if (text === 'all') return { name: 'all', categories: null }
  const [name, sum] = text.includes('=') ? (text.split('=', 2) as [string, string]) : [text, text]
  const parts = sum.split('+')
  const unknown = parts.find((part) => !categories.includes(part))
  if (unknown !== undefined)
    throw new UsageFault('usage.category', { value: unknown, allowed: [...categories].sort().join(', ') })
  return { name, categories: parts }
}
