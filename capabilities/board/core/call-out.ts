import type { Instant } from '../../../foundation/core/instant.ts'
import {
  isBoundToIncident,
  servingOrganisation,
  type ForceBoard,
  type OfficerId,
  type OrganisationId,
  type Post,
  type UnitId,
  type UnitStatus,
} from '../../force/core/index.ts'
import type { RosteredAt, RosteredNow } from '../../roster/core/index.ts'
import { coveredOrganisations, officersNeeded, type Away, type PatrolLevel } from './patrol-levels.ts'
import {
  streetStrength,
  strengthLine,
  unitsByOfficer,
  type CountedOfficer,
  type StrengthLine,
} from './street-strength.ts'

/** Whom an order calls, and in what state they were: stand-down returns them to it. */
export type OrderSubject =
  | {
      readonly kind: 'unit'
      readonly unitId: UnitId
      readonly officerIds: readonly OfficerId[]
      readonly before: UnitStatus
    }
  | { readonly kind: 'officer'; readonly officerId: OfficerId; readonly before: Post }

export const CALL_OUT_REASONS = [
  'unit-not-out',
  'officer-without-unit',
  'unit-out-of-service',
  'rostered-patrol',
  'rostered-reserve',
  'rostered-desk',
  'rostered-other',
  'rostered-away',
  'level-calls-everyone',
  'organisation-furthest-behind',
] as const
/** Why this one is called; ids of the rules, with what their text needs. */
export interface CallOutReason {
  readonly code: (typeof CALL_OUT_REASONS)[number]
  readonly detail: Readonly<Record<string, unknown>>
}

export interface CallOutLine {
  readonly subject: OrderSubject
  readonly organisationId: OrganisationId
  readonly officerIds: readonly OfficerId[]
  readonly reasons: readonly CallOutReason[]
}

/**
 * What an officer is to an open order: on the way; refused; silent through every chase; or had come and is in again.
 */
export type Standing = 'coming' | 'declined' | 'no-answer' | 'came-in-again'

/** Covered and available, not on the street, and not called. */
export interface NotCalled {
  readonly officerId: OfficerId
  readonly organisationId: OrganisationId
  readonly because: 'bound-to-incident' | 'target-met-without' | Standing
}

/** Whom the published roster has off, on leave or in training: neither counted nor called, on duty or at home. */
export interface RosteredAway {
  readonly officerId: OfficerId
  readonly organisationId: OrganisationId
  readonly because: Away
  readonly isOnDuty: boolean
}

/** «Rostered, not yet on duty»: the roster has them at work now, and nobody has called them on duty. */
export interface NotYetOnDuty {
  readonly officerId: OfficerId
  readonly organisationId: OrganisationId
  readonly post: Extract<RosteredAt, { kind: 'duty' }>['post']
}

export interface CallOut {
  /** The strength of those the level covers, against the level's target. */
  readonly strength: StrengthLine
  readonly lines: readonly CallOutLine[]
  readonly notCalled: readonly NotCalled[]
  readonly rosteredAway: readonly RosteredAway[]
  readonly notYetOnDuty: readonly NotYetOnDuty[]
}

/** No roster is published: everybody on duty is taken as they are. */
export const NO_ROSTER: RosteredNow = new Map()

/** In which order units are called within an organisation: who is nearest to being ready comes first. */
const READINESS: readonly UnitStatus[] = ['briefing', 'inspecting', 'break', 'off-duty']

/**
 * The officers whom a level covers, of those who are on duty and patrol-capable. Whom the published roster has away is
 * not covered while in, unless the level says so; on the street already, they count.
 */
export function coveredOfficers(
  force: ForceBoard,
  level: Pick<PatrolLevel, 'covers' | 'target'>,
  countingStatuses: readonly UnitStatus[],
  at: Instant,
  rostered: RosteredNow = NO_ROSTER,
): readonly CountedOfficer[] {
  const organisations = coveredOrganisations(level.covers, force.organisations)
  const sworn = new Map(force.officers.map((officer) => [officer.id, officer.sworn]))
  return streetStrength(force, { countingStatuses, target: level.target }, at).officers.filter(
    ({ officerId, organisationId, onStreet }) =>
      organisations.has(organisationId) &&
      (level.covers.auxiliaries || sworn.get(officerId)) &&
      (onStreet || isCalledBy(level, rostered.get(officerId))),
  )
}

/** Whether a level calls somebody whom the roster has like this; undefined: it says nothing of them. */
const isCalledBy = ({ covers }: Pick<PatrolLevel, 'covers'>, at: RosteredAt | undefined): boolean =>
  at === undefined || at.kind === 'duty' || (covers.rosteredAway ?? []).includes(at.kind)

/** What the roster says of those whom the level would cover and does not: away by it, or at work by it and not on duty. */
function besideTheCovered(
  force: ForceBoard,
  level: Pick<PatrolLevel, 'covers'>,
  covered: readonly CountedOfficer[],
  at: Instant,
  rostered: RosteredNow,
): Pick<CallOut, 'rosteredAway' | 'notYetOnDuty'> {
  const rosteredAway: RosteredAway[] = []
  const notYetOnDuty: NotYetOnDuty[] = []
  if (rostered.size === 0) return { rosteredAway, notYetOnDuty }
  const isCovered = new Set(covered.map(({ officerId }) => officerId))
  const organisations = coveredOrganisations(level.covers, force.organisations)
  const unitOf = unitsByOfficer(force.units)
  for (const officer of force.officers) {
    const now = rostered.get(officer.id)
    if (!now || !officer.patrolCapable || isCovered.has(officer.id)) continue
    if (!level.covers.auxiliaries && !officer.sworn) continue
    const organisationId = servingOrganisation(officer, unitOf.get(officer.id) ?? null, force.loans, at)
    if (!organisations.has(organisationId)) continue
    const isOnDuty = officer.duty === 'on'
    if (now.kind !== 'duty')
      rosteredAway.push({ officerId: officer.id, organisationId, because: now.kind, isOnDuty })
    else if (!isOnDuty) notYetOnDuty.push({ officerId: officer.id, organisationId, post: now.post })
  }
  return { rosteredAway, notYetOnDuty }
}

/**
 * Whom to call to reach a level's target, each with reasons, and whom not, with the cause.
 *
 * Units that are in are called whole; officers without a unit, or of a unit out of service, are called singly to a
 * foot post. Where the target asks for fewer than are left, the organisation with the lowest share gives next, and
 * within it whom the published roster has on the street now, then the unit nearest to being ready; reserve and desks
 * come last, and all of them at a level that calls everyone. Who has a standing by an open order is not called a second time; of these
 * only the coming ones count towards the target.
 */
export function planCallOut(
  force: ForceBoard,
  level: Pick<PatrolLevel, 'covers' | 'target'>,
  countingStatuses: readonly UnitStatus[],
  at: Instant,
  standings: ReadonlyMap<OfficerId, Standing> = new Map(),
  rostered: RosteredNow = NO_ROSTER,
): CallOut {
  const covered = coveredOfficers(force, level, countingStatuses, at, rostered)
  const onStreet = covered.filter((officer) => officer.onStreet).length
  const needed = officersNeeded(level.target, covered.length)
  const inside = covered.filter((officer) => !officer.onStreet)
  const notCalled: NotCalled[] = []
  const free: CountedOfficer[] = []
  for (const officer of inside) {
    const { officerId, organisationId, where } = officer
    const standing = standings.get(officerId)
    if (standing) notCalled.push({ officerId, organisationId, because: standing })
    else if (where.kind === 'unit-in' && isBoundToIncident(where.status))
      notCalled.push({ officerId, organisationId, because: 'bound-to-incident' })
    else free.push(officer)
  }
  const coming = notCalled.filter(({ because }) => because === 'coming').length
  const toCall = needed - onStreet - coming
  const everyone = toCall >= free.length
  const waiting = candidates(free, force, rostered)
  const lines: CallOutLine[] = []
  const tally = new Map<OrganisationId, { out: number; available: number }>()
  for (const { organisationId, onStreet: out, officerId } of covered) {
    const count = tally.get(organisationId) ?? { out: 0, available: 0 }
    count.available += 1
    if (out || standings.get(officerId) === 'coming') count.out += 1
    tally.set(organisationId, count)
  }
  let called = 0
  while (called < toCall && waiting.length > 0) {
    const index = everyone ? 0 : furthestBehind(waiting, tally)
    const [next] = waiting.splice(index, 1)
    const count = tally.get(next!.organisationId)!
    lines.push({
      ...next!,
      reasons: [
        ...next!.reasons,
        everyone
          ? { code: 'level-calls-everyone', detail: {} }
          : {
              code: 'organisation-furthest-behind',
              detail: { onStreetOrCalled: count.out, available: count.available },
            },
      ],
    })
    count.out += next!.officerIds.length
    called += next!.officerIds.length
  }
  for (const { officerIds, organisationId } of waiting)
    for (const officerId of officerIds)
      notCalled.push({ officerId, organisationId, because: 'target-met-without' })
  return {
    strength: strengthLine(onStreet, covered.length, level.target),
    lines,
    notCalled,
    ...besideTheCovered(force, level, covered, at, rostered),
  }
}

/** Who is called first by the roster: on the street by it, then whom it does not place, reserve, desks, and who is away. */
function rosterRank(at: RosteredAt | undefined): number {
  if (at === undefined) return 1
  if (at.kind !== 'duty') return 4
  if (at.isStreet || at.post === 'patrol') return 0
  return at.post === 'reserve' ? 2 : at.post === 'desk' ? 3 : 1
}

const REASON_OF_POST = {
  patrol: 'rostered-patrol',
  reserve: 'rostered-reserve',
  desk: 'rostered-desk',
  other: 'rostered-other',
} as const

/** In which posts the roster has those of a line, with how many of them. */
function rosterReasons(officerIds: readonly OfficerId[], rostered: RosteredNow): readonly CallOutReason[] {
  const counts = new Map<CallOutReason['code'], number>()
  for (const officerId of officerIds) {
    const at = rostered.get(officerId)
    if (!at) continue
    const code = at.kind === 'duty' ? REASON_OF_POST[at.post] : 'rostered-away'
    counts.set(code, (counts.get(code) ?? 0) + 1)
  }
  return [...counts].map(([code, officers]) => ({ code, detail: { officers } }))
}

/** One candidate a unit that is in, and one an officer without such a unit; units by readiness, then officers. */
function candidates(
  free: readonly CountedOfficer[],
  force: ForceBoard,
  rostered: RosteredNow,
): CallOutLine[] {
  const unitById = new Map(force.units.map((unit) => [unit.id, unit]))
  const officerById = new Map(force.officers.map((officer) => [officer.id, officer]))
  const crews = new Map<UnitId, CountedOfficer[]>()
  const single: CallOutLine[] = []
  for (const officer of free) {
    const { where, officerId, organisationId } = officer
    if (where.kind === 'unit-in' && where.status !== 'out-of-service') {
      crews.set(where.unitId, [...(crews.get(where.unitId) ?? []), officer])
      continue
    }
    single.push({
      subject: { kind: 'officer', officerId, before: officerById.get(officerId)!.post },
      organisationId,
      officerIds: [officerId],
      reasons: [
        where.kind === 'unit-in'
          ? { code: 'unit-out-of-service', detail: { unitId: where.unitId } }
          : { code: 'officer-without-unit', detail: {} },
      ],
    })
  }
  const units = [...crews].map(([unitId, crew]) => {
    const unit = unitById.get(unitId)!
    const officerIds = crew.map((officer) => officer.officerId)
    const line: CallOutLine = {
      subject: { kind: 'unit', unitId, officerIds, before: unit.status },
      organisationId: crew[0]!.organisationId,
      officerIds,
      reasons: [{ code: 'unit-not-out', detail: { status: unit.status, since: unit.statusSince } }],
    }
    return { line, unit }
  })
  units.sort(
    (a, b) =>
      READINESS.indexOf(a.unit.status) - READINESS.indexOf(b.unit.status) ||
      a.unit.callSign.localeCompare(b.unit.callSign),
  )
  const rankOf = ({ officerIds }: CallOutLine) =>
    Math.min(...officerIds.map((id) => rosterRank(rostered.get(id))))
  // Stable: without a roster all ranks are one, and readiness alone orders them.
  return [...units.map(({ line }) => line), ...single]
    .sort((a, b) => rankOf(a) - rankOf(b))
    .map((line) => ({ ...line, reasons: [...line.reasons, ...rosterReasons(line.officerIds, rostered)] }))
}

function furthestBehind(
  waiting: readonly CallOutLine[],
  tally: ReadonlyMap<OrganisationId, { out: number; available: number }>,
): number {
  let best = 0
  let lowest = Infinity
  waiting.forEach(({ organisationId }, index) => {
    const { out, available } = tally.get(organisationId)!
    const share = out / available
    if (share < lowest) {
      lowest = share
      best = index
    }
  })
  return best
}
