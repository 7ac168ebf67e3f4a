import { describe, expect, it } from 'vitest'
import { decideCrew, type CrewSituation } from './crew.ts'
import { decideDuty, decidePost } from './duty.ts'
import { decideParent, rootOf, withDescendants } from './organisations.ts'
import type { Loan, LoanId, OfficerId, OrganisationId, UnitId } from './types.ts'

const org = (id: string) => id as OrganisationId
const id = (text: string) => text as OfficerId
const unit = { id: 'u1' as UnitId, organisationId: org('a') }
const officers = new Map(
  [
    { id: id('lead'), organisationId: org('a'), sworn: true },
    { id: id('aux'), organisationId: org('a'), sworn: false },
    { id: id('guest'), organisationId: org('b'), sworn: true },
  ].map((officer) => [officer.id, officer]),
)
const situation = (over: Partial<CrewSituation> = {}): CrewSituation => ({
  officers,
  unitOf: new Map(),
  loans: [],
  ...over,
})
const crew = (members: string[], leader: string | null) => ({
  unit,
  memberOfficerIds: members.map(id),
  leaderOfficerId: leader === null ? null : id(leader),
})

describe('crew', () => {
  it('takes a sworn leader with auxiliaries of the same organisation', () => {
    expect(decideCrew(crew(['lead', 'aux'], 'lead'), situation(), 0)).toBeNull()
  })

  it('wants the leader to be sworn and in the crew', () => {
    expect(decideCrew(crew(['lead', 'aux'], 'aux'), situation(), 0)).toMatchObject({
      refused: 'leader-not-sworn',
    })
    expect(decideCrew(crew(['aux'], 'lead'), situation(), 0)).toMatchObject({ refused: 'leader-not-in-crew' })
  })

  it('takes nobody who is in another unit, unknown, or named twice', () => {
    const elsewhere = situation({ unitOf: new Map([[id('aux'), 'u2' as UnitId]]) })
    expect(decideCrew(crew(['aux'], null), elsewhere, 0)).toMatchObject({
      refused: 'officer-in-other-unit',
      detail: { officerId: 'aux', unitId: 'u2' },
    })
    expect(decideCrew(crew(['nobody'], null), situation(), 0)).toMatchObject({ refused: 'officer-unknown' })
    expect(decideCrew(crew(['aux', 'aux'], null), situation(), 0)).toMatchObject({
      refused: 'crew-member-twice',
    })
  })

  it('takes an officer of another organisation only while lent', () => {
    const loan: Loan = {
      id: 'l' as LoanId,
      subject: { kind: 'officer', officerId: id('guest') },
      fromOrganisationId: org('b'),
      toOrganisationId: org('a'),
      startsAt: 10,
      endsAt: 20,
      returnedAt: null,
      reason: 'support',
    }
    const lent = situation({ loans: [loan] })
    expect(decideCrew(crew(['guest'], 'guest'), lent, 15)).toBeNull()
    expect(decideCrew(crew(['guest'], 'guest'), lent, 20)).toMatchObject({
      refused: 'officer-of-other-organisation',
    })
  })
})

describe('duty and foot posts', () => {
  const isOut = (status: string) => status === 'patrolling'

  it('ends a foot post when the officer goes off duty', () => {
    expect(decideDuty({ id: id('lead'), duty: 'on', post: 'street' }, 'off')).toEqual({
      duty: 'off',
      post: 'none',
    })
    expect(decideDuty({ id: id('lead'), duty: 'on', post: 'none' }, 'on')).toBeNull()
  })

  it('gives a foot post only to who is on duty and not out with a unit', () => {
    const free = { id: id('lead'), duty: 'on', post: 'none' } as const
    expect(decidePost(free, 'street', null, isOut)).toEqual({ post: 'street' })
    expect(decidePost(free, 'street', { id: unit.id, status: 'out-of-service' }, isOut)).toEqual({
      post: 'street',
    })
    expect(decidePost(free, 'street', { id: unit.id, status: 'patrolling' }, isOut)).toMatchObject({
      refused: 'officer-out-with-unit',
    })
    expect(decidePost({ ...free, duty: 'off' }, 'street', null, isOut)).toMatchObject({
      refused: 'officer-off-duty',
    })
  })
})

describe('organisation tree', () => {
  const tree = [
    { id: org('bureau'), parentId: null },
    { id: org('a'), parentId: org('bureau') },
    { id: org('a1'), parentId: org('a') },
  ]
  it('knows what is below and what is on top', () => {
    expect([...withDescendants(tree, org('a'))]).toEqual(['a', 'a1'])
    expect(rootOf(tree, org('a1'))).toBe('bureau')
  })
  it('refuses a circle and an unknown parent', () => {
    expect(decideParent(tree, org('bureau'), org('a1'))).toMatchObject({ refused: 'organisation-circle' })
    expect(decideParent(tree, org('a1'), org('x'))).toMatchObject({ refused: 'organisation-parent-unknown' })
    expect(decideParent(tree, org('a1'), org('bureau'))).toBeNull()
  })
})
