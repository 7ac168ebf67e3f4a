import type { Instant } from '../../../foundation/core/instant.ts'
import { refuse, type Refusal } from '../../../foundation/core/outcome.ts'
import type { Loan, LoanSubject, Officer, OrganisationId, Unit } from './types.ts'

/** The moment a loan ends: returned, or its term; Infinity while neither is known. Never before its start. */
export function loanEnd(loan: Pick<Loan, 'startsAt' | 'endsAt' | 'returnedAt'>): Instant {
  return Math.max(loan.startsAt, Math.min(loan.returnedAt ?? Infinity, loan.endsAt ?? Infinity))
}

/** From its start, its end excluded. */
export const isLoanActive = (loan: Loan, at: Instant): boolean => loan.startsAt <= at && at < loanEnd(loan)

export function isSameSubject(a: LoanSubject, b: LoanSubject): boolean {
  return a.kind === 'officer'
    ? b.kind === 'officer' && a.officerId === b.officerId
    : b.kind === 'unit' && a.unitId === b.unitId
}

/** The loan under which an officer or unit serves at a moment, null at home. */
export function activeLoan(loans: readonly Loan[], subject: LoanSubject, at: Instant): Loan | null {
  return loans.find((loan) => isSameSubject(loan.subject, subject) && isLoanActive(loan, at)) ?? null
}

/** Where a unit serves now: with the borrower while lent, else at home. */
export function servingOrganisationOfUnit(
  unit: Pick<Unit, 'id' | 'organisationId'>,
  loans: readonly Loan[],
  at: Instant,
): OrganisationId {
  return activeLoan(loans, { kind: 'unit', unitId: unit.id }, at)?.toOrganisationId ?? unit.organisationId
}

/** Where an officer serves now: own loan first, then the loan of the unit they are in, else at home. */
export function servingOrganisation(
  officer: Pick<Officer, 'id' | 'organisationId'>,
  unit: Pick<Unit, 'id' | 'organisationId'> | null,
  loans: readonly Loan[],
  at: Instant,
): OrganisationId {
  const own = activeLoan(loans, { kind: 'officer', officerId: officer.id }, at)
  const unitLoan = unit && activeLoan(loans, { kind: 'unit', unitId: unit.id }, at)
  return own?.toOrganisationId ?? unitLoan?.toOrganisationId ?? officer.organisationId
}

export interface LendCommand {
  readonly subject: LoanSubject
  readonly fromOrganisationId: OrganisationId
  readonly toOrganisationId: OrganisationId
  readonly startsAt: Instant
  readonly endsAt: Instant | null
  readonly reason: string
}

/**
 * Null where the loan may be made. Refuses `loan-to-itself`, `invalid-loan-term`, `loan-reason-required`,
 * and `loan-overlaps` with the loan in the way. The table holds the same rule as an exclusion constraint.
 */
export function decideLoan(existing: readonly Loan[], command: LendCommand): Refusal | null {
  if (command.fromOrganisationId === command.toOrganisationId)
    return refuse('loan-to-itself', { field: 'toOrganisationId' })
  if (command.endsAt !== null && command.endsAt <= command.startsAt)
    return refuse('invalid-loan-term', { field: 'endsAt' })
  if (command.reason.trim() === '') return refuse('loan-reason-required', { field: 'reason' })
  const end = command.endsAt ?? Infinity
  const inTheWay = existing.find(
    (loan) =>
      isSameSubject(loan.subject, command.subject) &&
      loan.startsAt < loanEnd(loan) &&
      loan.startsAt < end &&
      command.startsAt < loanEnd(loan),
  )
  if (inTheWay)
    return refuse('loan-overlaps', {
      field: 'startsAt',
      detail: { loanId: inTheWay.id, toOrganisationId: inTheWay.toOrganisationId },
    })
  return null
}
