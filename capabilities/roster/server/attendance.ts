import { addDays } from '../../../foundation/core/day.ts'
import { localDate, type Instant } from '../../../foundation/core/instant.ts'
import { refuse, type Refusal } from '../../../foundation/core/outcome.ts'
import { writeAudit } from '../../../foundation/server/audit/audit.ts'
import type { Db, Tx } from '../../../foundation/server/db.ts'
import type { ActorContext } from '../../../foundation/server/http/context.ts'
import { announce } from '../../../foundation/server/outbox/outbox.ts'
import {
  attendanceFault,
  calledFor,
  compareAttendance,
  isThere,
  type AttendanceDifference,
  type AttendanceState,
  type CalledOfficer,
} from '../core/index.ts'
import { listLines, writeLines, type KeptLine } from './attendance.store.ts'
import type { LifeNeeds } from './life.needs.ts'
import { listDaysOn, listRunning, type RosteredRow } from './on-duty.store.ts'
import { readLifeRules } from './published.ts'
import { findPublishedOn } from './roster.store.ts'

/** An organisation's day: what the roster says, what was called, and where they differ. */
export interface AttendanceSheet {
  readonly date: string
  readonly rosterId: string | null
  readonly rows: readonly {
    readonly officerId: string
    readonly organisationId: string
    /** Null: the roster has nothing for them that day. */
    readonly rostered: RosteredRow | null
    /** Null: not called. */
    readonly line: KeptLine | null
  }[]
  readonly differences: readonly AttendanceDifference[]
}

/** The sheet of an organisation's date. Rostered there, or belonging there: both are on it. */
export async function readAttendance(
  db: Db | Tx,
  needs: LifeNeeds,
  date: string,
  organisationId: string,
  now: Instant,
): Promise<AttendanceSheet> {
  const roster = await findPublishedOn(db, date)
  const timeZone = needs.timeZone()
  const days = roster ? await listDaysOn(db, roster.id, date, timeZone) : []
  const officers = (await needs.listOfficers(db)).map((officer): CalledOfficer => ({
    officerId: officer.id,
    organisationId: officer.organisationId,
    duty: officer.duty,
  }))
  const dayOf = new Map(days.map((day) => [day.officerId, day]))
  const here = officers.filter(
    ({ officerId, organisationId: home }) =>
      (dayOf.get(officerId)?.organisationId ?? home) === organisationId,
  )
  const ids = here.map(({ officerId }) => officerId)
  const lines = await listLines(db, date, ids)
  const lineOf = new Map(lines.map((line) => [line.officerId, line]))
  const inRoster = here.flatMap(({ officerId }) => dayOf.get(officerId) ?? [])
  return {
    date,
    rosterId: roster?.id ?? null,
    rows: ids
      .filter((id) => dayOf.has(id) || lineOf.has(id))
      .map((officerId) => ({
        officerId,
        organisationId,
        rostered: dayOf.get(officerId) ?? null,
        line: lineOf.get(officerId) ?? null,
      })),
    differences: roster
      ? compareAttendance(
          inRoster,
          lines,
          here,
          await readLifeRules(db),
          now,
          date === localDate(now, timeZone),
          new Set(
            (await listRunning(db, now, 0, timeZone)).flatMap(({ officerId, kind }) =>
              kind === 'duty' ? [officerId] : [],
            ),
          ),
        )
      : [],
  }
}

export interface Calling {
  readonly date: string
  readonly organisationId: string
  readonly lines: readonly {
    readonly officerId: string
    readonly state: AttendanceState
    readonly at: Instant
  }[]
}

/**
 * Writes a roll call down against the roster. Whoever is there and whose shift is on goes on duty after it (the flow
 * does that). Refuses `out-of-scope` (for the organisation, or with the officers of others) and what `attendanceFault`
 * refuses; nothing of a call that is refused is kept.
 */
export async function recordAttendance(
  tx: Tx,
  actor: ActorContext,
  needs: LifeNeeds,
  { date, organisationId, lines }: Calling,
): Promise<Refusal | null> {
  if (!actor.mayFor('roster.call-roll', organisationId))
    return refuse('out-of-scope', { field: 'organisationId', detail: { organisationId } })
  const roster = await findPublishedOn(tx, date)
  const timeZone = needs.timeZone()
  const today = localDate(actor.now, timeZone)
  const officers = new Map(
    (await needs.listOfficers(tx)).map((officer) => [
      officer.id as string,
      { officerId: officer.id as string, organisationId: officer.organisationId, duty: officer.duty },
    ]),
  )
  const fault = attendanceFault({ date, lines }, { hasRoster: roster !== null, today, officers })
  if (fault) return fault
  const days = await listDaysOn(tx, roster!.id, date, timeZone)
  const dayOf = new Map(days.map((day) => [day.officerId, day]))
  const foreign = lines.filter(
    ({ officerId }) =>
      (dayOf.get(officerId)?.organisationId ?? officers.get(officerId)!.organisationId) !== organisationId,
  )
  if (foreign.length > 0)
    return refuse('out-of-scope', {
      field: 'lines',
      detail: { officerIds: foreign.map(({ officerId }) => officerId) },
    })
  const rules = await readLifeRules(tx)
  await writeLines(tx, actor, {
    rosterId: roster!.id,
    date,
    source: 'attendance',
    retainUntil: addDays(date, rules.attendanceRetentionDays),
    lines: lines.map((line) => ({ ...line, organisationId })),
  })
  const running = new Set(calledFor(days, rules, actor.now).map(({ officerId }) => officerId))
  const goOnDuty = lines.filter(
    ({ officerId, state }) =>
      isThere(state) && (running.has(officerId) || (date === today && !dayOf.has(officerId))),
  )
  await tell(
    tx,
    actor,
    { date, organisationId, lines },
    goOnDuty.map(({ officerId }) => officerId),
  )
  return null
}

/**
 * A roll call of the force is attendance too: whoever it called on duty and the roster has there now is present, where
 * nobody has said anything of them yet.
 */
export async function noteRollCall(
  tx: Tx,
  actor: ActorContext,
  needs: LifeNeeds,
  officerIds: readonly string[],
  at: Instant,
): Promise<void> {
  const rules = await readLifeRules(tx)
  const called = new Set(officerIds)
  const running = calledFor(
    await listRunning(tx, at, rules.rollCallBeforeMinutes, needs.timeZone()),
    rules,
    at,
  ) as readonly RosteredRow[]
  const groups = new Map<string, RosteredRow[]>()
  for (const row of running.filter(({ officerId }) => called.has(officerId))) {
    const key = `${row.date} ${row.organisationId}`
    groups.set(key, [...(groups.get(key) ?? []), row])
  }
  for (const rows of groups.values()) {
    const { date, organisationId, rosterId } = rows[0]!
    const lines = rows.map(({ officerId }) => ({ officerId, organisationId, state: 'present' as const, at }))
    const retainUntil = addDays(date, rules.attendanceRetentionDays)
    const written = await writeLines(tx, actor, { rosterId, date, source: 'roll-call', retainUntil, lines })
    const noted = lines.filter(({ officerId }) => written.includes(officerId))
    if (noted.length > 0) await tell(tx, actor, { date, organisationId, lines: noted }, [])
  }
}

async function tell(
  tx: Tx,
  actor: ActorContext,
  { date, organisationId, lines }: Calling,
  goOnDuty: readonly string[],
): Promise<void> {
  await writeAudit(tx, actor, {
    action: 'roster.call-roll',
    subjectKind: 'organisation',
    subjectId: organisationId,
    detail: { date, lines },
  })
  await announce(tx, {
    topic: 'attendance.recorded',
    subjectId: organisationId,
    organisationId,
    permission: 'roster.read-attendance',
    at: actor.now,
    data: { date, organisationId, goOnDuty },
  })
}
