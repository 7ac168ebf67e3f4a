import { boundsOf } from '../../foundation/core/geo.ts'
import type { Instant } from '../../foundation/core/instant.ts'
import type { Database } from '../../foundation/server/db.ts'
import { packMap } from '../../capabilities/place/server/map-package.ts'
import { DEMONSTRATION_SEED, planOf } from '../../apps/demo/demonstration.ts'
import { generateDistrict } from '../../apps/demo/district.ts'
import { basemapFeaturesOf, roadWaysOf } from '../../apps/demo/map.ts'
import type { GeneratedOfficer, GeneratedUnit } from '../../apps/demo/muster.ts'
import { settleDistrict } from '../../apps/demo/settle.ts'
import { toPosition } from '../../apps/demo/town/frame.ts'
import { districtRing } from '../../apps/demo/town/plan.ts'
import type { CallToPlay } from '../../apps/simulator/shapes.ts'

const DAY = 86_400_000
const CREW = 2

/** The demonstration district with far more units: equal shares for its stations and the special patrol, all on patrol. */
export async function settleThousandUnits(database: Database, count: number, now: Instant): Promise<void> {
  const district = generateDistrict({ seed: DEMONSTRATION_SEED, until: now })
  const plan = planOf(district)
  const keys = plan.organisations.filter(({ kind }) => kind !== 'sub-bureau').map(({ key }) => key)
  const officers: GeneratedOfficer[] = []
  const units = Array.from({ length: count }, (_, n): GeneratedUnit => {
    const organisationKey = keys[n % keys.length]!
    const crewBadges = Array.from({ length: CREW }, (_, i) => `B${n}-${i}`)
    for (const badgeNumber of crewBadges)
      officers.push({
        badgeNumber,
        organisationKey,
        name: badgeNumber,
        phone: '',
        sworn: true,
        patrolCapable: true,
        skills: [],
        duty: 'on',
      })
    return {
      callSign: `U${n}`,
      organisationKey,
      kind: 'car',
      leaderBadge: crewBadges[0]!,
      crewBadges,
      vehicle: null,
      skills: [],
      equipment: [],
      status: 'patrolling',
    }
  })
  const bounds = boundsOf(districtRing().map(toPosition))!
  const map = packMap({
    name: 'replay',
    attribution: 'generated',
    bounds,
    ways: roadWaysOf(district),
    features: [...basemapFeaturesOf(district)],
  })
  await settleDistrict(database.db, { ...plan, officers, units }, map, now)
}

/** Calls of the last month laid over one day, each at its own time of day. */
export function callsOfOneDay(day: Instant, count: number): CallToPlay[] {
  const { history } = generateDistrict({ seed: DEMONSTRATION_SEED, until: day })
  return history
    .slice(-count)
    .map((incident): CallToPlay => ({
      source: 'replay',
      externalId: incident.externalId,
      occurrence: 1,
      occurredAt: day + (((incident.at % DAY) + DAY) % DAY),
      hourDrawn: false,
      typeCode: incident.typeCode,
      description: incident.summary,
      address: incident.address,
      origin: incident.origin,
      circumstances: incident.circumstances,
      peopleCount: incident.peopleCount,
      lon: incident.lon,
      lat: incident.lat,
    }))
    .sort((a, b) => a.occurredAt - b.occurredAt)
}
