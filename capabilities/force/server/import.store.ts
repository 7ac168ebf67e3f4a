import { sql } from 'kysely'
import type { Instant } from '../../../foundation/core/instant.ts'
import { toTimestamp, type Tx } from '../../../foundation/server/db.ts'
import { newId } from '../../../foundation/server/ids.ts'
import type { OfficerId, OfficerUpsert, OrganisationId, VehicleId, VehicleKind } from '../core/index.ts'
import { forceOn } from './tables.ts'

const BATCH = 500

/**
 * Writes officers by badge number, five hundred a statement. A telephone or list of skills that the file leaves
 * empty stays as it is. Gives how many rows were new and how many were changed.
 */
export async function upsertOfficers(
  tx: Tx,
  upserts: readonly OfficerUpsert[],
  now: Instant,
): Promise<{ added: number; changed: number }> {
  const since = toTimestamp(now)
  let added = 0
  let changed = 0
  for (let from = 0; from < upserts.length; from += BATCH) {
    const written = await forceOn(tx)
      .insertInto('officer')
      .values(
        upserts.slice(from, from + BATCH).map((upsert) => ({
          id: newId<OfficerId>(),
          organisation_id: upsert.organisationId,
          badge_number: upsert.badgeNumber,
          name: upsert.name,
          phone: upsert.phone,
          sworn: upsert.sworn,
          patrol_capable: upsert.patrolCapable,
          skills: [...upsert.skills],
          duty_since: since,
          post_since: since,
        })),
      )
      .onConflict((conflict) =>
        conflict
          .column('badge_number')
          .where('removed_at', 'is', null)
          .doUpdateSet({
            organisation_id: sql`excluded.organisation_id`,
            name: sql`excluded.name`,
            phone: sql`coalesce(excluded.phone, officer.phone)`,
            sworn: sql`excluded.sworn`,
            patrol_capable: sql`excluded.patrol_capable`,
            skills: sql`case when excluded.skills = '{}' then officer.skills else excluded.skills end`,
            version: sql`officer.version + 1`,
          })
          .where(
            sql<boolean>`(officer.organisation_id, officer.name, officer.phone, officer.sworn, officer.patrol_capable, officer.skills)
              is distinct from
              (excluded.organisation_id, excluded.name, coalesce(excluded.phone, officer.phone), excluded.sworn,
               excluded.patrol_capable, case when excluded.skills = '{}' then officer.skills else excluded.skills end)`,
          ),
      )
      .returning('version')
      .execute()
    const fresh = written.filter((row) => row.version === 1).length
    added += fresh
    changed += written.length - fresh
  }
  return { added, changed }
}

/** The vehicle with that plate, made where there is none; it goes over to the organisation of its unit. */
export async function upsertVehicle(
  tx: Tx,
  entry: { plate: string; kind: VehicleKind; organisationId: OrganisationId },
): Promise<VehicleId> {
  const row = await forceOn(tx)
    .insertInto('vehicle')
    .values({
      id: newId<VehicleId>(),
      plate: entry.plate,
      kind: entry.kind,
      organisation_id: entry.organisationId,
    })
    .onConflict((conflict) =>
      conflict
        .column('plate')
        .where('removed_at', 'is', null)
        .doUpdateSet({ organisation_id: sql`excluded.organisation_id` }),
    )
    .returning('id')
    .executeTakeFirstOrThrow()
  return row.id
}
