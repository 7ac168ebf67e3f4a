import type { ProblemText } from '../i18n/problem-text.ts'

export interface PlacedRefusal {
  readonly fields: readonly { readonly name: string; readonly text: string }[]
  /** What stands above the fields; null where everything was told at one. */
  readonly above: string | null
}

/**
 * Puts each fault of a refusal at the field of the form that it concerns. A refusal that names no field of this form
 * stands above them all, with its text, so that none is passed over.
 */
export function placeRefusal(
  { text, fields }: ProblemText,
  inForm: readonly string[],
  fieldNames: Readonly<Record<string, string>>,
): PlacedRefusal {
  const placed = fields.map((each) => ({ name: fieldNames[each.field] ?? each.field, text: each.text }))
  const here = placed.filter(({ name }) => inForm.includes(name))
  return { fields: here, above: here.length > 0 && here.length === placed.length ? null : text }
}
