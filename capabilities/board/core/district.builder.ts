import type {
  ForceBoard,
  Officer,
  OfficerId,
  Organisation,
  OrganisationId,
  Unit,
  UnitId,
  UnitStatus,
} from '../../force/core/index.ts'

/** One officer of a district drawn for a specification. Left out: sworn, capable, on duty, no post. */
export interface OfficerSketch {
  readonly sworn?: boolean
  readonly capable?: boolean
  readonly duty?: 'on' | 'off'
  readonly post?: 'none' | 'street'
}

export interface UnitSketch {
  /** Index of the organisation. */
  readonly of: number
  readonly status: UnitStatus
  readonly crew: readonly OfficerSketch[]
}

export interface DistrictSketch {
  /** How many stations stand below the sub-bureau `org-0`. */
  readonly stations: number
  readonly units: readonly UnitSketch[]
  readonly singles: readonly (OfficerSketch & { readonly of: number })[]
}

/**
 * Draws a district for a specification: organisations `org-0` (the sub-bureau) to `org-n`, units `unit-0`…, whose
 * crews are `unit-0.0`, `unit-0.1`…, and officers without unit `single-0`…
 */
export function drawDistrict(sketch: DistrictSketch): ForceBoard {
  const organisations: Organisation[] = Array.from({ length: sketch.stations + 1 }, (_, index) => ({
    id: `org-${index}` as OrganisationId,
    parentId: index === 0 ? null : ('org-0' as OrganisationId),
    code: `C${index}`,
    kind: index === 0 ? 'sub-bureau' : 'station',
    nameZh: `单位${index}`,
    nameEn: `Organisation ${index}`,
    position: null,
    dutyCommanderOfficerId: null,
    version: 1,
  }))
  const organisationOf = (index: number) => organisations[index % organisations.length]!.id
  const officers: Officer[] = []
  const enlist = (id: string, organisationId: OrganisationId, drawn: OfficerSketch) => {
    const duty = drawn.duty ?? 'on'
    officers.push({
      id: id as OfficerId,
      organisationId,
      badgeNumber: id,
      sworn: drawn.sworn ?? true,
      patrolCapable: drawn.capable ?? true,
      skills: [],
      duty,
      dutySince: 0,
      post: duty === 'on' ? (drawn.post ?? 'none') : 'none',
      postSince: 0,
      version: 1,
    })
    return id as OfficerId
  }
  const units: Unit[] = sketch.units.map(({ of, status, crew }, index) => ({
    id: `unit-${index}` as UnitId,
    organisationId: organisationOf(of),
    callSign: `U${index}`,
    kind: 'car',
    leaderOfficerId: null,
    vehicleId: null,
    memberOfficerIds: crew.map((drawn, place) => enlist(`unit-${index}.${place}`, organisationOf(of), drawn)),
    skills: [],
    equipment: [],
    status,
    statusSince: 0,
    version: 1,
  }))
  sketch.singles.forEach((drawn, index) => enlist(`single-${index}`, organisationOf(drawn.of), drawn))
  return { organisations, officers, vehicles: [], units, loans: [] }
}

/** The same district with one unit in another status. */
export function withStatus(force: ForceBoard, unitId: UnitId, status: UnitStatus): ForceBoard {
  return {
    ...force,
    units: force.units.map((unit) => (unit.id === unitId ? { ...unit, status } : unit)),
  }
}

/** The same district with one officer changed. */
export function withOfficer(force: ForceBoard, officerId: OfficerId, changed: Partial<Officer>): ForceBoard {
  return {
    ...force,
    officers: force.officers.map((one) => (one.id === officerId ? { ...one, ...changed } : one)),
  }
}
