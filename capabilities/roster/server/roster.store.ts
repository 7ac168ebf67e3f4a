import { sql, type Selectable } from 'kysely'
import { daysBetween } from '../../../foundation/core/day.ts'
import { wallClock, type Instant } from '../../../foundation/core/instant.ts'
import { toTimestamp, type Db, type Tx } from '../../../foundation/server/db.ts'
import type { ActorContext } from '../../../foundation/server/http/context.ts'
import {
  rosterNumber,
  type DutyPattern,
  type DutyScheme,
  type Post,
  type RosterCourse,
  type RosterId,
  type RosterRules,
  type RosterState,
  type RosterWeights,
} from '../core/index.ts'
import { rostersOn } from './pattern.store.ts'
import type { RosterTables } from './tables.ts'

/** A roster without its cells. */
export interface KeptRoster extends RosterCourse {
  readonly basedOn: RosterId | null
  readonly title: string
  /** What it was judged by when it was published; null for a draft, which is judged by what holds now. */
  readonly judged: JudgedBy | null
  readonly objective: number | null
  readonly bound: number | null
  readonly solveSeconds: number | null
  readonly madeBy: string
  readonly madeAt: Instant
  readonly publishedBy: string | null
  readonly publishedAt: Instant | null
  readonly endedAt: Instant | null
  readonly version: number
}

export interface JudgedBy {
  readonly rules: RosterRules
  readonly weights: RosterWeights
  readonly schemes: readonly DutyScheme[]
  readonly patterns: readonly DutyPattern[]
  readonly posts: readonly Post[]
}

const rosterOf = (row: Selectable<RosterTables['roster']>): KeptRoster => ({
  id: row.id,
  number: row.number,
  fromDate: row.from_date,
  days: row.days,
  state: row.state,
  basedOn: row.based_on,
  title: row.title,
  judged:
    row.rules === null
      ? null
      : {
          rules: row.rules,
          weights: row.weights!,
          schemes: row.schemes!,
          patterns: row.patterns!,
          posts: row.posts!,
        },
  objective: row.objective,
  bound: row.bound,
  solveSeconds: row.solve_seconds,
  madeBy: row.made_by,
  madeAt: row.made_at,
  publishedBy: row.published_by,
  publishedAt: row.published_at,
  endedAt: row.ended_at,
  version: row.version,
})

/** Takes the next number of the local year; its row stays locked until the transaction ends. */
export async function takeRosterNumber(tx: Tx, at: Instant, timeZone: string): Promise<string> {
  const { year } = wallClock(at, timeZone)
  const { rows } = await sql<{ last_count: number }>`
    insert into roster_year as y (year, last_count) values (${year}, 1)
    on conflict (year) do update set last_count = y.last_count + 1
    returning last_count`.execute(tx)
  return rosterNumber(year, rows[0]!.last_count)
}

export interface NewRoster {
  readonly id: RosterId
  readonly number: string
  readonly fromDate: string
  readonly days: number
  readonly title: string
  readonly basedOn: RosterId | null
}

export async function insertRoster(tx: Tx, roster: NewRoster, actor: ActorContext): Promise<void> {
  await rostersOn(tx)
    .insertInto('roster')
    .values({
      id: roster.id,
      number: roster.number,
      from_date: roster.fromDate,
      days: roster.days,
      state: 'draft',
      based_on: roster.basedOn,
      title: roster.title,
      made_by: actor.name,
      made_at: toTimestamp(actor.now),
      version: 1,
    })
    .execute()
}

export async function listRosters(db: Db | Tx, states: readonly RosterState[] | null): Promise<KeptRoster[]> {
  let query = rostersOn(db)
    .selectFrom('roster')
    .selectAll()
    .orderBy('from_date', 'desc')
    .orderBy('number', 'desc')
  if (states) query = query.where('state', 'in', [...states])
  return (await query.execute()).map(rosterOf)
}

export async function findRoster(db: Db | Tx, id: string): Promise<KeptRoster | null> {
  const row = await rostersOn(db)
    .selectFrom('roster')
    .selectAll()
    .where('id', '=', id as RosterId)
    .executeTakeFirst()
  return row ? rosterOf(row) : null
}

/** The roster, by nobody else changed until the transaction ends. */
export async function lockRoster(tx: Tx, id: string): Promise<KeptRoster | null> {
  const row = await rostersOn(tx)
    .selectFrom('roster')
    .selectAll()
    .where('id', '=', id as RosterId)
    .forUpdate()
    .executeTakeFirst()
  return row ? rosterOf(row) : null
}

/** The published roster that holds on a date. */
export async function findPublishedOn(db: Db | Tx, date: string): Promise<KeptRoster | null> {
  const row = await rostersOn(db)
    .selectFrom('roster')
    .selectAll()
    .where('state', '=', 'published')
    .where('from_date', '<=', date)
    .where(sql<boolean>`${sql.ref('from_date')} + ${sql.ref('days')} > ${date}::date`)
    .executeTakeFirst()
  return row ? rosterOf(row) : null
}

/** Published rosters with a day in `[fromDate, untilDate)`, locked in the order of their ids. */
export async function lockPublishedIn(tx: Tx, fromDate: string, untilDate: string): Promise<KeptRoster[]> {
  const rows = await rostersOn(tx)
    .selectFrom('roster')
    .selectAll()
    .where('state', '=', 'published')
    .where('from_date', '<', untilDate)
    .where(sql<boolean>`${sql.ref('from_date')} + ${sql.ref('days')} > ${fromDate}::date`)
    .orderBy('id')
    .forUpdate()
    .execute()
  return rows.map(rosterOf)
}

/** Moves a roster on to its next version; the caller holds its lock. Gives the version. */
export async function advanceRoster(
  tx: Tx,
  roster: KeptRoster,
  changes: Partial<Pick<KeptRoster, 'title' | 'objective' | 'bound' | 'solveSeconds'>> = {},
): Promise<number> {
  const version = roster.version + 1
  await rostersOn(tx)
    .updateTable('roster')
    .set({
      version,
      ...(changes.title === undefined ? {} : { title: changes.title }),
      ...(changes.objective === undefined ? {} : { objective: changes.objective }),
      ...(changes.bound === undefined ? {} : { bound: changes.bound }),
      ...(changes.solveSeconds === undefined ? {} : { solve_seconds: changes.solveSeconds }),
    })
    .where('id', '=', roster.id)
    .execute()
  return version
}

/** From now on this roster holds, judged by what holds now. */
export async function markPublished(
  tx: Tx,
  roster: KeptRoster,
  { rules, weights, schemes, patterns, posts }: JudgedBy,
  actor: ActorContext,
): Promise<number> {
  const version = roster.version + 1
  await rostersOn(tx)
    .updateTable('roster')
    .set({
      state: 'published',
      version,
      rules: JSON.stringify(rules),
      weights: JSON.stringify(weights),
      schemes: JSON.stringify(schemes),
      patterns: JSON.stringify(patterns),
      posts: JSON.stringify(posts),
      published_by: actor.name,
      published_at: toTimestamp(actor.now),
    })
    .where('id', '=', roster.id)
    .execute()
  return version
}

export async function markEnded(
  tx: Tx,
  { id, version }: Pick<KeptRoster, 'id' | 'version'>,
  state: 'replaced' | 'withdrawn',
  at: Instant,
): Promise<number> {
  await rostersOn(tx)
    .updateTable('roster')
    .set({ state, version: version + 1, ended_at: toTimestamp(at) })
    .where('id', '=', id)
    .execute()
  return version + 1
}

/** Ends a roster before its time: the days from `untilDate` on are another's, and its rows of them go. */
export async function shortenRoster(
  tx: Tx,
  { id, version, fromDate }: Pick<KeptRoster, 'id' | 'version' | 'fromDate'>,
  untilDate: string,
): Promise<number> {
  await rostersOn(tx)
    .updateTable('roster')
    .set({ days: daysBetween(fromDate, untilDate), version: version + 1 })
    .where('id', '=', id)
    .execute()
  for (const table of ['roster_duty', 'roster_waiver'] as const)
    await rostersOn(tx).deleteFrom(table).where('roster_id', '=', id).where('date', '>=', untilDate).execute()
  return version + 1
}

export interface RosterEvent {
  readonly sequence: number
  readonly type: string
  readonly at: Instant
  readonly accountName: string
  readonly data: Readonly<Record<string, unknown>>
}

/** Adds to the timeline; the version that the event led to is its place there. */
export async function appendRosterEvent(
  tx: Tx,
  rosterId: RosterId,
  version: number,
  type: string,
  data: Readonly<Record<string, unknown>>,
  { accountId, name, now }: Pick<ActorContext, 'accountId' | 'name' | 'now'>,
): Promise<void> {
  await rostersOn(tx)
    .insertInto('roster_event')
    .values({
      roster_id: rosterId,
      sequence: version,
      type,
      at: toTimestamp(now),
      account_id: accountId,
      account_name: name,
      data: JSON.stringify(data),
    })
    .execute()
}

export async function listRosterEvents(db: Db | Tx, rosterId: string): Promise<RosterEvent[]> {
  const rows = await rostersOn(db)
    .selectFrom('roster_event')
    .selectAll()
    .where('roster_id', '=', rosterId as RosterId)
    .orderBy('sequence')
    .execute()
  return rows.map((row) => ({
    sequence: row.sequence,
    type: row.type,
    at: row.at,
    accountName: row.account_name,
    data: row.data,
  }))
}
