import type pg from 'pg'
import { boundsOf } from '../../foundation/core/geo.ts'
import type { Instant } from '../../foundation/core/instant.ts'
import type { Database } from '../../foundation/server/db.ts'
import { addCalls, type HistoricCall } from '../../capabilities/incident/server/import/store.ts'
import { packMap } from '../../capabilities/place/server/map-package.ts'
import { DISTRICT_NAME_EN, DISTRICT_NAME_ZH, generateDistrict, type GeneratedDistrict } from './district.ts'
import { DISTRICT_TIME_ZONE } from './history/process.ts'
import { basemapFeaturesOf, closedRing, roadWaysOf } from './map.ts'
import { settleDistrict, type DistrictPlan } from './settle.ts'
import { isInside, toPosition } from './town/frame.ts'
import { districtRing } from './town/plan.ts'

export const DEMONSTRATION_SEED = 20_260
/** The name under which the generated history stands in `incident_history`. */
export const DEMONSTRATION_SOURCE = 'demonstration'

/** The generated district in the shape in which every district is stored. */
export function planOf(district: GeneratedDistrict): DistrictPlan {
  const { force, sites, keyPlaces } = district
  const stations = force.areas.filter(({ kind }) => kind === 'station')
  return {
    settings: {
      nameZh: DISTRICT_NAME_ZH,
      nameEn: DISTRICT_NAME_EN,
      timeZone: DISTRICT_TIME_ZONE,
      hourDrawn: false,
      generated: true,
    },
    organisations: force.organisations.map(({ at, ...organisation }) => ({
      ...organisation,
      position: toPosition(at),
    })),
    areas: force.areas.map(({ ring, ...area }) => ({ ...area, ring: closedRing(ring) })),
    officers: force.officers,
    units: force.units,
    sites: sites.map(({ at, ...site }) => ({
      ...site,
      ...toPosition(at),
      organisationKey: stations.find(({ ring }) => isInside(ring, at))?.organisationKey ?? null,
    })),
    keyPlaces: keyPlaces.map(({ at, activeHours, ...place }) => ({
      ...place,
      ...toPosition(at),
      // A day from 0 to 24 is «always», which is written as no hours at all.
      activeHours: activeHours.some(({ fromHour, untilHour }) => fromHour === 0 && untilHour === 24)
        ? []
        : activeHours.map(({ fromHour, untilHour }) => ({
            weekdays: [],
            fromMinute: fromHour * 60,
            untilMinute: (untilHour % 24) * 60,
          })),
    })),
  }
}

/** Fills an empty, migrated database with the demonstration district and its two years of history up to `now`. */
export async function loadDemonstration(
  database: Database,
  {
    seed = DEMONSTRATION_SEED,
    now,
    onStep = () => {},
  }: { seed?: number; now: Instant; onStep?: (step: 'generate' | 'map' | 'history' | 'store') => void },
): Promise<GeneratedDistrict> {
  onStep('generate')
  const district = generateDistrict({ seed, until: now })
  onStep('map')
  const bounds = boundsOf(districtRing().map(toPosition))!
  const map = packMap({
    name: DISTRICT_NAME_ZH,
    attribution: '生成的演示区 · generated',
    bounds,
    ways: roadWaysOf(district),
    features: [...basemapFeaturesOf(district)],
  })
  onStep('history')
  await storeHistory(database.pool, district)
  onStep('store')
  await settleDistrict(database.db, planOf(district), map, now)
  return district
}

const HISTORY_BATCH = 5_000

/** Adds what is not there yet, so that a load that broke may be done again. */
async function storeHistory(pool: pg.Pool, { history }: GeneratedDistrict): Promise<void> {
  const client = await pool.connect()
  try {
    for (let from = 0; from < history.length; from += HISTORY_BATCH) {
      const calls = history.slice(from, from + HISTORY_BATCH).map((incident): HistoricCall => ({
        externalId: incident.externalId,
        occurrence: 1,
        occurredAt: incident.at,
        hourDrawn: false,
        typeCode: incident.typeCode,
        category: null,
        description: incident.summary,
        address: incident.address,
        origin: incident.origin,
        circumstances: incident.circumstances as HistoricCall['circumstances'],
        peopleCount: incident.peopleCount,
        facts: incident.facts,
        lon: incident.lon,
        lat: incident.lat,
        raw: null,
      }))
      await addCalls(client, DEMONSTRATION_SOURCE, null, calls)
    }
  } finally {
    client.release()
  }
}
