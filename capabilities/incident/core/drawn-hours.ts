import type { HourSource } from '../../place/core/index.ts'

export interface ProfileText {
  /** Of the texts of incident. */
  readonly key: 'hours.file' | 'hours.generated' | 'hours.unknown'
  readonly values: Readonly<Record<string, string | number>>
}

/** What the profile of drawn hours is called: whoever reads a drawn time must be able to ask how it was drawn. */
export function profileText(hours: HourSource | null): ProfileText {
  if (hours === null) return { key: 'hours.unknown', values: {} }
  const { seed } = hours
  return hours.from === 'file'
    ? { key: 'hours.file', values: { source: hours.source, file: hours.file, seed } }
    : { key: 'hours.generated', values: { seed } }
}
