import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { activeLoan, decideLoan, isLoanActive, loanEnd, servingOrganisation } from './loans.ts'
import type { Loan, LoanId, LoanSubject, OfficerId, OrganisationId, UnitId } from './types.ts'

const station = 'station' as OrganisationId
const special = 'special' as OrganisationId
const officer = { id: 'o1' as OfficerId, organisationId: station }
const unit = { id: 'u1' as UnitId, organisationId: station }
const subject: LoanSubject = { kind: 'officer', officerId: officer.id }

const loan = (startsAt: number, endsAt: number | null, over: Partial<Loan> = {}): Loan => ({
  id: `loan-${startsAt}` as LoanId,
  subject,
  fromOrganisationId: station,
  toOrganisationId: special,
  startsAt,
  endsAt,
  returnedAt: null,
  reason: 'event security',
  ...over,
})

describe('loans', () => {
  it('runs from its start, its end excluded', () => {
    expect([9, 10, 19, 20].map((at) => isLoanActive(loan(10, 20), at))).toEqual([false, true, true, false])
  })

  it('ends when returned, and never before it starts', () => {
    expect(loanEnd(loan(10, 20, { returnedAt: 15 }))).toBe(15)
    expect(loanEnd(loan(10, null))).toBe(Infinity)
    expect(loanEnd(loan(10, 20, { returnedAt: 5 }))).toBe(10)
  })

  it('puts an officer with the borrower, by the own loan before that of the unit', () => {
    const other = 'other' as OrganisationId
    const unitLoan = loan(0, null, { subject: { kind: 'unit', unitId: unit.id }, toOrganisationId: other })
    expect(servingOrganisation(officer, unit, [], 5)).toBe(station)
    expect(servingOrganisation(officer, unit, [unitLoan], 5)).toBe(other)
    expect(servingOrganisation(officer, unit, [unitLoan, loan(0, null)], 5)).toBe(special)
  })

  it('refuses to lend without reason, to the owner, or to end before it starts', () => {
    const command = {
      subject,
      fromOrganisationId: station,
      toOrganisationId: special,
      startsAt: 10,
      endsAt: 20,
      reason: 'x',
    }
    expect(decideLoan([], command)).toBeNull()
    expect(decideLoan([], { ...command, toOrganisationId: station })).toMatchObject({
      refused: 'loan-to-itself',
    })
    expect(decideLoan([], { ...command, endsAt: 10 })).toMatchObject({ refused: 'invalid-loan-term' })
    expect(decideLoan([], { ...command, reason: ' ' })).toMatchObject({ refused: 'loan-reason-required' })
  })

  it('never lends twice at one moment, and lends again as soon as the first has ended', () => {
    const term = fc.record({
      startsAt: fc.integer({ min: 0, max: 100 }),
      length: fc.option(fc.integer({ min: 1, max: 40 })),
      returnedAfter: fc.option(fc.integer({ min: 0, max: 40 })),
    })
    fc.assert(
      fc.property(fc.array(term, { maxLength: 12 }), (terms) => {
        const made: Loan[] = []
        for (const { startsAt, length, returnedAfter } of terms) {
          const asked = loan(startsAt, length === null ? null : startsAt + length)
          if (decideLoan(made, asked) === null)
            made.push({ ...asked, returnedAt: returnedAfter === null ? null : startsAt + returnedAfter })
        }
        for (let at = 0; at <= 150; at++)
          expect(made.filter((one) => isLoanActive(one, at)).length).toBeLessThanOrEqual(1)
        const last = Math.max(0, ...made.map(loanEnd))
        if (Number.isFinite(last)) expect(decideLoan(made, loan(last, null))).toBeNull()
        expect(activeLoan(made, subject, 1000)?.endsAt ?? null).toBeNull()
      }),
    )
  })
})
