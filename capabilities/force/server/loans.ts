import { refuse, type Refusal } from '../../../foundation/core/outcome.ts'
import { writeAudit } from '../../../foundation/server/audit/audit.ts'
import type { Tx } from '../../../foundation/server/db.ts'
import { toIso, type Instant } from '../../../foundation/core/instant.ts'
import type { ActorContext } from '../../../foundation/server/http/context.ts'
import { announce } from '../../../foundation/server/outbox/outbox.ts'
import {
  decideLoan,
  type LendCommand,
  type Loan,
  type LoanSubject,
  type OrganisationId,
} from '../core/index.ts'
import { announceUnit } from './commands.ts'
import { insertLoan, listLoansOf, lockDueLoans, lockLoan, markLoan, subjectId } from './loan.store.ts'
import { endMemberships } from './register.store.ts'
import { findOrganisation, findUnit, listUnitsOfOfficers, lockOfficer, lockUnit } from './store.ts'

export type LendRequest = Omit<LendCommand, 'fromOrganisationId'>

/**
 * Lends an officer or a unit to another organisation. An officer leaves the crew at home when the loan begins.
 * Refuses `not-found`, `out-of-scope`, `organisation-unknown` and what `decideLoan` refuses.
 */
export async function lend(tx: Tx, actor: ActorContext, request: LendRequest): Promise<Loan | Refusal> {
  const fromOrganisationId = await lockHome(tx, request.subject)
  if (fromOrganisationId === null)
    return refuse('not-found', { field: 'subject', detail: { subject: request.subject } })
  if (!actor.mayFor('force.lend', fromOrganisationId))
    return refuse('out-of-scope', { field: 'subject', detail: { organisationId: fromOrganisationId } })
  if (!(await findOrganisation(tx, request.toOrganisationId)))
    return refuse('organisation-unknown', {
      field: 'toOrganisationId',
      detail: { organisationId: request.toOrganisationId },
    })
  const command: LendCommand = { ...request, fromOrganisationId }
  const refused = decideLoan(await listLoansOf(tx, request.subject), command)
  if (refused) return refused
  const id = await insertLoan(tx, command)
  const loan = (await lockLoan(tx, id))!
  await writeAudit(tx, actor, {
    action: 'force.lend',
    subjectKind: request.subject.kind,
    subjectId: subjectId(request.subject),
    reason: request.reason,
    detail: { loanId: id, fromOrganisationId, toOrganisationId: request.toOrganisationId },
  })
  await announceLoan(tx, 'loan.made', loan, actor.now)
  if (loan.startsAt <= actor.now) await begin(tx, loan, actor.now)
  return loan
}

/** Brings a loan to its end now. Refuses `not-found`, `out-of-scope` and `loan-over`. Either side may return it. */
export async function returnLoan(tx: Tx, actor: ActorContext, id: string): Promise<Loan | Refusal> {
  const loan = await lockLoan(tx, id)
  if (!loan) return refuse('not-found', { detail: { loanId: id } })
  const mine = [loan.fromOrganisationId, loan.toOrganisationId].some((side) =>
    actor.mayFor('force.lend', side),
  )
  if (!mine) return refuse('out-of-scope', { detail: { loanId: id } })
  if (loan.returnedAt !== null || (loan.endsAt !== null && loan.endsAt <= actor.now))
    return refuse('loan-over', { detail: { loanId: id } })
  await markLoan(tx, loan.id, { returnedAt: actor.now })
  await writeAudit(tx, actor, {
    action: 'force.return-loan',
    subjectKind: loan.subject.kind,
    subjectId: subjectId(loan.subject),
    detail: { loanId: loan.id },
  })
  const returned = { ...loan, returnedAt: actor.now }
  await end(tx, returned, actor.now)
  return returned
}

/** Gives the loans whose beginning or end has come their effect. For the timer. */
export async function settleLoans(tx: Tx, now: Instant): Promise<void> {
  const due = await lockDueLoans(tx, now)
  for (const id of due.begin) await begin(tx, (await lockLoan(tx, id))!, now)
  for (const id of due.end) await end(tx, (await lockLoan(tx, id))!, now)
}

/** Locks the one to be lent, so that two loans of one subject stand in line; gives where they belong. */
async function lockHome(tx: Tx, subject: LoanSubject): Promise<OrganisationId | null> {
  const locked =
    subject.kind === 'officer' ? await lockOfficer(tx, subject.officerId) : await lockUnit(tx, subject.unitId)
  return locked?.organisationId ?? null
}

async function begin(tx: Tx, loan: Loan, now: Instant): Promise<void> {
  await markLoan(tx, loan.id, { begunAt: now })
  await leaveCrew(tx, loan.subject, loan.toOrganisationId, now)
}

async function end(tx: Tx, loan: Loan, now: Instant): Promise<void> {
  await markLoan(tx, loan.id, { overAt: now })
  await leaveCrew(tx, loan.subject, loan.fromOrganisationId, now)
  await announceLoan(tx, 'loan.returned', loan, now)
}

/** An officer who goes over to another organisation, or comes back, leaves a crew that is not of the one now served. */
async function leaveCrew(tx: Tx, subject: LoanSubject, serves: OrganisationId, now: Instant): Promise<void> {
  if (subject.kind === 'unit') return
  const unitId = (await listUnitsOfOfficers(tx, [subject.officerId])).get(subject.officerId)
  const unit = unitId === undefined ? null : await findUnit(tx, unitId)
  if (!unit || unit.organisationId === serves) return
  await endMemberships(tx, [subject.officerId], now)
  await announceUnit(tx, now, unit, 'changed')
}

async function announceLoan(
  tx: Tx,
  topic: 'loan.made' | 'loan.returned',
  loan: Loan,
  at: Instant,
): Promise<void> {
  await announce(tx, {
    topic,
    subjectId: loan.id,
    organisationId: null,
    permission: 'force.read',
    at,
    data: {
      subject: loan.subject,
      fromOrganisationId: loan.fromOrganisationId,
      toOrganisationId: loan.toOrganisationId,
      startsAt: toIso(loan.startsAt),
      endsAt: loan.endsAt === null ? null : toIso(loan.endsAt),
    },
  })
}
