import { findDayNumber } from '../../../foundation/core/day.ts'
import { readCells, type LocatedCell } from './cells.ts'
import { listOptions, type OpenGround } from './options.ts'
import { optionKey, type DutyOption } from './roster.ts'

/** A table as a file has it: the line of its headings, and rows numbered as the file numbers them. */
export interface RosterTable {
  readonly headings: readonly string[]
  readonly headingLine: number
  readonly rows: readonly { readonly line: number; readonly cells: readonly string[] }[]
}

/** Why a row was not taken: which line, under which heading, and the cause as a stable code. */
export interface ImportRejection {
  readonly line: number
  readonly column: string | null
  readonly value: string | null
  readonly code: (typeof IMPORT_CAUSES)[number]
}

export const IMPORT_CAUSES = [
  'no-badge',
  'badge-unknown',
  'officer-twice',
  'officer-not-rostered',
  'out-of-scope',
  'option-unknown',
  'date-outside-roster',
] as const

/** Each row of the file is in it once: its cells taken, or the row rejected with every cause. */
export interface RosterImport {
  readonly cells: readonly LocatedCell[]
  readonly accepted: number
  readonly rejected: readonly ImportRejection[]
}

const BADGE_HEADINGS = new Set(['警号', '警员编号', 'badge', 'badgenumber', 'badgeno'])
const WORDS: Readonly<Record<string, readonly string[]>> = {
  off: ['休', '休班', '休息', 'off', 'rest', '·'],
  leave: ['假', '休假', 'leave'],
  training: ['训', '培训', 'training'],
}

/** Words are compared without case, blanks and the kind of the dash or dot between them. */
const squeeze = (text: string): string => text.toLowerCase().replace(/[\s·・.\-–—_/|]+/g, '')

/** Which column holds badge numbers; null: none does. */
export function badgeColumn({ headings }: RosterTable): number | null {
  const at = headings.findIndex((heading) => BADGE_HEADINGS.has(squeeze(heading)))
  return at < 0 ? null : at
}

/** How an option is written in a file, and read again: shift and post, the draw's name, or one word. */
export function optionText(open: OpenGround, option: DutyOption, language: 'zh-CN' | 'en'): string {
  const isZh = language === 'zh-CN'
  if (option.kind !== 'duty') return WORDS[option.kind]![isZh ? 1 : option.kind === 'off' ? 3 : 2]!
  const named = (
    of: { readonly nameZh: string; readonly nameEn: string } | null | undefined,
    code: string,
  ) => (of ? (isZh ? of.nameZh : of.nameEn) : code)
  const pattern = open.schemeOf(option.organisationId)?.pattern
  if (option.draw !== null)
    return named(
      pattern?.draws.find(({ code }) => code === option.draw),
      option.draw,
    )
  const post = open.posts.get(option.postId ?? '')
  const shift = named(open.findShift(option), option.shift)
  const place = named(post, option.postId ?? '')
  const isTwice = open
    .postsOf(option.organisationId)
    .some((one) => one.id !== post?.id && (isZh ? one.nameZh === post?.nameZh : one.nameEn === post?.nameEn))
  return `${shift} · ${place}${isTwice ? ` ${post!.code}` : ''}`
}

/** By organisation, what may be written for which option: in both languages, by codes, by key. */
function readerOf(open: OpenGround): (organisationId: string, text: string) => string | null {
  const known = new Map<string, string>()
  for (const option of listOptions(open)) {
    const key = optionKey(option)
    const organisationId = option.kind === 'duty' ? option.organisationId : ''
    const texts =
      option.kind === 'duty'
        ? [
            optionText(open, option, 'zh-CN'),
            optionText(open, option, 'en'),
            `${option.shift}/${option.draw ?? open.posts.get(option.postId ?? '')?.code ?? ''}`,
            key,
          ]
        : WORDS[option.kind]!
    for (const text of texts) known.set(`${organisationId} ${squeeze(text)}`, key)
  }
  return (organisationId, text) => {
    const word = text.trim() === '·' ? 'off' : squeeze(text)
    return known.get(` ${word}`) ?? known.get(`${organisationId} ${word}`) ?? null
  }
}

/**
 * Reads a table of officers by days: one column of badge numbers, one a date; what else there is is left alone, and so
 * is an empty cell. A row with a fault is rejected whole.
 */
export function planRosterImport(
  open: OpenGround,
  table: RosterTable,
  officerOf: ReadonlyMap<string, string>,
  mayEdit: (organisationId: string) => boolean,
): RosterImport {
  const rejected: ImportRejection[] = []
  const badgeAt = badgeColumn(table)!
  const dates = new Set(open.dates)
  const columns = table.headings.flatMap((heading, at) => {
    const date = dateOf(heading)
    if (date === null) return []
    if (dates.has(date)) return [{ at, date }]
    rejected.push({
      ...{ line: table.headingLine, column: heading, value: heading, code: 'date-outside-roster' },
    })
    return []
  })
  const read = readerOf(open)
  const seen = new Set<string>()
  const cells: LocatedCell[] = []
  let accepted = 0
  for (const { line, cells: texts } of table.rows) {
    const faults: ImportRejection[] = []
    const badge = texts[badgeAt]?.trim() ?? ''
    const reject = (code: ImportRejection['code'], column: string, value: string) =>
      faults.push({ line, column, value, code })
    const badgeHeading = table.headings[badgeAt]!
    const officerId = officerOf.get(badge)
    const officer = open.ground.officers[open.officerIndex.get(officerId ?? '') ?? -1]
    const asked: { officerId: string; date: string; option: string }[] = []
    if (badge === '') reject('no-badge', badgeHeading, badge)
    else if (officerId === undefined) reject('badge-unknown', badgeHeading, badge)
    else if (!officer) reject('officer-not-rostered', badgeHeading, badge)
    else if (seen.has(officerId)) reject('officer-twice', badgeHeading, badge)
    else if (!mayEdit(officer.organisationId)) reject('out-of-scope', badgeHeading, badge)
    else
      for (const { at, date } of columns) {
        const text = texts[at]?.trim() ?? ''
        if (text === '') continue
        const option = read(officer.organisationId, text)
        if (option === null) reject('option-unknown', table.headings[at]!, text)
        else asked.push({ officerId, date, option })
      }
    if (officerId !== undefined) seen.add(officerId)
    const located = faults.length === 0 ? readCells(open, asked) : []
    if ('refused' in located) {
      reject('option-unknown', located.field ?? badgeHeading, badge)
    } else if (faults.length === 0) {
      accepted++
      cells.push(...located)
    }
    rejected.push(...faults)
  }
  return { cells, accepted, rejected }
}

/** A heading that is a date: 2026-12-01, 2026/12/1, 2026年12月1日. Null where it is none. */
function dateOf(heading: string): string | null {
  const match = /^(\d{4})[-/.年](\d{1,2})[-/.月](\d{1,2})日?$/.exec(heading.trim())
  if (!match) return null
  const [, year, month, day] = match
  const date = `${year}-${month!.padStart(2, '0')}-${day!.padStart(2, '0')}`
  return findDayNumber(date) === null ? null : date
}
