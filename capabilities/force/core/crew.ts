import type { Instant } from '../../../foundation/core/instant.ts'
import { refuse, type Refusal } from '../../../foundation/core/outcome.ts'
import { servingOrganisation, servingOrganisationOfUnit } from './loans.ts'
import type { Loan, Officer, OfficerId, Unit, UnitId } from './types.ts'

export interface CrewCommand {
  readonly unit: Pick<Unit, 'id' | 'organisationId'>
  readonly memberOfficerIds: readonly OfficerId[]
  readonly leaderOfficerId: OfficerId | null
}

export interface CrewSituation {
  readonly officers: ReadonlyMap<OfficerId, Pick<Officer, 'id' | 'organisationId' | 'sworn'>>
  /** The unit each officer is in now. */
  readonly unitOf: ReadonlyMap<OfficerId, UnitId>
  readonly loans: readonly Loan[]
}

/**
 * Null where the crew may be as asked. Refuses `crew-member-twice`, `officer-unknown`, `officer-in-other-unit`,
 * `officer-of-other-organisation` (a loan comes first), `leader-not-in-crew` and `leader-not-sworn`
 * (operations reference: a sworn officer leads each patrol team, with auxiliaries).
 */
export function decideCrew(command: CrewCommand, situation: CrewSituation, now: Instant): Refusal | null {
  const { unit, memberOfficerIds, leaderOfficerId } = command
  const { officers, unitOf, loans } = situation
  const about = (officerId: OfficerId, detail: Record<string, unknown> = {}) => ({
    field: 'memberOfficerIds',
    detail: { officerId, ...detail },
  })
  const seen = new Set<OfficerId>()
  for (const officerId of memberOfficerIds) {
    if (seen.has(officerId)) return refuse('crew-member-twice', about(officerId))
    seen.add(officerId)
    const officer = officers.get(officerId)
    if (!officer) return refuse('officer-unknown', about(officerId))
    const otherUnit = unitOf.get(officerId)
    if (otherUnit !== undefined && otherUnit !== unit.id)
      return refuse('officer-in-other-unit', about(officerId, { unitId: otherUnit }))
    const servesWith = servingOrganisation(officer, null, loans, now)
    const belongs =
      servesWith === servingOrganisationOfUnit(unit, loans, now) || servesWith === unit.organisationId
    if (!belongs)
      return refuse('officer-of-other-organisation', about(officerId, { organisationId: servesWith }))
  }
  if (leaderOfficerId === null) return null
  if (!seen.has(leaderOfficerId))
    return refuse('leader-not-in-crew', { field: 'leaderOfficerId', detail: { officerId: leaderOfficerId } })
  if (officers.get(leaderOfficerId)?.sworn !== true)
    return refuse('leader-not-sworn', { field: 'leaderOfficerId', detail: { officerId: leaderOfficerId } })
  return null
}
