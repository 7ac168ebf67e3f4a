import { addDays } from '../../../foundation/core/day.ts'
import { localDate } from '../../../foundation/core/instant.ts'
import { isRefusal, refuse, type Refusal } from '../../../foundation/core/outcome.ts'
import { writeAudit } from '../../../foundation/server/audit/audit.ts'
import type { Tx } from '../../../foundation/server/db.ts'
import type { ActorContext } from '../../../foundation/server/http/context.ts'
import { matchVersion } from '../../../foundation/server/http/route.ts'
import { newId } from '../../../foundation/server/ids.ts'
import { announce } from '../../../foundation/server/outbox/outbox.ts'
import {
  absenceDates,
  absenceFault,
  absenceOption,
  decideAbsence,
  type Absence,
  type AbsenceCommand,
  type AbsenceId,
  type AbsenceKind,
  type LifeRules,
} from '../core/index.ts'
import { findAbsence, insertAbsence, lockAbsencesOf, updateAbsence } from './absence.store.ts'
import type { LifeNeeds } from './life.needs.ts'
import {
  cellAt,
  changePublished,
  holdsOn,
  officerActedFor,
  officerIn,
  openPublished,
  readLifeRules,
  textFault,
  type Published,
} from './published.ts'

export interface AbsenceAsked {
  readonly officerId: string | undefined
  readonly kind: AbsenceKind
  readonly fromDate: string
  readonly untilDate: string
  readonly note: string | null
}

/** Asks for an absence. Refuses what `officerActedFor`, `textFault` and `absenceFault` refuse. */
export async function askAbsence(
  tx: Tx,
  actor: ActorContext,
  needs: LifeNeeds,
  asked: AbsenceAsked,
): Promise<Absence | Refusal> {
  const officer = await officerActedFor(tx, actor, needs, asked.officerId, 'roster.decide')
  if (isRefusal(officer)) return officer
  const period = { ...asked, officerId: officer.id as string, note: asked.note?.trim() || null }
  const rules = await readLifeRules(tx)
  const others = await lockAbsencesOf(tx, officer.id)
  const today = localDate(actor.now, needs.timeZone())
  const fault = textFault(needs, { note: period.note }) ?? absenceFault(period, others, rules, today)
  if (fault) return fault
  const absence: Absence = {
    ...period,
    id: newId<AbsenceId>(actor.now),
    organisationId: officer.organisationId,
    state: 'requested',
    requested: { accountId: actor.accountId, name: actor.name, at: actor.now },
    decided: null,
    decisionReason: null,
    version: 1,
  }
  await insertAbsence(tx, absence, retainUntil(absence, rules))
  await record(tx, actor, absence, 'roster.ask-absence')
  return absence
}

const retainUntil = ({ untilDate }: Pick<Absence, 'untilDate'>, rules: LifeRules) =>
  addDays(untilDate, rules.absenceRetentionDays)

export type AbsenceAnswer =
  | { readonly do: 'approve'; readonly acceptGaps: boolean }
  | { readonly do: 'refuse'; readonly reason: string }
  | { readonly do: 'withdraw' }

/**
 * Grants, refuses or takes back an absence. Granted days stand in published rosters from then on, and the gaps that
 * they leave are breaches there; taken back, days still to come are off again. An If-Match that is sent is kept.
 * Refuses `not-found`, `version-conflict` and what `decideAbsence` refuses.
 */
export async function answerAbsence(
  tx: Tx,
  actor: ActorContext,
  needs: LifeNeeds,
  id: string,
  answer: AbsenceAnswer,
  ifMatch: number | null = null,
): Promise<Absence | Refusal> {
  const seen = await findAbsence(tx, id)
  if (!seen) return refuse('not-found')
  if (answer.do === 'refuse') {
    const fault = textFault(needs, { reason: answer.reason })
    if (fault) return fault
  }
  // Rosters first, absences after: the order in which everybody locks. Only a plain «no» touches no roster.
  const rosters = answer.do === 'refuse' ? [] : await openPublished(tx, needs, seen.fromDate, seen.untilDate)
  const standing = await lockAbsencesOf(tx, seen.officerId)
  const absence = standing.find((one) => one.id === seen.id) ?? (await findAbsence(tx, id))!
  const stale = ifMatch === null ? null : matchVersion(ifMatch, absence.version)
  if (stale) return stale
  const rules = await readLifeRules(tx)
  const today = localDate(actor.now, needs.timeZone())
  const command: AbsenceCommand =
    answer.do === 'approve'
      ? {
          ...answer,
          rosteredDates: rosters.flatMap((published) =>
            datesIn(published, absence, absence.fromDate).filter(
              (date) => cellAt(published, { officerId: absence.officerId, date }).kind === 'duty',
            ),
          ),
          granted: standing.filter((one) => one.state === 'approved' && one.id !== absence.id),
        }
      : answer
  const by = {
    officerId: actor.officerId,
    mayDecide: actor.mayFor('roster.decide', absence.organisationId),
  }
  const decided = decideAbsence(absence, command, by, rules, today)
  if (isRefusal(decided)) return decided
  const after: Absence = {
    ...absence,
    state: decided.state,
    decided: { accountId: actor.accountId, name: actor.name, at: actor.now },
    decisionReason: decided.reason,
    version: absence.version + 1,
  }
  await updateAbsence(tx, after)
  if (after.state === 'approved' || absence.state === 'approved')
    for (const published of rosters) await keepRoster(tx, actor, needs, published, absence, after, today)
  await record(tx, actor, after, `roster.${answer.do}-absence`, decided.reason)
  await announceDecided(tx, actor, after)
  return after
}

const datesIn = (published: Published, absence: Absence, from: string) =>
  officerIn(published, absence.officerId) === null
    ? []
    : absenceDates(absence, from).filter((date) => holdsOn(published, date))

/** What a granted or taken back absence is in a published roster. */
async function keepRoster(
  tx: Tx,
  actor: ActorContext,
  needs: LifeNeeds,
  published: Published,
  before: Absence,
  after: Absence,
  today: string,
): Promise<void> {
  const { officerId } = after
  const isGranted = after.state === 'approved'
  const option = isGranted ? absenceOption(after.kind) : ({ kind: 'off' } as const)
  const held = absenceOption(before.kind).kind
  const cells = datesIn(published, after, isGranted ? after.fromDate : today)
    .filter((date) => isGranted || cellAt(published, { officerId, date }).kind === held)
    .map((date) => ({ officerId, date, option }))
  await changePublished(tx, actor, needs, published, {
    cells,
    origin: 'hand',
    type: isGranted ? 'absence-granted' : 'absence-withdrawn',
    data: { absenceId: after.id, officerId, dates: cells.map(({ date }) => date) },
  })
}

/** Puts down, as granted, that somebody cannot come on a day; what was granted for it already is enough. */
export async function grantUnfit(
  tx: Tx,
  actor: ActorContext,
  unfit: { readonly officerId: string; readonly organisationId: string; readonly date: string },
): Promise<void> {
  const { officerId, organisationId, date } = unfit
  const standing = await lockAbsencesOf(tx, officerId)
  if (standing.some((one) => one.state === 'approved' && one.fromDate <= date && date <= one.untilDate))
    return
  const signed = { accountId: actor.accountId, name: actor.name, at: actor.now }
  const absence: Absence = {
    ...{ id: newId<AbsenceId>(actor.now), officerId, organisationId, kind: 'unfit' },
    ...{ fromDate: date, untilDate: date, state: 'approved', note: null },
    ...{ requested: signed, decided: signed, decisionReason: null, version: 1 },
  }
  await insertAbsence(tx, absence, retainUntil(absence, await readLifeRules(tx)))
}

async function record(
  tx: Tx,
  actor: ActorContext,
  { id, officerId, kind, fromDate, untilDate, state, version }: Absence,
  action: string,
  reason: string | null = null,
): Promise<void> {
  await writeAudit(tx, actor, {
    action,
    subjectKind: 'absence',
    subjectId: id,
    ...(reason === null ? {} : { reason }),
    detail: { officerId, kind, fromDate, untilDate, state, version },
  })
}

/** To those who decide, of their organisations alone: who is away is nobody else's business. */
async function announceDecided(
  tx: Tx,
  actor: ActorContext,
  { id, organisationId, state }: Absence,
): Promise<void> {
  await announce(tx, {
    topic: 'absence.decided',
    subjectId: id,
    organisationId,
    permission: 'roster.read-absences',
    at: actor.now,
    data: { state },
  })
}
