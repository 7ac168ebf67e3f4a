/**
 * A refusal: a rule said no. It is a value, never thrown.
 * `refused` is a stable code in kebab-case; screens find its text under the key `refusal.<code>`.
 */
export interface Refusal {
  readonly refused: string
  /** The field of the command that is at fault, where one is. */
  readonly field?: string
  /** What the text needs: names, numbers, ids. */
  readonly detail?: Readonly<Record<string, unknown>>
}

export function refuse(
  code: string,
  about: { field?: string; detail?: Record<string, unknown> } = {},
): Refusal {
  return { refused: code, ...about }
}

export function isRefusal<T>(outcome: T | Refusal): outcome is Refusal {
  return typeof outcome === 'object' && outcome !== null && 'refused' in outcome
}
