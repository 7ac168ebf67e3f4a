import type { DutyPattern, PatternFault } from '../../core/index.ts'

/** A pattern under the pen: whatever stands in it, the check says what is wrong. */
export type Drafted = {
  -readonly [Field in keyof DutyPattern]: DutyPattern[Field]
}

/** The sequence so many days long: shortened at its end, or with its last role going on. */
export function withLength(pattern: Drafted, days: number): Drafted {
  const { sequence } = pattern
  const last = sequence.at(-1) ?? pattern.roles[0]?.code ?? ''
  return {
    ...pattern,
    sequence: Array.from({ length: Math.max(1, days) }, (_, day) => sequence[day] ?? last),
  }
}

export function withRole(pattern: Drafted, day: number, role: string): Drafted {
  return { ...pattern, sequence: pattern.sequence.map((code, index) => (index === day ? role : code)) }
}

type Listed = 'platoons' | 'roles' | 'shifts' | 'draws' | 'minimums'

/** One entry of a list changed. A new code of a role or shift goes wherever the old one is named. */
export function withEntry<Field extends Listed>(
  pattern: Drafted,
  field: Field,
  index: number,
  part: Partial<DutyPattern[Field][number]>,
): Drafted {
  const before = pattern[field][index] as { code?: string } | undefined
  const list = pattern[field].map((each, at) => (at === index ? { ...each, ...part } : each))
  const next = { ...pattern, [field]: list } as Drafted
  const code = (part as { code?: string }).code
  if (code === undefined || before?.code === undefined || before.code === code) return next
  if (field === 'roles')
    return {
      ...next,
      sequence: next.sequence.map((role) => (role === before.code ? code : role)),
      draws: next.draws.map((draw) => (draw.fromRole === before.code ? { ...draw, fromRole: code } : draw)),
    }
  if (field === 'shifts')
    return {
      ...next,
      roles: next.roles.map((role) => ({
        ...role,
        shifts: role.shifts.map((shift) => (shift === before.code ? code : shift)),
      })),
      draws: next.draws.map((draw) => (draw.shift === before.code ? { ...draw, shift: code } : draw)),
      minimums: next.minimums.map((one) => (one.shift === before.code ? { ...one, shift: code } : one)),
    }
  return next
}

export function withoutEntry(pattern: Drafted, field: Listed, index: number): Drafted {
  return {
    ...pattern,
    [field]: (pattern[field] as readonly unknown[]).filter((_, at) => at !== index),
  } as Drafted
}

/** The first code of a kind that is free: `shift-3`. */
export function freeCode(kind: string, taken: readonly string[]): string {
  for (let number = taken.length + 1; ; number++) {
    const code = `${kind}-${number}`
    if (!taken.includes(code)) return code
  }
}

/** Faults at a place, and those deeper in it where `deep`. */
export function faultsAt(
  faults: readonly PatternFault[],
  path: string,
  deep = false,
): readonly PatternFault[] {
  return faults.filter(
    (fault) =>
      fault.path === path ||
      (deep && (fault.path.startsWith(`${path}.`) || fault.path.startsWith(`${path}[`))),
  )
}
