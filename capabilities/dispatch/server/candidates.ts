import type { Instant } from '../../../foundation/core/instant.ts'
import type { Db, Tx } from '../../../foundation/server/db.ts'
import { readSetting } from '../../../foundation/server/settings.ts'
import { getLevelPlan, type Incident, type Level } from '../../incident/core/index.ts'
import {
  DEFAULT_RECOMMENDATION_POLICY,
  recommend,
  type CandidateUnit,
  type DispatchSituation,
  type Recommendation,
  type RecommendationPolicy,
} from '../core/index.ts'
import type { DispatchNeeds } from './needs.ts'
import { readCommitments } from './store.ts'

/** Every unit as a candidate for one incident: two queries, one reverse search on the roads. */
export async function loadCandidates(
  db: Db | Tx,
  incident: Pick<Incident, 'position'>,
  needs: DispatchNeeds,
  now: Instant,
): Promise<readonly CandidateUnit[]> {
  const [units, commitments] = [await needs.listUnits(db, now), await readCommitments(db)]
  const latest = units.map(({ unitId }) => needs.positionOf(unitId))
  const travels = needs.travelToOne(
    incident.position,
    latest.flatMap((placed) => placed?.position ?? []),
  )
  let travelled = 0
  return units.map((unit, n) => {
    const placed = latest[n] ?? null
    return {
      unitId: unit.unitId,
      callSign: unit.callSign,
      organisationId: unit.organisationId,
      organisationKind: unit.organisationKind,
      status: unit.status,
      skills: unit.skills,
      position: placed?.position ?? null,
      positionAgeSeconds: placed ? Math.max(0, (now - placed.fixedAt) / 1000) : null,
      travel: placed ? travels[travelled++]! : null,
      commitment: commitments.get(unit.unitId) ?? null,
    }
  })
}

/** The level that counts for the plan: what a person has set, else what is proposed, else the lowest. */
export function levelFor(incident: Incident): Level {
  return incident.level ?? incident.proposal?.level ?? 'general'
}

export function situationOf(
  incident: Incident,
  namedOrganisationIds: readonly string[] = [],
): DispatchSituation {
  return { incidentId: incident.id, stationId: incident.organisationId, namedOrganisationIds }
}

export async function readRecommendationPolicy(db: Db | Tx): Promise<RecommendationPolicy> {
  return (await readSetting(db, 'recommendation-policy', DEFAULT_RECOMMENDATION_POLICY)).value
}

/** Whom to send to an incident now, and why. `level` asks «what if it were that level». */
export async function adviseFor(
  db: Db | Tx,
  incident: Incident,
  needs: DispatchNeeds,
  now: Instant,
  options: { readonly namedOrganisationIds?: readonly string[]; readonly level?: Level } = {},
): Promise<Recommendation> {
  const plan = getLevelPlan(await needs.responsePlan(db), options.level ?? levelFor(incident))
  const units = await loadCandidates(db, incident, needs, now)
  return recommend(
    units,
    plan,
    situationOf(incident, options.namedOrganisationIds),
    await readRecommendationPolicy(db),
  )
}
