import ExcelJS from 'exceljs'
import { textsOf, type Language } from '../../../foundation/server/texts.ts'
import {
  FAIRNESS_KINDS,
  fairnessOf,
  listOptions,
  openGround,
  optionText,
  type RosterGrid,
  type RosterGround,
} from '../core/index.ts'
import { headSheet } from './workbook.ts'

/** What a file says of people beside their ids: who may be named is named. */
export interface RosterPeople {
  readonly organisationNames: ReadonlyMap<string, string>
  readonly badges: ReadonlyMap<string, string>
  readonly names: ReadonlyMap<string, string>
}

const LEADING_COLUMNS = 4

/**
 * A roster to print, to take away, and to bring back changed: one row an officer of `rows`, one column a day, in the
 * words that the import reads; beside it how duties are shared out, and every word that a cell may hold.
 */
export function rosterWorkbook(
  { ground, grid }: { readonly ground: RosterGround; readonly grid: RosterGrid },
  rows: readonly number[],
  { organisationNames, badges, names }: RosterPeople,
  language: Language,
): ExcelJS.Workbook {
  const t = textsOf('roster', language)
  const open = openGround(ground)
  const organisation = (id: string) => organisationNames.get(id) ?? id
  const platoonName = (organisationId: string, platoon: number | null) => {
    const found = platoon === null ? null : open.schemeOf(organisationId)?.pattern.platoons[platoon]
    return found ? (language === 'en' ? found.nameEn : found.nameZh) : ''
  }
  const workbook = new ExcelJS.Workbook()
  const leading = ['organisation', 'platoon', 'badge', 'name'].map((key) => t(`workbook.${key}`))

  const sheet = workbook.addWorksheet(t('workbook.roster'))
  sheet.addRow([...leading, ...open.dates.map((date) => new Date(`${date}T00:00:00Z`))])
  for (const row of rows) {
    const { id, organisationId, platoon } = ground.officers[row]!
    sheet.addRow([
      ...[organisation(organisationId), platoonName(organisationId, platoon)],
      ...[badges.get(id) ?? '', names.get(id) ?? ''],
      ...grid[row]!.map((option) => optionText(open, option, language)),
    ])
  }
  open.dates.forEach((_, day) => {
    const column = sheet.getColumn(LEADING_COLUMNS + 1 + day)
    column.width = 14
    sheet.getRow(1).getCell(LEADING_COLUMNS + 1 + day).numFmt = 'yyyy-mm-dd'
  })
  for (const [at, width] of [18, 10, 12, 10].entries()) sheet.getColumn(at + 1).width = width
  sheet.pageSetup = {
    orientation: 'landscape',
    paperSize: 8 as ExcelJS.PaperSize,
    fitToPage: true,
    fitToHeight: 0,
  }
  headSheet(sheet, LEADING_COLUMNS)

  const shared = workbook.addWorksheet(t('workbook.fairness'))
  shared.addRow([
    ...leading,
    ...FAIRNESS_KINDS.map((kind) => t(`workbook.own-${kind}`)),
    ...FAIRNESS_KINDS.map((kind) => t(`workbook.total-${kind}`)),
  ])
  const chosen = new Set(rows.map((row) => ground.officers[row]!.id))
  const platoonOf = new Map(ground.officers.map(({ id, platoon }) => [id, platoon]))
  for (const { officerId, organisationId, own, total } of fairnessOf(open, grid).officers) {
    if (!chosen.has(officerId)) continue
    shared.addRow([
      ...[organisation(organisationId), platoonName(organisationId, platoonOf.get(officerId) ?? null)],
      ...[badges.get(officerId) ?? '', names.get(officerId) ?? ''],
      ...FAIRNESS_KINDS.map((kind) => own[kind]),
      ...FAIRNESS_KINDS.map((kind) => total[kind]),
    ])
  }
  headSheet(shared, LEADING_COLUMNS)

  const words = workbook.addWorksheet(t('workbook.words'))
  words.addRow([t('workbook.organisation'), t('workbook.word')])
  const organisationIds = new Set(rows.map((row) => ground.officers[row]!.organisationId))
  for (const option of listOptions(open))
    if (option.kind !== 'duty' || organisationIds.has(option.organisationId))
      words.addRow([
        option.kind === 'duty' ? organisation(option.organisationId) : '',
        optionText(open, option, language),
      ])
  words.getColumn(1).width = 18
  words.getColumn(2).width = 36
  headSheet(words, 0)
  return workbook
}
