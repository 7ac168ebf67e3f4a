import type { Instant } from '../../../foundation/core/instant.ts'
import {
  servingOrganisation,
  type ForceBoard,
  type Officer,
  type OfficerId,
  type OrganisationId,
  type Unit,
  type UnitId,
  type UnitStatus,
} from '../../force/core/index.ts'
import { officersNeeded, type Fraction } from './patrol-levels.ts'

/** Where an officer is, as far as street strength asks. The first two are on the street. */
export type Whereabouts =
  | { readonly kind: 'unit-out'; readonly unitId: UnitId; readonly status: UnitStatus }
  | { readonly kind: 'foot-post' }
  | { readonly kind: 'unit-in'; readonly unitId: UnitId; readonly status: UnitStatus }
  | { readonly kind: 'no-unit' }

/** One officer of the denominator. */
export interface CountedOfficer {
  readonly officerId: OfficerId
  /** Where the officer serves now: a lent one counts with the borrower. */
  readonly organisationId: OrganisationId
  readonly homeOrganisationId: OrganisationId
  readonly where: Whereabouts
  readonly onStreet: boolean
}

/** On the street by unit or post, yet not in the count: shown, so that nobody wonders where they went. */
export interface UncountedOfficer {
  readonly officerId: OfficerId
  readonly where: Whereabouts
  readonly because: 'off-duty' | 'not-patrol-capable'
}

export interface StrengthLine {
  readonly onStreet: number
  /** On duty and patrol-capable. */
  readonly available: number
  /** In 0..1; null where nobody is available. */
  readonly share: number | null
  readonly target: Fraction
  readonly needed: number
  /** Officers still lacking to the target; 0 once it is met. */
  readonly gap: number
}

export interface OrganisationStrength extends StrengthLine {
  readonly organisationId: OrganisationId
}

export interface StreetStrength {
  readonly at: Instant
  readonly total: StrengthLine
  /** Every organisation, those with nobody available too. The lines add up to the total. */
  readonly byOrganisation: readonly OrganisationStrength[]
  /** The denominator by name; those with `onStreet` are the numerator. */
  readonly officers: readonly CountedOfficer[]
  readonly uncounted: readonly UncountedOfficer[]
}

export function strengthLine(onStreet: number, available: number, target: Fraction): StrengthLine {
  const needed = officersNeeded(target, available)
  return {
    onStreet,
    available,
    share: available === 0 ? null : onStreet / available,
    target,
    needed,
    gap: Math.max(0, needed - onStreet),
  }
}

export const isOnStreet = (where: Whereabouts): boolean =>
  where.kind === 'unit-out' || where.kind === 'foot-post'

/** The unit each officer is in. */
export function unitsByOfficer(units: readonly Unit[]): ReadonlyMap<OfficerId, Unit> {
  return new Map(units.flatMap((unit) => unit.memberOfficerIds.map((officerId) => [officerId, unit])))
}

export function whereabouts(
  officer: Pick<Officer, 'post'>,
  unit: Pick<Unit, 'id' | 'status'> | null,
  countingStatuses: readonly UnitStatus[],
): Whereabouts {
  if (unit && countingStatuses.includes(unit.status))
    return { kind: 'unit-out', unitId: unit.id, status: unit.status }
  if (officer.post === 'street') return { kind: 'foot-post' }
  return unit ? { kind: 'unit-in', unitId: unit.id, status: unit.status } : { kind: 'no-unit' }
}

/**
 * Street strength (街面警力占比): officers on the street ÷ officers on duty and patrol-capable
 * (operations reference 1). On the street is who is in a unit whose status counts, or on a foot post.
 */
export function streetStrength(
  force: ForceBoard,
  rules: { readonly countingStatuses: readonly UnitStatus[]; readonly target: Fraction },
  at: Instant,
): StreetStrength {
  const unitOf = unitsByOfficer(force.units)
  const officers: CountedOfficer[] = []
  const uncounted: UncountedOfficer[] = []
  for (const officer of force.officers) {
    const unit = unitOf.get(officer.id) ?? null
    const where = whereabouts(officer, unit, rules.countingStatuses)
    if (officer.duty === 'on' && officer.patrolCapable)
      officers.push({
        officerId: officer.id,
        organisationId: servingOrganisation(officer, unit, force.loans, at),
        homeOrganisationId: officer.organisationId,
        where,
        onStreet: isOnStreet(where),
      })
    else if (isOnStreet(where))
      uncounted.push({
        officerId: officer.id,
        where,
        because: officer.duty === 'off' ? 'off-duty' : 'not-patrol-capable',
      })
  }
  const counts = new Map(force.organisations.map(({ id }) => [id, { onStreet: 0, available: 0 }]))
  for (const { organisationId, onStreet } of officers) {
    const count = counts.get(organisationId) ?? { onStreet: 0, available: 0 }
    count.available += 1
    if (onStreet) count.onStreet += 1
    counts.set(organisationId, count)
  }
  return {
    at,
    total: strengthLine(officers.filter((one) => one.onStreet).length, officers.length, rules.target),
    byOrganisation: [...counts].map(([organisationId, { onStreet, available }]) => ({
      organisationId,
      ...strengthLine(onStreet, available, rules.target),
    })),
    officers,
    uncounted,
  }
}
