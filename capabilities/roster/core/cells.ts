import { refuse, type Refusal } from '../../../foundation/core/outcome.ts'
import type { CellChange } from './check.ts'
import type { OpenGround } from './options.ts'
import { findOption, type DutyOption } from './roster.ts'

/** A cell as somebody asks for it: an option by its key. */
export interface CellAsked {
  readonly officerId: string
  readonly date: string
  readonly option: string
}

/** A change of a cell with where its officer serves, which says whose row it is. */
export type LocatedCell = CellChange & { readonly organisationId: string }

/**
 * Reads changes of cells. Refuses the first that is none: `officer-not-rostered`, `date-outside-roster`,
 * `cell-twice`, `option-unknown`. What rules say of them is the check's business.
 */
export function readCells(open: OpenGround, asked: readonly CellAsked[]): readonly LocatedCell[] | Refusal {
  const dates = new Set(open.dates)
  const seen = new Set<string>()
  const cells: LocatedCell[] = []
  for (const [place, { officerId, date, option: key }] of asked.entries()) {
    const about = (field: string) => ({ field: `changes[${place}].${field}`, detail: { officerId, date } })
    const officer = open.ground.officers[open.officerIndex.get(officerId) ?? -1]
    if (!officer) return refuse('officer-not-rostered', about('officerId'))
    if (!dates.has(date)) return refuse('date-outside-roster', about('date'))
    if (seen.has(`${officerId} ${date}`)) return refuse('cell-twice', about('date'))
    seen.add(`${officerId} ${date}`)
    const option = findOption(key)
    if (!option || !isKnown(open, option)) return refuse('option-unknown', about('option'))
    cells.push({ officerId, date, option, organisationId: officer.organisationId })
  }
  return cells
}

/** Does the ground have this shift, and the post or draw in it? */
export function isKnown(open: OpenGround, option: DutyOption): boolean {
  if (option.kind !== 'duty') return true
  const { organisationId, shift, postId, draw } = option
  if (open.findShift(option) === null) return false
  if (postId !== null) return open.posts.get(postId)?.organisationId === organisationId
  const { pattern } = open.schemeOf(organisationId)!
  return pattern.draws.some((one) => one.code === draw && one.shift === shift)
}
