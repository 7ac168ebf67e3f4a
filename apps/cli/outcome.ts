import type { Refusal } from '../../foundation/core/outcome.ts'
import type { MappingFault } from '../../capabilities/incident/core/import/mapping.ts'
import type { Values, Words } from './words.ts'

/** Exit codes of `xunfang`. */
export const EXIT = {
  done: 0,
  /** A fault of ours or of the machine. */
  failed: 1,
  /** The command line itself is wrong. */
  usage: 2,
  /** The file, the mapping or the state of the database is refused; nothing was changed by the part refused. */
  refused: 3,
  /** Done, but rows were rejected and `--strict` asks for none. */
  rejected: 4,
} as const
export type ExitCode = (typeof EXIT)[keyof typeof EXIT]

/** A command line that cannot be understood: which word, and why. */
export class UsageFault extends Error {
  readonly key: string
  readonly values: Values
  constructor(key: string, values: Values = {}) {
    super(key)
    this.key = key
    this.values = values
  }
}

/** Tells a refusal in words, with every fault of a mapping at its path. */
export function tellRefusal(words: Words, refusal: Refusal & { faults?: readonly MappingFault[] }): ExitCode {
  const detail = refusal.detail ?? {}
  const key = `refusal.${refusal.refused}`
  const values: Record<string, string> = {}
  for (const [name, value] of Object.entries(detail))
    values[name] = typeof value === 'string' ? value : JSON.stringify(value)
  if (words.has(key)) words.note(key, values)
  else words.note('refusal.other', { code: refusal.refused, detail: JSON.stringify(detail) })
  const faults = refusal.faults ?? (detail['faults'] as readonly MappingFault[] | undefined) ?? []
  for (const { path, cause, value, allowed } of faults) {
    words.note(`mapping.${cause}`, { path, value: value ?? '', allowed: (allowed ?? []).join(', ') })
  }
  return EXIT.refused
}
