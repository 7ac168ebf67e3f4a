/** One data row of a file as the reader found it: cells by column heading, numbered as the file numbers it. */
export interface ImportRow {
  readonly row: number
  readonly cells: Readonly<Record<string, string>>
}

/** A row that was not taken: which one, which field, and the cause as a stable code. */
export interface ImportRejection {
  readonly row: number
  readonly field: string
  readonly cause: ImportCause
  readonly value: string
}

export const IMPORT_CAUSES = [
  'missing',
  'not-yes-or-no',
  'not-in-list',
  'organisation-unknown',
  'officer-unknown',
  'duplicate-in-file',
  'leader-not-sworn',
  'officer-in-other-unit',
  'officer-of-other-organisation',
  'vehicle-in-other-unit',
  'too-long',
] as const
export type ImportCause = (typeof IMPORT_CAUSES)[number]

export interface ImportPlan<Upsert> {
  readonly upserts: readonly (Upsert & { readonly row: number })[]
  readonly rejections: readonly ImportRejection[]
}

/** Headings are compared without case, blanks, hyphens and underscores. */
const squeeze = (heading: string) => heading.toLowerCase().replace(/[\s_-]+/g, '')

/**
 * Gives a reader of cells by our field name, whatever heading of `headings` the file uses for it.
 * A missing column and an empty cell read alike: as the empty text.
 */
export function cellReader<Field extends string>(
  row: ImportRow,
  headings: Readonly<Record<Field, readonly string[]>>,
): (field: Field) => string {
  const bySqueezed = new Map(Object.entries(row.cells).map(([heading, text]) => [squeeze(heading), text]))
  return (field) => {
    for (const heading of [field, ...headings[field]]) {
      const text = bySqueezed.get(squeeze(heading))?.trim()
      if (text) return text
    }
    return ''
  }
}

const YES = new Set(['1', 'yes', 'y', 'true', 't', '是', '有', '能', '对', '民警'])
const NO = new Set(['0', 'no', 'n', 'false', 'f', '否', '无', '不能', '不', '辅警'])

/** Yes or no in either language; null where it is neither. */
export function yesOrNo(text: string): boolean | null {
  const word = text.toLowerCase()
  if (YES.has(word)) return true
  return NO.has(word) ? false : null
}

/** A list in one cell: parted by comma, semicolon, slash, bar, or their Chinese forms. Each once, in order. */
export function listOf(text: string): readonly string[] {
  return [
    ...new Set(
      text
        .split(/[,，;；、/|]/)
        .map((part) => part.trim())
        .filter((part) => part !== ''),
    ),
  ]
}

export const LONGEST_CELL = 200
