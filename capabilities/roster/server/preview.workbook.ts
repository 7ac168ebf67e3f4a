import ExcelJS from 'exceljs'
import { textsOf, type Language } from '../../../foundation/server/texts.ts'
import type { CostRates, PatternPreview } from '../core/index.ts'
import { headSheet } from './workbook.ts'

/** Two patterns on the same officers, without names. */
export interface Comparison {
  readonly fromDate: string
  readonly days: number
  readonly officers: readonly { readonly id: string; readonly organisationId: string }[]
  readonly rates: CostRates
  readonly left: PatternPreview
  readonly right: PatternPreview
}

/** A comparison to take away: its figures, the 168 hours, rest and work in a row, and each officer by id. */
export function previewWorkbook(
  comparison: Comparison,
  names: ReadonlyMap<string, string>,
  language: Language,
): ExcelJS.Workbook {
  const t = textsOf('roster', language)
  const { left, right, officers, days } = comparison
  const sides = [left, right]
  const headings = sides.map(({ patternCode }) => names.get(patternCode) ?? patternCode)
  const workbook = new ExcelJS.Workbook()

  const figures = workbook.addWorksheet(t('workbook.figures'))
  figures.addRow([t('workbook.figure'), ...headings])
  for (const [key, of] of FIGURES)
    figures.addRow([t(`workbook.${key}`), ...sides.map((side) => of(side, days))])
  for (const rule of ['R03', 'R04', 'R05', 'R06'])
    figures.addRow([
      `${t('workbook.violations')} ${rule}`,
      ...sides.map(({ violations }) => violations.find((one) => one.rule === rule)?.count ?? 0),
    ])
  figures.getColumn(1).width = 36
  for (const column of [2, 3]) figures.getColumn(column).width = 20
  headSheet(figures, 1)

  const strength = workbook.addWorksheet(t('workbook.strength'))
  strength.addRow([
    t('workbook.weekday'),
    t('workbook.hour'),
    ...headings.flatMap((name) =>
      ['mean', 'least', 'drawn'].map((what) => `${name} ${t(`workbook.${what}`)}`),
    ),
  ])
  for (let hour = 0; hour < 168; hour++)
    strength.addRow([
      t(`workbook.day-${Math.floor(hour / 24) + 1}`),
      hour % 24,
      ...sides.flatMap((side) => {
        const { mean, least, drawn } = side.strength[hour]!
        return [rounded(mean), least, rounded(drawn)]
      }),
    ])
  headSheet(strength, 2)

  for (const [key, of] of HISTOGRAMS) {
    const sheet = workbook.addWorksheet(t(`workbook.${key}`))
    sheet.addRow([t('workbook.days'), ...headings])
    const longest = Math.max(...sides.map((side) => of(side).length))
    for (let length = 1; length < longest; length++)
      sheet.addRow([length, ...sides.map((side) => of(side)[length] ?? 0)])
    headSheet(sheet, 1)
  }

  const each = workbook.addWorksheet(t('workbook.officers'))
  each.addRow([
    t('workbook.officer-id'),
    ...headings.flatMap((name) =>
      ['hours-a-week', 'draws'].map((what) => `${name} ${t(`workbook.${what}`)}`),
    ),
  ])
  officers.forEach(({ id }, index) => {
    each.addRow([
      id,
      ...sides.flatMap(({ minutesPerWeek, draws }) => [
        rounded(minutesPerWeek.byOfficer[index]! / 60),
        draws.byOfficer[index]!,
      ]),
    ])
  })
  each.getColumn(1).width = 40
  headSheet(each, 1)
  return workbook
}

const rounded = (value: number): number => Math.round(value * 100) / 100

type Figure = readonly [key: string, of: (side: PatternPreview, days: number) => number | null]

const FIGURES: readonly Figure[] = [
  ['hours-a-week', ({ minutesPerWeek }) => rounded(minutesPerWeek.mean / 60)],
  ['hours-a-week-least', ({ minutesPerWeek }) => rounded(minutesPerWeek.least / 60)],
  ['hours-a-week-most', ({ minutesPerWeek }) => rounded(minutesPerWeek.most / 60)],
  ['draws', ({ draws }) => rounded(draws.mean)],
  ['draws-least', ({ draws }) => draws.least],
  ['draws-most', ({ draws }) => draws.most],
  ['draws-gini', ({ draws }) => rounded(draws.gini)],
  [
    'days-between-draws',
    ({ draws }) => (draws.meanDaysBetween === null ? null : rounded(draws.meanDaysBetween)),
  ],
  ['nights', ({ nights }) => rounded(nights.mean)],
  ['weekend-days', ({ weekendDays }) => rounded(weekendDays.mean)],
  ['cost-hours', ({ cost }) => rounded(cost.weighedHours)],
  ['overtime-hours', ({ cost }) => rounded(cost.overtimeHours)],
  ['cost-money', ({ cost }) => (cost.money === null ? null : rounded(cost.money))],
]

const HISTOGRAMS: readonly (readonly [key: string, of: (side: PatternPreview) => readonly number[]])[] = [
  ['rest-runs', ({ restRuns }) => restRuns],
  ['work-runs', ({ workRuns }) => workRuns],
  ['between-duties', ({ betweenDuties }) => betweenDuties],
]
