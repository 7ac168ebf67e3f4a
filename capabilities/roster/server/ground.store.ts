import { addDays } from '../../../foundation/core/day.ts'
import type { Db, Tx } from '../../../foundation/server/db.ts'
import { readSetting } from '../../../foundation/server/settings.ts'
import {
  DEFAULT_HOLIDAYS,
  DEFAULT_ROSTER_KEEPING,
  DEFAULT_ROSTER_RULES,
  DEFAULT_ROSTER_WEIGHTS,
  HOLIDAYS_SETTING,
  ROSTER_KEEPING_SETTING,
  ROSTER_RULES_SETTING,
  ROSTER_WEIGHTS_SETTING,
  servesDuring,
  type DutyOption,
  type Holiday,
  type RosterGrid,
  type RosterGround,
  type RosterKeeping,
  type RosterOfficer,
} from '../core/index.ts'
import {
  countCarried,
  gridOf,
  listBefore,
  listDuties,
  listWaivers,
  momentOf,
  type KeptDuty,
} from './duty.store.ts'
import type { RosterNeeds } from './needs.ts'
import { listPatterns } from './pattern.store.ts'
import { listPosts } from './post.store.ts'
import { findPublishedOn, type JudgedBy, type KeptRoster } from './roster.store.ts'
import { platoonsOn, schemesOn } from './scheme.store.ts'

/** The days before a roster that rest and hours look back on. */
const DAYS_BEFORE = 7
const NOON = 12 * 60
const NONE = { draws: 0, nights: 0, weekends: 0, holidays: 0 }

/** What a ground is asked for: a roster as it stands, or days that have none yet. */
export interface Period {
  readonly fromDate: string
  readonly days: number
  readonly roster: KeptRoster | null
  /** To stay close to this one; null: to the published roster of the same days, where there is one. */
  readonly closeTo?: KeptRoster | null
}

export interface LoadedGround {
  readonly ground: RosterGround
  /** Of the roster, in rows of the ground; all off where there is none. */
  readonly grid: RosterGrid
  readonly duties: readonly KeptDuty[]
}

export async function readHolidays(db: Db | Tx): Promise<readonly Holiday[]> {
  return (await readSetting(db, HOLIDAYS_SETTING, DEFAULT_HOLIDAYS)).value.holidays
}

export async function readKeeping(db: Db | Tx): Promise<RosterKeeping> {
  const { value } = await readSetting<Partial<RosterKeeping>>(db, ROSTER_KEEPING_SETTING, {})
  return { ...DEFAULT_ROSTER_KEEPING, ...value }
}

/** What holds now on a date: rules, weights, the patterns that are followed, posts. */
export async function readJudgedBy(db: Db | Tx, date: string): Promise<JudgedBy> {
  const { value: rules } = await readSetting<object>(db, ROSTER_RULES_SETTING, {})
  const { value: weights } = await readSetting<object>(db, ROSTER_WEIGHTS_SETTING, {})
  const schemes = (await schemesOn(db, date)).map(({ organisationId, patternCode, anchorDate }) => ({
    organisationId,
    patternCode,
    anchorDate,
  }))
  const followed = new Set(schemes.map(({ patternCode }) => patternCode))
  const patterns = (await listPatterns(db)).map(({ pattern }) => pattern)
  const posts = (await listPosts(db)).map(({ version: _, ...post }) => post)
  return {
    rules: { ...DEFAULT_ROSTER_RULES, ...rules },
    weights: { ...DEFAULT_ROSTER_WEIGHTS, ...weights },
    schemes,
    patterns: patterns.filter(({ code }) => followed.has(code)),
    posts,
  }
}

/**
 * Everything a roster is made and judged by, as one value. A published roster is judged by the rules, patterns and
 * posts of its publication; people, absences and wishes are those of now.
 */
export async function loadGround(db: Db | Tx, needs: RosterNeeds, period: Period): Promise<LoadedGround> {
  const { fromDate, days, roster } = period
  const timeZone = needs.timeZone()
  const untilDate = addDays(fromDate, days)
  const judged = roster?.judged ?? (await readJudgedBy(db, fromDate))
  const duties = roster ? await listDuties(db, roster.id) : []
  const { carriedDays } = await readKeeping(db)
  const holidays = (await readHolidays(db)).map(({ date }) => date)
  const officers = await rosteredOfficers(db, needs, period, judged, duties)
  const carried = await countCarried(db, addDays(fromDate, -carriedDays), fromDate, holidays, timeZone)
  const before = await listBefore(db, fromDate, DAYS_BEFORE)
  const beforeOf = new Map<string, DutyOption[]>(
    officers.map(({ id }) => [id, new Array<DutyOption>(before.days).fill({ kind: 'off' })]),
  )
  const since = addDays(fromDate, -before.days)
  for (const { officerId, date, option } of before.duties) {
    const row = beforeOf.get(officerId)
    if (row) row[dayIndex(since, date)] = option
  }
  const known = new Set(officers.map(({ id }) => id))
  const ground: RosterGround = {
    fromDate,
    days,
    ...judged,
    officers: officers.map((officer) => ({
      ...officer,
      carried: carried.get(officer.id) ?? NONE,
      before: beforeOf.get(officer.id)!,
    })),
    absences: (await needs.listAbsences(db, fromDate, addDays(untilDate, -1))).filter(({ officerId }) =>
      known.has(officerId),
    ),
    wishes: (await needs.listWishes(db, fromDate, addDays(untilDate, -1))).filter(({ officerId }) =>
      known.has(officerId),
    ),
    holidays: holidays.filter((date) => date >= fromDate && date < untilDate),
    published: null,
    waivers: roster ? await listWaivers(db, roster.id) : [],
  }
  return {
    ground: { ...ground, published: await closeGrid(db, ground, period) },
    grid: gridOf(ground, duties),
    duties,
  }
}

const dayIndex = (from: string, date: string): number =>
  Math.round((Date.parse(date) - Date.parse(from)) / 86_400_000)

/** The grid to stay close to: of a roster that has all of these days. */
async function closeGrid(
  db: Db | Tx,
  ground: RosterGround,
  { fromDate, days, roster, closeTo }: Period,
): Promise<RosterGrid | null> {
  const close = closeTo ?? (await findPublishedOn(db, fromDate))
  if (!close || close.id === roster?.id) return null
  const hasAll = close.fromDate <= fromDate && addDays(close.fromDate, close.days) >= addDays(fromDate, days)
  return hasAll ? gridOf(ground, await listDuties(db, close.id)) : null
}

/** Who is rostered: in a platoon of whom they serve with, or with a duty in the roster; by organisation, platoon, badge. */
async function rosteredOfficers(
  db: Db | Tx,
  needs: RosterNeeds,
  { fromDate, days }: Period,
  { schemes, patterns }: JudgedBy,
  duties: readonly KeptDuty[],
): Promise<Omit<RosterOfficer, 'carried' | 'before'>[]> {
  const timeZone = needs.timeZone()
  const noons = Array.from({ length: days }, (_, day) => momentOf(addDays(fromDate, day), NOON, timeZone))
  const loans = await needs.listLoans(db, noons[0]!)
  const unitOf = new Map(
    (await needs.listUnits(db)).flatMap((unit) => unit.memberOfficerIds.map((id) => [id as string, unit])),
  )
  const platoonsOf = new Map(schemes.map(({ organisationId, patternCode }) => [organisationId, patternCode]))
  const sizeOf = new Map(patterns.map(({ code, platoons }) => [code, platoons.length]))
  const platoons = new Map(
    (await platoonsOn(db, fromDate))
      // A pattern with fewer platoons than before leaves nobody in one that is not there.
      .filter((one) => one.platoon < (sizeOf.get(platoonsOf.get(one.organisationId) ?? '') ?? 0))
      .map((one) => [`${one.organisationId} ${one.officerId}`, one.platoon]),
  )
  const withDuty = new Set(duties.map(({ officerId }) => officerId))
  const place = new Map((await needs.listOrganisations(db)).map(({ id }, index) => [id as string, index]))
  const officers = (await needs.listOfficers(db)).flatMap((officer) => {
    const organisationId = servesDuring(officer, unitOf.get(officer.id) ?? null, loans, noons)
    const platoon = platoons.get(`${organisationId} ${officer.id}`) ?? null
    if (platoon === null && !withDuty.has(officer.id)) return []
    const { id, sworn, patrolCapable, skills } = officer
    return [{ id: id as string, organisationId, sworn, patrolCapable, skills, platoon }]
  })
  // Stable: within a platoon they stay in the order of badges.
  return officers.sort(
    (a, b) =>
      (place.get(a.organisationId) ?? 0) - (place.get(b.organisationId) ?? 0) ||
      (a.platoon ?? Infinity) - (b.platoon ?? Infinity),
  )
}
