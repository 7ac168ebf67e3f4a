import type { Problem } from '../api/problem.ts'

/** A name as the form library writes it: `['levels', 0, 'target']`. */
export type FieldPath = readonly (string | number)[]

/** `levels/0/target`, `levels.0.target` or `levels[0].target` as parts. */
export function fieldPath(field: string): FieldPath {
  return field
    .split(/[/.[\]]+/)
    .filter((part) => part !== '')
    .map((part) => (/^\d+$/.test(part) ? Number(part) : part))
}

export interface PlacedFaults {
  readonly placed: readonly { readonly path: FieldPath; readonly text: string }[]
  /** What belongs to no field of the form: shown above it. */
  readonly rest: readonly string[]
}

/**
 * Puts the faults of a refused form at their fields. A fault deeper than a field (the third officer of a crew)
 * belongs to the field; one of a field that the form does not show is told above it, never lost.
 */
export function placeFaults(
  texts: { readonly text: string; readonly fields: readonly { field: string; text: string }[] },
  shows: (path: FieldPath) => boolean,
): PlacedFaults {
  if (texts.fields.length === 0) return { placed: [], rest: [texts.text] }
  const placed: { path: FieldPath; text: string }[] = []
  const rest: string[] = []
  for (const { field, text } of texts.fields) {
    const path = fieldPath(field)
    const length = path.findLastIndex((_, index) => shows(path.slice(0, index + 1))) + 1
    if (length > 0) placed.push({ path: path.slice(0, length), text })
    else rest.push(text === texts.text ? text : `${field}：${text}`)
  }
  return { placed, rest: [...new Set(rest)] }
}

/** Which field a database constraint is about, by its name: `unit_call_sign_key` is of `callSign`. */
export function fieldOfConstraint(constraint: string, fields: readonly string[]): string | undefined {
  const columnOf = (field: string) => field.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`)
  return fields
    .filter((field) => `_${constraint}_`.includes(`_${columnOf(field)}_`))
    .toSorted((a, b) => b.length - a.length)[0]
}

/** Whether a problem says that the record is another one by now than the one that was read. */
export const isOutdated = ({ status, code }: Problem): boolean =>
  status === 412 || code === 'version-conflict' || code === 'unit-status-moved-on'

/** Whether two records say the same in a form: `undefined`, `null` and an absent field are one. */
export function isSameForm(one: unknown, other: unknown): boolean {
  return written(one) === written(other)
}

function written(value: unknown): string {
  return JSON.stringify(value, (_, each: unknown) =>
    each === null || typeof each !== 'object' || Array.isArray(each)
      ? each
      : Object.fromEntries(
          Object.entries(each as Record<string, unknown>)
            .filter(([, inner]) => inner !== null && inner !== undefined)
            .toSorted(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0)),
        ),
  )
}
