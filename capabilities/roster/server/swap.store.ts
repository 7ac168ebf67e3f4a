import { sql, type Selectable } from 'kysely'
import { toTimestamp, type Db, type Tx } from '../../../foundation/server/db.ts'
import type { OfficerDay, Swap, SwapId } from '../core/index.ts'
import { signedOf } from './absence.store.ts'
import { lifeOn, type LifeTables } from './life.tables.ts'

/** A swap with where the two served when it was offered. */
export interface KeptSwap extends Swap {
  readonly fromOrganisationId: string
  readonly withOrganisationId: string
}

const swapOf = (row: Selectable<LifeTables['roster_swap']>): KeptSwap => ({
  id: row.id,
  rosterId: row.roster_id,
  from: { officerId: row.from_officer_id, date: row.from_date },
  with: { officerId: row.with_officer_id, date: row.with_date },
  fromOrganisationId: row.from_organisation_id,
  withOrganisationId: row.with_organisation_id,
  state: row.state,
  cells: row.cells,
  offered: { accountId: row.offered_by_id, name: row.offered_by, at: row.offered_at },
  answered: signedOf(row.answered_by_id, row.answered_by, row.answered_at),
  decided: signedOf(row.decided_by_id, row.decided_by, row.decided_at),
  reason: row.reason,
  version: row.version,
})

export async function insertSwap(tx: Tx, swap: KeptSwap, retainUntil: string): Promise<void> {
  await lifeOn(tx)
    .insertInto('roster_swap')
    .values({
      id: swap.id,
      roster_id: swap.rosterId,
      from_officer_id: swap.from.officerId,
      from_organisation_id: swap.fromOrganisationId,
      from_date: swap.from.date,
      with_officer_id: swap.with.officerId,
      with_organisation_id: swap.withOrganisationId,
      with_date: swap.with.date,
      state: swap.state,
      cells: JSON.stringify(swap.cells),
      offered_at: toTimestamp(swap.offered.at),
      offered_by_id: swap.offered.accountId,
      offered_by: swap.offered.name,
      retain_until: retainUntil,
      version: swap.version,
    })
    .execute()
}

/** Writes what became of a swap; the caller holds its roster's lock. */
export async function updateSwap(tx: Tx, swap: KeptSwap): Promise<void> {
  const { answered, decided } = swap
  await lifeOn(tx)
    .updateTable('roster_swap')
    .set({
      state: swap.state,
      answered_at: answered && toTimestamp(answered.at),
      answered_by_id: answered?.accountId ?? null,
      answered_by: answered?.name ?? null,
      decided_at: decided && toTimestamp(decided.at),
      decided_by_id: decided?.accountId ?? null,
      decided_by: decided?.name ?? null,
      reason: swap.reason,
      version: swap.version,
    })
    .where('id', '=', swap.id)
    .execute()
}

export async function findSwap(db: Db | Tx, id: string): Promise<KeptSwap | null> {
  const row = await lifeOn(db)
    .selectFrom('roster_swap')
    .selectAll()
    .where('id', '=', id as SwapId)
    .executeTakeFirst()
  return row ? swapOf(row) : null
}

/** The swap, by nobody else changed until the transaction ends; lock its roster first. */
export async function lockSwap(tx: Tx, id: string): Promise<KeptSwap | null> {
  const row = await lifeOn(tx)
    .selectFrom('roster_swap')
    .selectAll()
    .where('id', '=', id as SwapId)
    .forUpdate()
    .executeTakeFirst()
  return row ? swapOf(row) : null
}

export interface SwapFilter {
  readonly states?: readonly Swap['state'][]
  readonly rosterId?: string
  /** With an officer of these organisations (null: of all), or with this one. */
  readonly scope: ReadonlySet<string> | null
  readonly officerId: string | null
  readonly limit: number
}

/** The latest first. */
export async function listSwaps(db: Db | Tx, filter: SwapFilter): Promise<KeptSwap[]> {
  const { states, rosterId, scope, officerId, limit } = filter
  let query = lifeOn(db).selectFrom('roster_swap').selectAll().orderBy('id', 'desc').limit(limit)
  if (states?.length) query = query.where('state', 'in', [...states])
  if (rosterId !== undefined) query = query.where('roster_id', '=', rosterId)
  if (scope !== null) {
    const organisations = [...scope]
    query = query.where(
      sql<boolean>`(from_organisation_id = any(${organisations}::text[])
        or with_organisation_id = any(${organisations}::text[])
        or from_officer_id = ${officerId} or with_officer_id = ${officerId})`,
    )
  }
  return (await query.execute()).map(swapOf)
}

/** Every open swap, or those of a roster, in the order of their ids. */
export async function listOpenSwaps(db: Db | Tx, rosterId?: string): Promise<KeptSwap[]> {
  let query = lifeOn(db)
    .selectFrom('roster_swap')
    .selectAll()
    .where('state', 'in', ['offered', 'accepted'])
    .orderBy('id')
  if (rosterId !== undefined) query = query.where('roster_id', '=', rosterId)
  return (await query.execute()).map(swapOf)
}

/** The days of a roster that accepted swaps other than this one dispose of. */
export async function listTakenDays(
  db: Db | Tx,
  rosterId: string,
  except: string | null,
): Promise<OfficerDay[]> {
  const rows = await lifeOn(db)
    .selectFrom('roster_swap_day')
    .select(['officer_id', 'date', 'swap_id'])
    .where('roster_id', '=', rosterId)
    .execute()
  return rows
    .filter(({ swap_id }) => swap_id !== except)
    .map((row) => ({ officerId: row.officer_id, date: row.date }))
}

export async function takeDays(tx: Tx, swap: Swap, days: readonly OfficerDay[]): Promise<void> {
  await lifeOn(tx)
    .insertInto('roster_swap_day')
    .values(
      days.map(({ officerId, date }) => ({
        roster_id: swap.rosterId,
        officer_id: officerId,
        date,
        swap_id: swap.id,
      })),
    )
    .execute()
}

export async function freeDays(tx: Tx, swapId: SwapId): Promise<void> {
  await lifeOn(tx).deleteFrom('roster_swap_day').where('swap_id', '=', swapId).execute()
}
