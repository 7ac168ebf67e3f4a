import { sql } from 'kysely'
import { localDate, type Instant } from '../../../foundation/core/instant.ts'
import { toTimestamp, type Db, type Tx } from '../../../foundation/server/db.ts'
import {
  rosteredNow,
  type DutyOption,
  type PostKind,
  type RosteredDay,
  type RosteredNow,
} from '../core/index.ts'
import { momentOf } from './duty.store.ts'

/** A day of an officer in a published roster, with its hours; leave and training are the whole day. */
export interface RosteredRow extends RosteredDay {
  readonly rosterId: string
  readonly date: string
  readonly organisationId: string
  readonly option: DutyOption
}

interface Row {
  roster_id: string
  officer_id: string
  date: string
  organisation_id: string
  kind: 'duty' | 'training' | 'leave'
  shift: string | null
  post_id: string | null
  draw: string | null
  starts_at: number | null
  ends_at: number | null
}

const COLUMNS = sql.raw(
  'd.roster_id, d.officer_id, d.date, d.organisation_id, d.kind, d.shift, d.post_id, d.draw, d.starts_at, d.ends_at',
)

const rowOf = (row: Row, timeZone: string): RosteredRow => ({
  rosterId: row.roster_id,
  officerId: row.officer_id,
  date: row.date,
  organisationId: row.organisation_id,
  kind: row.kind,
  option:
    row.kind === 'duty'
      ? {
          kind: 'duty',
          organisationId: row.organisation_id,
          shift: row.shift!,
          postId: row.post_id as never,
          draw: row.draw,
        }
      : { kind: row.kind },
  startsAt: row.starts_at ?? momentOf(row.date, 0, timeZone),
  endsAt: row.ends_at ?? momentOf(row.date, 1440, timeZone),
})

/** What a roster has for a date. */
export async function listDaysOn(
  db: Db | Tx,
  rosterId: string,
  date: string,
  timeZone: string,
): Promise<RosteredRow[]> {
  const { rows } = await sql<Row>`
    select ${COLUMNS} from roster_duty d
     where d.roster_id = ${rosterId} and d.date = ${date}::date order by d.officer_id`.execute(db)
  return rows.map((row) => rowOf(row, timeZone))
}

/** What a roster has for these officers on these dates. */
export async function listDaysOf(
  db: Db | Tx,
  rosterId: string,
  officerIds: readonly string[],
  dates: readonly string[],
  timeZone: string,
): Promise<RosteredRow[]> {
  const { rows } = await sql<Row>`
    select ${COLUMNS} from roster_duty d
     where d.roster_id = ${rosterId} and d.officer_id = any(${[...officerIds]}::text[])
       and d.date = any(${[...dates]}::date[])`.execute(db)
  return rows.map((row) => rowOf(row, timeZone))
}

/**
 * Duties of published rosters that run at a moment or begin within so many minutes, whichever date they belong to, and
 * leave and training of that moment's date.
 */
export async function listRunning(
  db: Db | Tx,
  at: Instant,
  beforeMinutes: number,
  timeZone: string,
): Promise<RosteredRow[]> {
  const { rows } = await sql<Row>`
    select ${COLUMNS} from roster_duty d join roster r on r.id = d.roster_id
     where r.state = 'published'
       and ((d.starts_at <= ${toTimestamp(at + beforeMinutes * 60_000)} and d.ends_at > ${toTimestamp(at)})
         or (d.starts_at is null and d.date = ${localDate(at, timeZone)}::date))
     order by d.officer_id, d.starts_at`.execute(db)
  return rows.map((row) => rowOf(row, timeZone))
}

/** Everybody with a day in the published roster that holds on a date: whom it has off is off, not unknown. */
export async function listRostered(db: Db | Tx, date: string): Promise<string[]> {
  const { rows } = await sql<{ officer_id: string }>`
    select distinct d.officer_id from roster_duty d join roster r on r.id = d.roster_id
     where r.state = 'published' and r.from_date <= ${date}::date and r.from_date + r.days > ${date}::date
     order by d.officer_id`.execute(db)
  return rows.map(({ officer_id }) => officer_id)
}

/** An officer's own days in published rosters, `[fromDate, untilDate)`, earliest first. */
export async function listOwnDays(
  db: Db | Tx,
  officerId: string,
  fromDate: string,
  untilDate: string,
  timeZone: string,
): Promise<RosteredRow[]> {
  const { rows } = await sql<Row>`
    select ${COLUMNS} from roster_duty d join roster r on r.id = d.roster_id
     where r.state = 'published' and d.officer_id = ${officerId}
       and d.date >= ${fromDate}::date and d.date < ${untilDate}::date
     order by d.date`.execute(db)
  return rows.map((row) => rowOf(row, timeZone))
}

/** Every day of a roster that is not off, by officer and date; of one officer where one is named. */
export async function listDaysOfRoster(
  db: Db | Tx,
  rosterId: string,
  timeZone: string,
  officerId: string | null,
): Promise<RosteredRow[]> {
  const { rows } = await sql<Row>`
    select ${COLUMNS} from roster_duty d
     where d.roster_id = ${rosterId} and (${officerId}::text is null or d.officer_id = ${officerId})
     order by d.officer_id, d.date`.execute(db)
  return rows.map((row) => rowOf(row, timeZone))
}

/** What published rosters have everybody do at a moment; duties about to begin within so many minutes have begun. */
export async function readRosteredNow(
  db: Db | Tx,
  at: Instant,
  beforeMinutes: number,
  timeZone: string,
): Promise<RosteredNow> {
  const running = await listRunning(db, at, beforeMinutes, timeZone)
  const postIds = [
    ...new Set(running.flatMap(({ option }) => (option.kind === 'duty' ? [option.postId] : []))),
  ]
  const { rows } = await sql<{ id: string; kind: PostKind; is_street: boolean }>`
    select id, kind, is_street from roster_post where id = any(${postIds}::text[])`.execute(db)
  const posts = new Map(rows.map((row) => [row.id, row]))
  return rosteredNow(
    await listRostered(db, localDate(at, timeZone)),
    running.map(({ officerId, option, startsAt, endsAt }) => {
      if (option.kind !== 'duty') return { officerId, at: { kind: option.kind } }
      // A patrol draw's place is the street.
      const post = posts.get(option.postId ?? '')
      return {
        officerId,
        at: {
          ...{ kind: 'duty', shift: option.shift, startsAt, endsAt },
          ...{ post: post?.kind ?? 'patrol', isStreet: post?.is_street ?? option.draw !== null },
        },
      }
    }),
  )
}
