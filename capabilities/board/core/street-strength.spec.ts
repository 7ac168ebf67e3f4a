import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  UNIT_STATUSES,
  type ForceBoard,
  type Loan,
  type LoanId,
  type OfficerId,
  type OrganisationId,
  type UnitId,
} from '../../force/core/index.ts'
import { drawDistrict, withOfficer, withStatus } from './district.builder.ts'
import { DEFAULT_PATROL_LEVELS, officersNeeded } from './patrol-levels.ts'
import { streetStrength } from './street-strength.ts'

const rules = {
  countingStatuses: DEFAULT_PATROL_LEVELS.countingStatuses,
  target: DEFAULT_PATROL_LEVELS.normalTarget,
}
const strengthOf = (force: ForceBoard) => streetStrength(force, rules, 0)

const officer = fc.record({
  sworn: fc.boolean(),
  capable: fc.boolean(),
  duty: fc.constantFrom('on' as const, 'off' as const),
  post: fc.constantFrom('none' as const, 'street' as const),
})
const district = fc
  .record({
    stations: fc.nat({ max: 4 }),
    units: fc.array(
      fc.record({
        of: fc.nat({ max: 4 }),
        status: fc.constantFrom(...UNIT_STATUSES),
        crew: fc.array(officer, { maxLength: 4 }),
      }),
      { maxLength: 8 },
    ),
    singles: fc.array(
      officer.chain((drawn) => fc.nat({ max: 4 }).map((of) => ({ ...drawn, of }))),
      { maxLength: 10 },
    ),
  })
  .map(drawDistrict)

describe('street strength', () => {
  it('counts officers on the street among those on duty and patrol-capable, and says where each is', () => {
    const strength = strengthOf(
      drawDistrict({
        stations: 1,
        units: [
          { of: 1, status: 'patrolling', crew: [{}, { duty: 'off' }] },
          { of: 1, status: 'briefing', crew: [{}] },
        ],
        singles: [{ of: 0 }, { of: 0, post: 'street' }, { of: 0, capable: false, post: 'street' }],
      }),
    )
    expect(strength.total).toMatchObject({ onStreet: 2, available: 4, share: 0.5, needed: 3, gap: 1 })
    expect(strength.officers.map(({ officerId, where }) => [officerId, where.kind])).toEqual([
      ['unit-0.0', 'unit-out'],
      ['unit-1.0', 'unit-in'],
      ['single-0', 'no-unit'],
      ['single-1', 'foot-post'],
    ])
    expect(strength.uncounted.map(({ officerId, because }) => [officerId, because])).toEqual([
      ['unit-0.1', 'off-duty'],
      ['single-2', 'not-patrol-capable'],
    ])
  })

  it('has no share where nobody is available, and lists every organisation all the same', () => {
    const strength = strengthOf(drawDistrict({ stations: 2, units: [], singles: [] }))
    expect(strength.total).toMatchObject({ onStreet: 0, available: 0, share: null, gap: 0 })
    expect(strength.byOrganisation.map((line) => line.organisationId)).toEqual(['org-0', 'org-1', 'org-2'])
  })

  it('counts a lent unit with the borrower', () => {
    const loan: Loan = {
      id: 'loan' as LoanId,
      subject: { kind: 'unit', unitId: 'unit-0' as UnitId },
      fromOrganisationId: 'org-1' as OrganisationId,
      toOrganisationId: 'org-2' as OrganisationId,
      startsAt: 0,
      endsAt: null,
      returnedAt: null,
      reason: 'support',
    }
    const force = drawDistrict({
      stations: 2,
      units: [{ of: 1, status: 'patrolling', crew: [{}, {}] }],
      singles: [],
    })
    const strength = strengthOf({ ...force, loans: [loan] })
    expect(strength.byOrganisation.map((line) => line.available)).toEqual([0, 0, 2])
    expect(strength.officers[0]).toMatchObject({ organisationId: 'org-2', homeOrganisationId: 'org-1' })
  })

  it('asks for whole officers: two thirds of 120 is 80, of 121 is 81', () => {
    expect(officersNeeded({ numerator: 2, denominator: 3 }, 120)).toBe(80)
    expect(officersNeeded({ numerator: 2, denominator: 3 }, 121)).toBe(81)
    expect(officersNeeded({ numerator: 1, denominator: 1 }, 7)).toBe(7)
  })

  it('lies between 0 and 1, its numerator within its denominator, its denominator on duty and capable', () => {
    fc.assert(
      fc.property(district, (force) => {
        const { total, officers, uncounted } = strengthOf(force)
        if (total.share !== null) expect(total.share >= 0 && total.share <= 1).toBe(true)
        expect(total.available).toBe(officers.length)
        expect(total.onStreet).toBe(officers.filter((one) => one.onStreet).length)
        const able = force.officers
          .filter((one) => one.duty === 'on' && one.patrolCapable)
          .map(({ id }) => id)
        expect(officers.map((one) => one.officerId)).toEqual(able)
        for (const one of uncounted) expect(able).not.toContain(one.officerId)
      }),
    )
  })

  it('adds up: the lines of the organisations make the total', () => {
    fc.assert(
      fc.property(district, (force) => {
        const { total, byOrganisation } = strengthOf(force)
        const sum = (of: (line: (typeof byOrganisation)[number]) => number) =>
          byOrganisation.reduce((so, line) => so + of(line), 0)
        expect(sum((line) => line.onStreet)).toBe(total.onStreet)
        expect(sum((line) => line.available)).toBe(total.available)
        expect(byOrganisation.length).toBe(force.organisations.length)
      }),
    )
  })

  it('never falls when a unit goes on the street or an officer takes a foot post', () => {
    fc.assert(
      fc.property(district, fc.nat(), fc.constantFrom(...rules.countingStatuses), (force, pick, status) => {
        const before = strengthOf(force).total
        const unit = force.units[pick % (force.units.length || 1)]
        if (unit) {
          const after = strengthOf(withStatus(force, unit.id, status)).total
          expect(after.onStreet).toBeGreaterThanOrEqual(before.onStreet)
          expect(after.available).toBe(before.available)
        }
        const one = force.officers[pick % (force.officers.length || 1)]
        if (one) {
          const after = strengthOf(withOfficer(force, one.id as OfficerId, { post: 'street' })).total
          expect(after.onStreet).toBeGreaterThanOrEqual(before.onStreet)
        }
      }),
    )
  })
})
