import type { Position } from '../../../foundation/core/geo.ts'
import type { Travel } from '../../../solvers/routing/travel.ts'
import type { OrganisationKind, UnitStatus } from '../../force/core/index.ts'
import type { ForceScope } from '../../incident/core/index.ts'
import type { AssignmentRole, AssignmentState } from './assignment.ts'

/** What a unit is bound to now. */
export interface Commitment {
  readonly assignmentId: string
  readonly incidentId: string
  readonly incidentNumber: string
  readonly role: AssignmentRole
  readonly state: AssignmentState
}

/** A unit as recommendation sees it: force, latest position, road travel to the incident, commitment. */
export interface CandidateUnit {
  readonly unitId: string
  readonly callSign: string
  /** The organisation it serves now, loans counted. */
  readonly organisationId: string
  readonly organisationKind: OrganisationKind
  readonly status: UnitStatus
  readonly skills: readonly string[]
  readonly position: Position | null
  readonly positionAgeSeconds: number | null
  /** To the incident. Null without a position. */
  readonly travel: Travel | null
  readonly commitment: Commitment | null
}

/** Where and for whom. */
export interface DispatchSituation {
  readonly incidentId: string
  /** The station of the place; null outside every station's area: then every station counts as it. */
  readonly stationId: string | null
  /** Forces that the commander has named for this incident. */
  readonly namedOrganisationIds: readonly string[]
}

const OFF_THE_BOARD: readonly UnitStatus[] = ['off-duty', 'out-of-service']

export function isOnDuty(unit: CandidateUnit): boolean {
  return !OFF_THE_BOARD.includes(unit.status)
}

export function isFree(unit: CandidateUnit): boolean {
  return isOnDuty(unit) && unit.commitment === null
}

export function hasSkills(unit: CandidateUnit, skills: readonly string[]): boolean {
  return skills.every((skill) => unit.skills.includes(skill))
}

/** Whether a unit belongs to the force that a demand of the response plan means. */
export function isInScope(
  unit: CandidateUnit,
  demand: { readonly from: ForceScope; readonly organisationIds?: readonly string[] },
  situation: DispatchSituation,
): boolean {
  switch (demand.from) {
    case 'everyone':
      return true
    case 'special-patrol':
    case 'sub-bureau':
      return unit.organisationKind === demand.from
    case 'station-of-place':
      return situation.stationId === null
        ? unit.organisationKind === 'station'
        : unit.organisationId === situation.stationId
    case 'other-stations':
      return (
        unit.organisationKind === 'station' &&
        situation.stationId !== null &&
        unit.organisationId !== situation.stationId
      )
    case 'named': {
      const named = [...(demand.organisationIds ?? []), ...situation.namedOrganisationIds]
      return named.length === 0 || named.includes(unit.organisationId)
    }
  }
}
