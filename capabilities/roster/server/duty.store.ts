import { sql, type Insertable } from 'kysely'
import { addDays, getDayNumber, daysBetween } from '../../../foundation/core/day.ts'
import { fromWallClock, type Instant } from '../../../foundation/core/instant.ts'
import { toTimestamp, type Db, type Tx } from '../../../foundation/server/db.ts'
import type {
  DutyOption,
  FairnessCounts,
  OpenGround,
  RosterGrid,
  RosterGround,
  RosterId,
} from '../core/index.ts'
import { rostersOn } from './pattern.store.ts'
import type { DutyOrigin, RosterTables } from './tables.ts'

/** A day of an officer that is not off. */
export interface KeptDuty {
  readonly officerId: string
  readonly date: string
  readonly option: DutyOption
  readonly origin: DutyOrigin
}

const DUTY_COLUMNS = [
  'officer_id',
  'date',
  'organisation_id',
  'kind',
  'shift',
  'post_id',
  'draw',
  'origin',
] as const

type DutyRow = Pick<Insertable<RosterTables['roster_duty']>, (typeof DUTY_COLUMNS)[number]>

const optionOf = (row: DutyRow): DutyOption =>
  row.kind === 'duty'
    ? {
        kind: 'duty',
        organisationId: row.organisation_id,
        shift: row.shift!,
        postId: row.post_id ?? null,
        draw: row.draw ?? null,
      }
    : { kind: row.kind }

/** Every day of a roster that is not off. */
export async function listDuties(db: Db | Tx, rosterId: string): Promise<KeptDuty[]> {
  const rows = await rostersOn(db)
    .selectFrom('roster_duty')
    .select(DUTY_COLUMNS)
    .where('roster_id', '=', rosterId as RosterId)
    .execute()
  return rows.map((row) => ({
    officerId: row.officer_id,
    date: row.date,
    option: optionOf(row),
    origin: row.origin,
  }))
}

/** Rows as the ground's officers, columns as its days; what the duties do not say is off. */
export function gridOf(
  { officers, fromDate, days }: Pick<RosterGround, 'officers' | 'fromDate' | 'days'>,
  duties: readonly Pick<KeptDuty, 'officerId' | 'date' | 'option'>[],
): RosterGrid {
  const rowOf = new Map(officers.map(({ id }, index) => [id, index]))
  const grid = officers.map(() => new Array<DutyOption>(days).fill({ kind: 'off' }))
  for (const { officerId, date, option } of duties) {
    const row = grid[rowOf.get(officerId) ?? -1]
    const day = daysBetween(fromDate, date)
    if (row && day >= 0 && day < days) row[day] = option
  }
  return grid
}

export interface CellWrite {
  readonly officerId: string
  readonly date: string
  readonly option: DutyOption
  /** Where the officer serves in this roster. */
  readonly organisationId: string
}

/** PostgreSQL takes 65,535 parameters in a statement. */
const AT_ONCE = 4_000

/** What says when a duty begins and ends. */
type Shifts = Pick<OpenGround, 'findShift'>

/** Makes cells what they are said to be; the caller holds the roster's lock. */
export async function writeCells(
  tx: Tx,
  rosterId: RosterId,
  shifts: Shifts,
  cells: readonly CellWrite[],
  origin: DutyOrigin,
  timeZone: string,
): Promise<void> {
  for (let from = 0; from < cells.length; from += AT_ONCE) {
    const part = cells.slice(from, from + AT_ONCE)
    await sql`
      delete from roster_duty d using unnest(
        ${part.map(({ officerId }) => officerId)}::text[], ${part.map(({ date }) => date)}::date[]
      ) as gone (officer_id, date)
      where d.roster_id = ${rosterId} and d.officer_id = gone.officer_id and d.date = gone.date`.execute(tx)
  }
  const rows = cells.flatMap((cell) => rowsOf(rosterId, shifts, cell, origin, timeZone))
  for (let from = 0; from < rows.length; from += AT_ONCE)
    await rostersOn(tx)
      .insertInto('roster_duty')
      .values(rows.slice(from, from + AT_ONCE))
      .execute()
}

function rowsOf(
  rosterId: RosterId,
  { findShift }: Shifts,
  { officerId, date, option, organisationId }: CellWrite,
  origin: DutyOrigin,
  timeZone: string,
): Insertable<RosterTables['roster_duty']>[] {
  if (option.kind === 'off') return []
  const head = { roster_id: rosterId, officer_id: officerId, date, kind: option.kind, origin }
  if (option.kind !== 'duty') return [{ ...head, organisation_id: organisationId }]
  const shift = findShift(option)
  if (!shift) throw new RangeError(`${option.organisationId} has no shift ${option.shift}`)
  return [
    {
      ...head,
      organisation_id: option.organisationId,
      shift: option.shift,
      post_id: option.postId,
      draw: option.draw,
      starts_at: toTimestamp(momentOf(date, shift.startMinute, timeZone)),
      ends_at: toTimestamp(momentOf(date, shift.startMinute + shift.lengthMinutes, timeZone)),
    },
  ]
}

/** The moment of so many minutes of the wall clock after midnight of a date; over 1440 it is a later day. */
export function momentOf(date: string, minute: number, timeZone: string): Instant {
  const [year, month, day] = addDays(date, Math.floor(minute / 1440))
    .split('-')
    .map(Number)
  const within = ((minute % 1440) + 1440) % 1440
  return fromWallClock(
    { year: year!, month: month!, day: day!, hour: Math.floor(within / 60), minute: within % 60 },
    timeZone,
  )
}

/**
 * How often officers had what is shared out fairly in published rosters on the days of `[fromDate, untilDate)`: patrol
 * draws, nights (at work before five, or past midnight), days of weekends and holidays.
 */
export async function countCarried(
  db: Db | Tx,
  fromDate: string,
  untilDate: string,
  holidays: readonly string[],
  timeZone: string,
): Promise<ReadonlyMap<string, FairnessCounts>> {
  const { rows } = await sql<FairnessCounts & { officer_id: string }>`
    select d.officer_id,
      count(*) filter (where d.draw is not null)::int as draws,
      count(*) filter (where (d.starts_at at time zone ${timeZone})::time < '05:00'
        or d.ends_at at time zone ${timeZone} > d.date + interval '1 day')::int as nights,
      count(*) filter (where extract(isodow from d.date) >= 6)::int as weekends,
      count(*) filter (where d.date = any(${[...holidays]}::date[]))::int as holidays
    from roster_duty d join roster r on r.id = d.roster_id
    where r.state = 'published' and d.kind = 'duty' and d.date >= ${fromDate}::date and d.date < ${untilDate}::date
    group by d.officer_id`.execute(db)
  return new Map(
    rows.map(({ officer_id, draws, nights, weekends, holidays: days }) => [
      officer_id,
      { draws, nights, weekends, holidays: days },
    ]),
  )
}

/** What published rosters say of days just before a date, as far back as they reach without a gap: oldest first. */
export async function listBefore(
  db: Db | Tx,
  date: string,
  most: number,
): Promise<{ readonly days: number; readonly duties: readonly KeptDuty[] }> {
  const since = addDays(date, -most)
  const covering = await rostersOn(db)
    .selectFrom('roster')
    .select(['id', 'from_date', 'days'])
    .where('state', '=', 'published')
    .where('from_date', '<', date)
    .where(sql<boolean>`${sql.ref('from_date')} + ${sql.ref('days')} > ${since}::date`)
    .execute()
  const isCovered = (day: number) =>
    covering.some((one) => {
      const first = getDayNumber(one.from_date)
      return first <= day && day < first + one.days
    })
  const end = getDayNumber(date)
  let days = 0
  while (days < most && isCovered(end - days - 1)) days++
  if (days === 0) return { days, duties: [] }
  const rows = await rostersOn(db)
    .selectFrom('roster_duty')
    .select(DUTY_COLUMNS)
    .where(
      'roster_id',
      'in',
      covering.map(({ id }) => id),
    )
    .where('date', '>=', addDays(date, -days))
    .where('date', '<', date)
    .execute()
  return {
    days,
    duties: rows.map((row) => ({
      officerId: row.officer_id,
      date: row.date,
      option: optionOf(row),
      origin: row.origin,
    })),
  }
}

/** Days of officers on which the pattern does not bind. */
export async function listWaivers(
  db: Db | Tx,
  rosterId: string,
): Promise<{ officerId: string; date: string }[]> {
  const rows = await rostersOn(db)
    .selectFrom('roster_waiver')
    .select(['officer_id', 'date'])
    .where('roster_id', '=', rosterId as RosterId)
    .execute()
  return rows.map((row) => ({ officerId: row.officer_id, date: row.date }))
}

/** From now on the pattern does not bind these days. */
export async function addWaivers(
  tx: Tx,
  rosterId: RosterId,
  days: readonly { readonly officerId: string; readonly date: string }[],
  cause: 'swap' | 'sick-call',
): Promise<void> {
  if (days.length === 0) return
  await rostersOn(tx)
    .insertInto('roster_waiver')
    .values(days.map(({ officerId, date }) => ({ roster_id: rosterId, officer_id: officerId, date, cause })))
    .onConflict((conflict) => conflict.doNothing())
    .execute()
}
