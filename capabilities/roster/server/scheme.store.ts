import { sql } from 'kysely'
import type { Db, Tx } from '../../../foundation/server/db.ts'
import type { DutyScheme } from '../core/index.ts'
import { rostersOn } from './pattern.store.ts'

export interface KeptScheme extends DutyScheme {
  readonly fromDate: string
  readonly version: number
}

export interface PlatoonMember {
  readonly officerId: string
  readonly organisationId: string
  readonly platoon: number
  readonly fromDate: string
  /** The first day on which it holds no more; null: until further notice. */
  readonly untilDate: string | null
}

/** Every scheme of every organisation, the latest first. */
export async function listSchemes(db: Db | Tx): Promise<KeptScheme[]> {
  const rows = await rostersOn(db)
    .selectFrom('duty_scheme')
    .selectAll()
    .orderBy('organisation_id')
    .orderBy('from_date', 'desc')
    .execute()
  return rows.map((row) => ({
    organisationId: row.organisation_id,
    patternCode: row.pattern_code,
    anchorDate: row.anchor_date,
    fromDate: row.from_date,
    version: row.version,
  }))
}

/** The scheme that each organisation follows on a date; who follows none is left out. */
export async function schemesOn(db: Db | Tx, date: string): Promise<KeptScheme[]> {
  const inForce = new Map<string, KeptScheme>()
  for (const scheme of await listSchemes(db))
    if (scheme.fromDate <= date && !inForce.has(scheme.organisationId))
      inForce.set(scheme.organisationId, scheme)
  return [...inForce.values()]
}

/** Everybody's platoons, those of former days among them. */
export async function listPlatoonMembers(db: Db | Tx): Promise<PlatoonMember[]> {
  const rows = await rostersOn(db)
    .selectFrom('platoon_member')
    .selectAll()
    .orderBy('organisation_id')
    .orderBy('platoon')
    .orderBy('officer_id')
    .execute()
  return rows.map((row) => ({
    officerId: row.officer_id,
    organisationId: row.organisation_id,
    platoon: row.platoon,
    fromDate: row.from_date,
    untilDate: row.until_date,
  }))
}

/** Who is in which platoon on a date. */
export async function platoonsOn(db: Db | Tx, date: string): Promise<PlatoonMember[]> {
  return (await listPlatoonMembers(db)).filter(
    ({ fromDate, untilDate }) => fromDate <= date && (untilDate === null || untilDate > date),
  )
}

/** The version of an organisation's schemes, for If-Match; its rows stay locked until the transaction ends. */
export async function lockSchemes(tx: Tx, organisationId: string): Promise<number> {
  // A row that is not there yet cannot be locked: two who set a first scheme at once stand in line here.
  await sql`select pg_advisory_xact_lock(hashtext(${`duty_scheme ${organisationId}`}))`.execute(tx)
  const rows = await rostersOn(tx)
    .selectFrom('duty_scheme')
    .select('version')
    .where('organisation_id', '=', organisationId)
    .execute()
  return Math.max(0, ...rows.map(({ version }) => version))
}

/**
 * Sets what an organisation follows from a date on, and who is in which platoon: what it had planned for later days
 * is dropped, what held before ends on that date.
 */
export async function writeScheme(
  tx: Tx,
  { organisationId, patternCode, anchorDate, fromDate, version }: KeptScheme,
  platoons: readonly (readonly string[])[],
): Promise<void> {
  const on = rostersOn(tx)
  await on
    .deleteFrom('duty_scheme')
    .where('organisation_id', '=', organisationId)
    .where('from_date', '>=', fromDate)
    .execute()
  await on
    .insertInto('duty_scheme')
    .values({
      organisation_id: organisationId,
      pattern_code: patternCode,
      anchor_date: anchorDate,
      from_date: fromDate,
      version,
    })
    .execute()
  await on
    .deleteFrom('platoon_member')
    .where('organisation_id', '=', organisationId)
    .where('from_date', '>=', fromDate)
    .execute()
  await on
    .updateTable('platoon_member')
    .set({ until_date: fromDate })
    .where('organisation_id', '=', organisationId)
    .where((where) => where.or([where('until_date', 'is', null), where('until_date', '>', fromDate)]))
    .execute()
  const members = platoons.flatMap((officerIds, platoon) =>
    officerIds.map((officerId) => ({
      officer_id: officerId,
      organisation_id: organisationId,
      platoon,
      from_date: fromDate,
      until_date: null,
    })),
  )
  if (members.length > 0) await on.insertInto('platoon_member').values(members).execute()
}
