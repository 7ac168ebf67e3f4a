import { refuse, type Refusal } from '../../../foundation/core/outcome.ts'
import { sensitiveWords, type SensitiveTopic } from './sensitive-text.ts'

/** For the audit log: which field says something of which kind, and why it stays; null: nobody was asked. */
export interface SensitiveNote {
  readonly fields: readonly { readonly field: string; readonly topics: readonly string[] }[]
  readonly reason: string | null
}

/** What the texts say that should not be there, with the reason that was given for it; null where they say nothing. `allows`: what the field is there for. */
export function noteSensitive(
  texts: Readonly<Record<string, string>>,
  reason: string | null | undefined,
  allows: readonly SensitiveTopic[] = [],
): SensitiveNote | null {
  const fields = Object.entries(texts).flatMap(([field, text]) => {
    const topics = [...new Set(sensitiveWords(text).map(({ topic }) => topic))].filter(
      (topic) => !allows.includes(topic),
    )
    return topics.length === 0 ? [] : [{ field, topics }]
  })
  return fields.length === 0 ? null : { fields, reason: reason?.trim() || null }
}

/** Refuses `sensitive-reason-required` where something is said and nobody has confirmed it. */
export function unconfirmed(note: SensitiveNote | null): Refusal | null {
  return note === null || note.reason !== null
    ? null
    : refuse('sensitive-reason-required', {
        field: note.fields[0]!.field,
        detail: { topics: note.fields.flatMap(({ topics }) => topics) },
      })
}
