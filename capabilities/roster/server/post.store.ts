import type { Selectable } from 'kysely'
import type { Instant } from '../../../foundation/core/instant.ts'
import { toTimestamp, type Db, type Tx } from '../../../foundation/server/db.ts'
import type { Post, PostId } from '../core/index.ts'
import { rostersOn } from './pattern.store.ts'
import type { RosterTables } from './tables.ts'

export type KeptPost = Post & { readonly version: number }

const postOf = (row: Selectable<RosterTables['roster_post']>): KeptPost => ({
  id: row.id,
  organisationId: row.organisation_id,
  code: row.code,
  nameZh: row.name_zh,
  nameEn: row.name_en,
  kind: row.kind,
  isStreet: row.is_street,
  unitId: row.unit_id,
  shifts: row.shifts,
  minOfficers: row.min_officers,
  maxOfficers: row.max_officers,
  needsLeader: row.needs_leader,
  skills: row.skills,
  version: row.version,
})

const columnsOf = (post: Post) => ({
  organisation_id: post.organisationId,
  code: post.code,
  name_zh: post.nameZh,
  name_en: post.nameEn,
  kind: post.kind,
  is_street: post.isStreet,
  unit_id: post.unitId,
  shifts: [...post.shifts],
  min_officers: post.minOfficers,
  max_officers: post.maxOfficers,
  needs_leader: post.needsLeader,
  skills: JSON.stringify(post.skills),
})

/** The posts there are now, by organisation and code. */
export async function listPosts(db: Db | Tx): Promise<KeptPost[]> {
  const rows = await rostersOn(db)
    .selectFrom('roster_post')
    .selectAll()
    .where('removed_at', 'is', null)
    .orderBy('organisation_id')
    .orderBy('code')
    .execute()
  return rows.map(postOf)
}

export async function lockPost(tx: Tx, id: string): Promise<KeptPost | null> {
  const row = await rostersOn(tx)
    .selectFrom('roster_post')
    .selectAll()
    .where('id', '=', id as PostId)
    .where('removed_at', 'is', null)
    .forUpdate()
    .executeTakeFirst()
  return row ? postOf(row) : null
}

export async function insertPost(tx: Tx, post: Post): Promise<void> {
  await rostersOn(tx)
    .insertInto('roster_post')
    .values({ id: post.id, ...columnsOf(post), version: 1 })
    .execute()
}

export async function updatePost(tx: Tx, post: KeptPost): Promise<void> {
  await rostersOn(tx)
    .updateTable('roster_post')
    .set({ ...columnsOf(post), version: post.version })
    .where('id', '=', post.id)
    .execute()
}

/** Rosters that have it keep it; new ones do not know it. */
export async function removePost(tx: Tx, id: string, at: Instant): Promise<void> {
  await rostersOn(tx)
    .updateTable('roster_post')
    .set({ removed_at: toTimestamp(at) })
    .where('id', '=', id as PostId)
    .execute()
}
