import type { LevelPlan } from '../../incident/core/index.ts'
import { isOnDuty, type CandidateUnit, type DispatchSituation } from './candidate.ts'
import { shortfallOf, slotsOf, type Shortfall, type Slot } from './demand.ts'
import { orderStandBy, type StandByAdvice } from './stand-by.ts'

/** Setting `recommendation-policy`. Penalties are seconds added to the travel time in the ranking only. */
export interface RecommendationPolicy {
  /** An older position is flagged and ranked lower. */
  readonly staleAfterSeconds: number
  /** A still older one says nothing any more. */
  readonly expiredAfterSeconds: number
  readonly stalePenaltySeconds: number
  readonly interruptPenaltySeconds: number
  /** A unit already on stand-by for this incident is waiting for just this. */
  readonly standByBonusSeconds: number
}

export const DEFAULT_RECOMMENDATION_POLICY: RecommendationPolicy = {
  staleAfterSeconds: 120,
  expiredAfterSeconds: 1800,
  stalePenaltySeconds: 90,
  interruptPenaltySeconds: 60,
  standByBonusSeconds: 60,
}

/** Why a unit stands where it does in the list. Ids have their text in the language files. */
export type RecommendationReason =
  | { readonly id: 'meets-demand'; readonly row: number; readonly from: string }
  | { readonly id: 'travel'; readonly seconds: number; readonly metres: number }
  | { readonly id: 'straight-line'; readonly metres: number }
  | { readonly id: 'stale-position'; readonly ageSeconds: number }
  | { readonly id: 'has-skills'; readonly skills: readonly string[] }
  | { readonly id: 'stands-by-here' }
  | { readonly id: 'interrupts'; readonly status: string }
  | { readonly id: 'pre-empts'; readonly incidentNumber: string }

export type Disqualification =
  | { readonly id: 'not-on-duty'; readonly status: string }
  | { readonly id: 'handles-other-incident'; readonly incidentId: string; readonly incidentNumber: string }
  | { readonly id: 'position-unknown' }
  | { readonly id: 'position-expired'; readonly ageSeconds: number }

export interface RecommendedUnit {
  readonly unitId: string
  readonly callSign: string
  readonly organisationId: string
  readonly travelSeconds: number
  readonly distanceMetres: number
  readonly isStale: boolean
  readonly isStraightLine: boolean
  /** On stand-by for another incident: taking it needs a reason. */
  readonly preemptsIncidentId: string | null
  readonly reasons: readonly RecommendationReason[]
}

export interface Recommendation {
  readonly level: LevelPlan['level']
  /** Whom the plan sends, in the plan's order. */
  readonly handle: readonly RecommendedUnit[]
  /** Everyone else who could be sent, nearest first; units that would be pre-empted are only ever here. */
  readonly alternatives: readonly RecommendedUnit[]
  readonly alreadyHandling: readonly { readonly unitId: string; readonly callSign: string }[]
  readonly standBy: StandByAdvice
  readonly disqualified: readonly {
    readonly unitId: string
    readonly callSign: string
    readonly because: readonly Disqualification[]
  }[]
  readonly shortfall: readonly Shortfall[]
}

interface Ranked {
  readonly unit: CandidateUnit
  readonly costSeconds: number
}

/**
 * Ranks the units for an incident by road travel time and fills the demands of its plan.
 * Demands that fewer units can meet are filled first (skills, then narrow force before wide), each with the nearest
 * unit left; what stays empty is a shortfall with its counts. Units already handling count as sent.
 * Gives advice only: a person dispatches, and may take anyone from `alternatives`.
 */
export function recommend(
  units: readonly CandidateUnit[],
  plan: LevelPlan,
  situation: DispatchSituation,
  policy: RecommendationPolicy,
): Recommendation {
  const isHandlingHere = ({ commitment }: CandidateUnit) =>
    commitment?.incidentId === situation.incidentId && commitment.role === 'handle'
  const here = units.filter(isHandlingHere)
  const rest = units.filter((unit) => !isHandlingHere(unit))
  const disqualified = rest.flatMap((unit) => {
    const because = disqualificationsOf(unit, situation, policy)
    return because.length > 0 ? { unitId: unit.unitId, callSign: unit.callSign, because } : []
  })
  const isOut = new Set(disqualified.map(({ unitId }) => unitId))
  const ranked = rest
    .filter(({ unitId }) => !isOut.has(unitId))
    .map((unit): Ranked => ({ unit, costSeconds: costOf(unit, situation, policy) }))
    .toSorted((a, b) => a.costSeconds - b.costSeconds || (a.unit.unitId < b.unit.unitId ? -1 : 1))

  const slots = slotsOf(plan.handle, units, situation)
  const { chosen, shortfall } = fill(slots, ranked, here, situation)
  const taken = new Set([...chosen.keys()])
  const handle = slots.flatMap((slot) =>
    ranked
      .filter(({ unit }) => chosen.get(unit.unitId) === slot)
      .map(({ unit }) => describe(unit, slot, situation, policy)),
  )
  const standBy = orderStandBy(
    units.filter(({ unitId }) => !taken.has(unitId)),
    plan,
    situation,
  )
  return {
    level: plan.level,
    handle,
    alternatives: ranked
      .filter(({ unit }) => !taken.has(unit.unitId))
      .map(({ unit }) => describe(unit, null, situation, policy)),
    alreadyHandling: here.map(({ unitId, callSign }) => ({ unitId, callSign })),
    standBy,
    disqualified,
    shortfall: [...shortfall, ...standBy.shortfall],
  }
}

function disqualificationsOf(
  unit: CandidateUnit,
  situation: DispatchSituation,
  policy: RecommendationPolicy,
): Disqualification[] {
  const { commitment, positionAgeSeconds, travel } = unit
  const found: Disqualification[] = []
  if (!isOnDuty(unit)) found.push({ id: 'not-on-duty', status: unit.status })
  if (commitment?.role === 'handle' && commitment.incidentId !== situation.incidentId) {
    found.push({
      id: 'handles-other-incident',
      incidentId: commitment.incidentId,
      incidentNumber: commitment.incidentNumber,
    })
  }
  if (unit.position === null || positionAgeSeconds === null || travel === null)
    found.push({ id: 'position-unknown' })
  else if (positionAgeSeconds > policy.expiredAfterSeconds)
    found.push({ id: 'position-expired', ageSeconds: positionAgeSeconds })
  return found
}

const isStale = (unit: CandidateUnit, policy: RecommendationPolicy) =>
  (unit.positionAgeSeconds ?? 0) > policy.staleAfterSeconds
const isInterrupted = ({ status }: CandidateUnit) =>
  status === 'break' || status === 'inspecting' || status === 'briefing'
const standsByHere = ({ commitment }: CandidateUnit, situation: DispatchSituation) =>
  commitment?.role === 'stand-by' && commitment.incidentId === situation.incidentId
const preempts = ({ commitment }: CandidateUnit, situation: DispatchSituation) =>
  commitment?.role === 'stand-by' && commitment.incidentId !== situation.incidentId

function costOf(unit: CandidateUnit, situation: DispatchSituation, policy: RecommendationPolicy): number {
  return (
    unit.travel!.seconds +
    (isStale(unit, policy) ? policy.stalePenaltySeconds : 0) +
    (isInterrupted(unit) ? policy.interruptPenaltySeconds : 0) -
    (standsByHere(unit, situation) ? policy.standByBonusSeconds : 0)
  )
}

/** How many forces a scope admits; the narrower is filled first, so that the wider does not take its only units. */
const BREADTH = {
  'station-of-place': 0,
  'special-patrol': 0,
  'sub-bureau': 0,
  'other-stations': 1,
  named: 2,
  everyone: 3,
} as const

function fill(
  slots: readonly Slot[],
  ranked: readonly Ranked[],
  here: readonly CandidateUnit[],
  situation: DispatchSituation,
): { chosen: Map<string, Slot>; shortfall: Shortfall[] } {
  const scarcestFirst = slots.toSorted(
    (a, b) =>
      b.demand.skills.length - a.demand.skills.length ||
      BREADTH[a.demand.from] - BREADTH[b.demand.from] ||
      a.row - b.row,
  )
  const chosen = new Map<string, Slot>()
  const counted = new Set<string>()
  const shortfall: Shortfall[] = []
  for (const slot of scarcestFirst) {
    let found = 0
    for (const unit of here) {
      if (found === slot.wanted) break
      if (counted.has(unit.unitId) || !slot.fits(unit)) continue
      counted.add(unit.unitId)
      found += 1
    }
    for (const { unit } of ranked) {
      if (found === slot.wanted) break
      if (chosen.has(unit.unitId) || preempts(unit, situation) || !slot.fits(unit)) continue
      chosen.set(unit.unitId, slot)
      found += 1
    }
    const missing = shortfallOf(slot, 'handle', found)
    if (missing) shortfall.push(missing)
  }
  return { chosen, shortfall: shortfall.toSorted((a, b) => a.row - b.row) }
}

function describe(
  unit: CandidateUnit,
  slot: Slot | null,
  situation: DispatchSituation,
  policy: RecommendationPolicy,
): RecommendedUnit {
  const travel = unit.travel!
  const isStraightLine = travel.basis === 'straight-line'
  const preempted = preempts(unit, situation) ? unit.commitment : null
  const reasons: RecommendationReason[] = []
  if (slot) reasons.push({ id: 'meets-demand', row: slot.row, from: slot.demand.from })
  reasons.push({ id: 'travel', seconds: Math.round(travel.seconds), metres: Math.round(travel.metres) })
  if (isStraightLine) reasons.push({ id: 'straight-line', metres: Math.round(travel.metres) })
  if (slot && slot.demand.skills.length > 0) reasons.push({ id: 'has-skills', skills: slot.demand.skills })
  if (standsByHere(unit, situation)) reasons.push({ id: 'stands-by-here' })
  if (isStale(unit, policy))
    reasons.push({ id: 'stale-position', ageSeconds: Math.round(unit.positionAgeSeconds!) })
  if (isInterrupted(unit)) reasons.push({ id: 'interrupts', status: unit.status })
  if (preempted) reasons.push({ id: 'pre-empts', incidentNumber: preempted.incidentNumber })
  return {
    unitId: unit.unitId,
    callSign: unit.callSign,
    organisationId: unit.organisationId,
    travelSeconds: Math.round(travel.seconds),
    distanceMetres: Math.round(travel.metres),
    isStale: isStale(unit, policy),
    isStraightLine,
    preemptsIncidentId: preempted?.incidentId ?? null,
    reasons,
  }
}
