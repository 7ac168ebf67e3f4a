import type { RosterGround, RosterRuleId } from './roster.ts'

/** A rule of a ground that can be left out, and what is left of the ground then. */
export interface ConflictPart {
  readonly rule: RosterRuleId
  readonly organisationId: string | null
  readonly officerId: string | null
  readonly detail: Readonly<Record<string, string | number>>
  without(ground: RosterGround): RosterGround
}

/** The ground with these of its rules alone. */
export function withParts(ground: RosterGround, kept: readonly ConflictPart[]): RosterGround {
  const keeps = new Set(kept.map(keyOf))
  return listParts(ground)
    .filter((part) => !keeps.has(keyOf(part)))
    .reduce((left, part) => part.without(left), ground)
}

const keyOf = ({ rule, organisationId, officerId, detail }: ConflictPart): string =>
  JSON.stringify([rule, organisationId, officerId, detail])

const NEVER_MINUTES = 1e6

/** Every rule that a ground has, one part each: what nobody can leave out (one place at a time) is not among them. */
export function listParts(ground: RosterGround): readonly ConflictPart[] {
  return [...ruleParts(ground), ...absenceParts(ground), ...postParts(ground), ...patternParts(ground)]
}

/** A rule of the whole ground. */
const whole = (
  rule: RosterRuleId,
  detail: ConflictPart['detail'],
  changes: Partial<RosterGround['rules']>,
): ConflictPart => ({
  ...{ rule, organisationId: null, officerId: null, detail },
  without: (ground) => ({ ...ground, rules: { ...ground.rules, ...changes } }),
})

function ruleParts({ rules }: RosterGround): ConflictPart[] {
  return [
    ...(rules.offPatternDuty === 'never' ? [whole('R01', {}, { offPatternDuty: 'when-needed' })] : []),
    whole('R03', { minimumMinutes: rules.minimumRestMinutes }, { minimumRestMinutes: 0 }),
    ...(rules.forbidNightThenDay ? [whole('R04', {}, { forbidNightThenDay: false })] : []),
    whole('R05', { limitMinutes: rules.maxMinutesPer7Days }, { maxMinutesPer7Days: NEVER_MINUTES }),
    whole('R06', { limit: rules.maxConsecutiveDays }, { maxConsecutiveDays: 1_000 }),
    ...(rules.streetShares.length > 0 ? [whole('R12', {}, { streetShares: [] })] : []),
    {
      ...{ rule: 'R14', organisationId: null, officerId: null, detail: {} },
      without: (ground) => ({
        ...ground,
        officers: ground.officers.map((officer) => ({ ...officer, patrolCapable: true })),
      }),
    },
  ]
}

/** Each absence that touches the ground's days. */
function absenceParts(ground: RosterGround): ConflictPart[] {
  const organisationOf = new Map(ground.officers.map(({ id, organisationId }) => [id, organisationId]))
  return ground.absences
    .filter(({ officerId }) => organisationOf.has(officerId))
    .map((absence) => ({
      rule: 'R02',
      organisationId: organisationOf.get(absence.officerId)!,
      officerId: absence.officerId,
      detail: { absence: absence.kind, fromDate: absence.fromDate, untilDate: absence.untilDate },
      without: (left) => ({
        ...left,
        absences: left.absences.filter(
          (one) =>
            one.officerId !== absence.officerId ||
            one.fromDate !== absence.fromDate ||
            one.untilDate !== absence.untilDate ||
            one.kind !== absence.kind,
        ),
      }),
    }))
}

/** What each post asks: how many at the least and at the most, a leader, skills. */
function postParts(ground: RosterGround): ConflictPart[] {
  return ground.posts.flatMap((post): ConflictPart[] => {
    const part = (
      rule: RosterRuleId,
      detail: ConflictPart['detail'],
      changes: Partial<typeof post>,
    ): ConflictPart => ({
      ...{ rule, organisationId: post.organisationId, officerId: null },
      detail: { postId: post.id, ...detail },
      without: (left) => ({
        ...left,
        posts: left.posts.map((one) => (one.id === post.id ? { ...one, ...changes } : one)),
      }),
    })
    return [
      ...(post.minOfficers > 0 ? [part('R07', { minimum: post.minOfficers }, { minOfficers: 0 })] : []),
      ...(post.maxOfficers !== null
        ? [part('R08', { maximum: post.maxOfficers }, { maxOfficers: null })]
        : []),
      ...(post.needsLeader ? [part('R09', {}, { needsLeader: false })] : []),
      ...(post.skills.length > 0
        ? [part('R10', { skill: post.skills.map(({ skill }) => skill).join(', ') }, { skills: [] })]
        : []),
    ]
  })
}

/** What each pattern draws for patrol and wants at the least. */
function patternParts(ground: RosterGround): ConflictPart[] {
  return ground.patterns.flatMap((pattern): ConflictPart[] => {
    const part = (
      rule: RosterRuleId,
      detail: ConflictPart['detail'],
      changes: Partial<typeof pattern>,
    ): ConflictPart => ({
      ...{ rule, organisationId: null, officerId: null },
      detail: { patternCode: pattern.code, ...detail },
      without: (left) => ({
        ...left,
        patterns: left.patterns.map((one) => (one.code === pattern.code ? { ...one, ...changes } : one)),
      }),
    })
    const officers = pattern.draws.reduce((sum, draw) => sum + draw.officers, 0)
    return [
      ...(officers > 0 ? [part('R11', { officers }, { draws: [] })] : []),
      ...(pattern.minimums.length > 0 ? [part('R15', {}, { minimums: [] })] : []),
    ]
  })
}
